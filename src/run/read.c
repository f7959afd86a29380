/*
 * Each entry and each page is read in the reader's scratch arena; who keeps what it gives copies
 * it.
 */
#include "run/read.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "page/page.h"
#include "page/sanitize.h"
#include "text/date.h"
#include "text/escape.h"
#include "text/url.h"
#include "text/utf8.h"

enum {
	FULL_BESIDE_SUMMARY =
		600, /* bytes of text from which a feed is taken to carry the article */
	FULL_PARAGRAPHS = 1200,
	FULL_ALONE = 2500,
	MAX_HTML_BYTES = 8 << 20,
	MAX_TITLE_BYTES = 120 /* of a title made from the text */
};

struct reader {
	struct page_extractor *extractor;
	struct sanitizer *sanitizer; /* made when it is needed: page sanitizes what it extracts */
	const struct learnt *learnt;
	bool extracted, fragment; /* since the last scratch, and what */
	struct arena scratch;
	struct buf html;
};

struct reader *reader_new(void)
{
	struct reader *r = mem_alloc(sizeof(*r));

	r->extractor = page_new();
	arena_init(&r->scratch);
	buf_init(&r->html, MAX_HTML_BYTES);
	return r;
}

void reader_free(struct reader **r)
{
	if (!*r)
		return;
	buf_fini(&(*r)->html);
	arena_fini(&(*r)->scratch);
	sanitize_free(&(*r)->sanitizer);
	page_free(&(*r)->extractor);
	mem_free(*r);
	*r = NULL;
}

struct arena *reader_scratch(struct reader *r)
{
	arena_reset(&r->scratch);
	r->extracted = false;
	return &r->scratch;
}

void reader_use(struct reader *r, const struct learnt *learnt)
{
	r->learnt = learnt;
}

void reader_lesson(const struct reader *r, struct arena *a, struct lesson *out)
{
	*out = (struct lesson){ 0 };
	if (r->extracted)
		page_lesson(r->extractor, a, out);
	out->fragment = r->fragment;
}

/* --- text
 * ------------------------------------------------------------------------------------------- */

/* Plain text as paragraphs of markup. */
static struct str markup_of_text(struct reader *r, struct str text)
{
	struct buf b;
	struct str line;
	bool open = false;

	buf_init(&b, MAX_HTML_BYTES);
	while (str_split(&text, '\n', &line)) {
		line = str_trim(line);
		if (!line.len) {
			open = false;
			continue;
		}
		buf_add_cstr(&b, open ? "<br>" : "<p>");
		buf_add_html(&b, line);
		open = true;
	}
	struct str markup = arena_str(&r->scratch, buf_str(&b));
	buf_fini(&b);
	return markup;
}

static struct str sanitized(struct reader *r, struct str html, struct str base)
{
	struct err err;

	if (!r->sanitizer)
		r->sanitizer = sanitize_new();
	buf_reset(&r->html);
	if (sanitize_html(r->sanitizer, html, base, &r->html, &err) < 0)
		return (struct str){ 0 };
	return arena_str(&r->scratch, buf_str(&r->html));
}

/* Text and markup of art from what a feed carries. */
void reader_content(struct reader *r, const struct source *source, struct str markup,
		    struct str base, struct article *art)
{
	struct page_result page = { 0 };
	struct page_options opt = {
		.url = base.len ? base : source->url,
		.zone_min = source->zone_min,
		.keep = source->keep,
		.drop = source->drop,
		.fragment = true,
		.title = art->title,
	};
	struct err err;

	if (!str_trim(markup).len)
		return;
	page_use(r->extractor, r->learnt ? r->learnt->known.entries : NULL);
	r->extracted = r->fragment = true;
	if (page_extract(r->extractor, &r->scratch, markup, &opt, &page, &err) == 0 &&
	    page.article.text.len) {
		art->text = page.article.text;
		art->html = page.article.html;
	} else {
		art->text = html_text(&r->scratch, markup);
		art->html = sanitized(r, markup, opt.url);
	}
	if (page.article.dateline.text.len)
		art->dateline = page.article.dateline;
	if (art->published == TIME_UNSTATED) {
		art->published = page.article.published;
		art->published_offset_min = page.article.published_offset_min;
		art->published_from = page.article.published_from;
	}
	if (!art->credits.count)
		art->credits = page.article.credits;
	/* The reporter whom the dateline names, where the feed names nobody. */
	if (!art->authors.count) {
		art->authors = page.article.authors;
		art->authors_from = page.article.authors_from;
	}
	/* Keywords that stand under the text are the article's; a feed's categories are often
	 * sections. */
	if (page.article.keywords.count) {
		if (!art->section.len && art->keywords.count == 1)
			art->section = art->keywords.items[0];
		art->keywords = page.article.keywords;
		art->keywords_from = page.article.keywords_from;
	}
	/* Of a feed's content only a picture the article shows is its own: the rest is icons of
	 * what surrounded it. */
	if (!art->image.len && str_contains(art->html, page.article.image))
		art->image = page.article.image;
	if (!art->language.len) {
		art->language = page.article.language;
		art->language_from = page.article.language_from;
	}
	art->text_from = FROM_FEED;
}

static bool ends_short(struct str text)
{
	static const struct str ends[] = { STR("…"),     STR("..."),        STR("[…]"),
					   STR("[...]"), STR("[&hellip;]"), STR("……") };

	text = str_trim(text);
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (str_has_suffix(text, ends[i]))
			return true;
	return false;
}

static size_t count_paragraphs(struct str text)
{
	size_t n = text.len > 0;

	for (size_t at; (at = str_find(text, S("\n\n"))) != STR_NONE; text = str_from(text, at + 2))
		n++;
	return n;
}

/*
 * Beside a summary, content is all of the article unless it is very short. An element that stands
 * alone may be either: it is taken for the article when it is long, or of several paragraphs and
 * not short. To be wrong costs a request, for of two texts the longer is kept.
 */
bool reader_is_full(const struct source *source, const struct entry *e, const struct article *art)
{
	bool content = e->content_html.len || e->content_text.len;

	if (!url_is_http(e->link) || !source->full_text)
		return true;
	if (ends_short(art->text))
		return false;
	if (content && e->summary.len)
		return art->text.len >= FULL_BESIDE_SUMMARY;
	return art->text.len >= FULL_ALONE ||
	       (art->text.len >= FULL_PARAGRAPHS && count_paragraphs(art->text) >= 3);
}

/* Where nobody states when, and the text does not say it: what the address says. */
static void date_from_address(const struct source *source, struct article *art)
{
	struct date d;

	if (art->published != TIME_UNSTATED)
		return;
	if (!date_of_url(art->fetched_url, source->zone_min, &d))
		return;
	art->published = d.ms;
	art->published_offset_min = d.offset_min;
	art->published_from = FROM_URL;
}

/* Entries of feeds that have no titles are known by how they begin. */
static void title_from_text(struct reader *r, struct article *art)
{
	struct str line = str_sub(art->text, 0, str_find_ch(art->text, '\n'));
	struct str cut = utf8_cut(line, MAX_TITLE_BYTES);

	if (art->title.len || !line.len)
		return;
	art->title = cut.len < line.len ? arena_strf(&r->scratch, "%.*s…", STR_FMT(cut)) : cut;
	art->title_from = FROM_TEXT;
}

void reader_entry(struct reader *r, const struct source *source, const struct entry *e,
		  struct article *art)
{
	bool content = e->content_html.len || e->content_text.len;

	*art = (struct article){
		.url = url_is_http(e->link) ? url_canonical(&r->scratch, e->link)
					    : (struct str){ 0 },
		.fetched_url = e->link,
		.source = source->key,
		.guid = e->id,
		.title = e->title,
		.language = e->language,
		.image = e->image,
		.authors = e->authors,
		.keywords = e->tags,
		.attachments = e->attachments,
		.published = e->published,
		.published_offset_min = e->published_offset_min,
		.modified = e->modified,
		.gone = TIME_UNSTATED,
		.title_from = FROM_FEED,
		.published_from = e->published == TIME_UNSTATED ? FROM_NOWHERE : FROM_FEED,
		.authors_from = e->authors.count ? FROM_FEED : FROM_NOWHERE,
		.keywords_from = e->tags.count ? FROM_FEED : FROM_NOWHERE,
		.language_from = e->language.len ? FROM_FEED : FROM_NOWHERE,
	};
	struct str base = e->content_base.len ? e->content_base : e->link;
	struct str summary = e->summary_is_text ? e->summary : html_text(&r->scratch, e->summary);
	if (e->content_html.len)
		reader_content(r, source, e->content_html, base, art);
	else if (content)
		reader_content(r, source, markup_of_text(r, e->content_text), base, art);
	else if (e->summary_is_text)
		reader_content(r, source, markup_of_text(r, e->summary), base, art);
	else
		reader_content(r, source, e->summary, base, art);
	if (content || !str_eq(summary, art->text))
		art->summary = summary;
	title_from_text(r, art);
	date_from_address(source, art);
}

/* --- pages
 * ------------------------------------------------------------------------------------------ */

static bool is_front(struct arena *a, struct str address)
{
	struct url u;
	struct err err;

	return url_parse(a, address, &u, &err) == 0 && (u.path.len <= 1 && !u.query.len);
}

static void fill_str(struct str *have, struct str other)
{
	if (!have->len)
		*have = other;
}

/* Does the feed say when more exactly? A page often shows only the day of it. */
static bool feed_knows_when(const struct article *art, const struct article *feed)
{
	const int64_t day = INT64_C(86400000);

	if (feed->published == TIME_UNSTATED)
		return false;
	/* The feed's own word, or what we made of its address and text? */
	if (art->published != TIME_UNSTATED && feed->published_from != FROM_FEED)
		return false;
	if (art->published == TIME_UNSTATED || art->published_from == FROM_TEXT ||
	    art->published_from == FROM_URL)
		return true;
	return (art->published + art->published_offset_min * INT64_C(60000)) % day == 0 &&
	       feed->published > art->published - day && feed->published < art->published + 2 * day;
}

/* What the page does not say, the feed may. */
static void fill_from_feed(struct article *art, const struct article *feed)
{
	if (!art->title.len) {
		art->title = feed->title;
		art->title_from = feed->title_from;
	}
	if (feed_knows_when(art, feed)) {
		art->published = feed->published;
		art->published_offset_min = feed->published_offset_min;
		art->published_from = feed->published_from;
	}
	if (art->modified == TIME_UNSTATED)
		art->modified = feed->modified;
	if (!art->authors.count) {
		art->authors = feed->authors;
		art->authors_from = feed->authors_from;
	}
	if (!art->keywords.count) {
		art->keywords = feed->keywords;
		art->keywords_from = feed->keywords_from;
	}
	if (!art->language.len) {
		art->language = feed->language;
		art->language_from = feed->language_from;
	}
	if (!art->attachments.count)
		art->attachments = feed->attachments;
	if (!art->credits.count)
		art->credits = feed->credits;
	if (!art->dateline.text.len)
		art->dateline = feed->dateline;
	fill_str(&art->summary, feed->summary);
	fill_str(&art->image, feed->image);
}

/* The page's address: its canonical one, unless that is the front page, which every page of some
 * sites names. */
static struct str address_of_page(struct reader *r, const struct page_result *page,
				  struct str final_url)
{
	struct str canonical = page->canonical_url;

	if (!canonical.len ||
	    (is_front(&r->scratch, canonical) && !is_front(&r->scratch, final_url)))
		canonical = final_url;
	return url_canonical(&r->scratch, canonical);
}

/* An article out of the page, or the reason why there is none. */
bool reader_page(struct reader *r, const struct source *source, const struct capture *c,
		 struct str bytes, const struct article *feed, struct article *out,
		 struct page_seen *seen, char *reason, size_t reason_size)
{
	struct page_result page = { 0 };
	struct page_options opt = {
		.url = c->final_url,
		.content_type = c->content_type,
		.zone_min = source->zone_min,
		.keep = source->keep,
		.drop = source->drop,
		.title = feed->title,
	};
	struct err err = { 0 };

	*seen = (struct page_seen){ 0 };
	if (is_front(&r->scratch, c->final_url) && !is_front(&r->scratch, c->url)) {
		seen->gone = true;
		snprintf(reason, reason_size, "it leads to the front page");
		return false;
	}
	page_use(r->extractor, r->learnt ? r->learnt->known.pages : NULL);
	r->extracted = true;
	r->fragment = false;
	if (page_extract(r->extractor, &r->scratch, bytes, &opt, &page, &err) < 0 ||
	    page.kind != PAGE_ARTICLE) {
		seen->gone = page.kind == PAGE_ERROR ||
			     (page.kind == PAGE_NO_ARTICLE && !str_eq(c->url, c->final_url));
		snprintf(reason, reason_size, "%.159s", err.msg[0] ? err.msg : "no article");
		return false;
	}
	*out = page.article;
	seen->title = page.stated_title;
	out->url = address_of_page(r, &page, c->final_url);
	out->fetched_url = c->final_url;
	out->source = feed->source;
	out->guid = feed->guid;
	out->gone = TIME_UNSTATED;
	/* The text that has more of the article; the page's where they are about as long. */
	if (feed->text.len > out->text.len + out->text.len / 5) {
		out->text = feed->text;
		out->html = feed->html;
		out->text_from = feed->text_from;
	} else if (out->text_from == FROM_NOWHERE) {
		out->text_from = FROM_PAGE;
	}
	fill_from_feed(out, feed);
	date_from_address(source, out);
	return true;
}

bool reader_says(const struct reader *r, struct str text)
{
	return page_says(r->extractor, text);
}
