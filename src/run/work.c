/*
 * What a worker does: bytes of a feed to entries, bytes of a page to an article. It touches neither the network nor
 * the store nor a file, and after sandbox_parser it could not.
 *
 * Each entry is read in a scratch arena and only what is kept is copied into the batch, so that a feed of a thousand
 * entries costs what its longest does.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/sandbox.h"
#include "feed/feed.h"
#include "page/page.h"
#include "page/sanitize.h"
#include "run/private.h"
#include "source/source.h"
#include "text/escape.h"
#include "text/url.h"
#include "text/utf8.h"

enum {
	FULL_CONTENT_BYTES = 600,   /* a feed's content this long is taken for all of the article */
	FULL_SUMMARY_BYTES = 2000,  /* a summary has to be longer for that */
	MAX_HTML_BYTES = 8 << 20,
	MAX_TITLE_BYTES = 120,      /* of a title made from the text */
	MAX_DATES = 64
};

struct worker {
	struct run *run;
	struct page_extractor *extractor;
	struct sanitizer *sanitizer; /* made when it is needed: page sanitizes what it extracts */
	struct arena scratch;
	struct buf html;
};

/* --- text ------------------------------------------------------------------------------------------- */

/* Plain text as paragraphs of markup. */
static struct str markup_of_text(struct worker *w, struct str text)
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
	struct str markup = arena_str(&w->scratch, buf_str(&b));
	buf_fini(&b);
	return markup;
}

static struct str sanitized(struct worker *w, struct str html, struct str base)
{
	struct err err;

	if (!w->sanitizer)
		w->sanitizer = sanitize_new();
	buf_reset(&w->html);
	if (sanitize_html(w->sanitizer, html, base, &w->html, &err) < 0)
		return (struct str){ 0 };
	return arena_str(&w->scratch, buf_str(&w->html));
}

/* Text and markup of art from what a feed carries. */
static void read_content(struct worker *w, const struct source *source, struct str markup, struct str base,
			 struct article *art)
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
	if (page_extract(w->extractor, &w->scratch, markup, &opt, &page, &err) == 0 && page.article.text.len) {
		art->text = page.article.text;
		art->html = page.article.html;
	} else {
		art->text = html_text(&w->scratch, markup);
		art->html = sanitized(w, markup, opt.url);
	}
	if (page.article.dateline.text.len)
		art->dateline = page.article.dateline;
	if (!art->credits.count)
		art->credits = page.article.credits;
	/* The reporter whom the dateline names, where the feed names nobody. */
	if (!art->authors.count) {
		art->authors = page.article.authors;
		art->authors_from = page.article.authors_from;
	}
	if (!art->image.len)
		art->image = page.article.image;
	if (!art->language.len) {
		art->language = page.article.language;
		art->language_from = page.article.language_from;
	}
	art->text_from = FROM_FEED;
}

static bool ends_short(struct str text)
{
	static const struct str ends[] = { STR("…"), STR("..."), STR("[…]"), STR("[...]"), STR("[&hellip;]"),
					   STR("……") };

	text = str_trim(text);
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (str_has_suffix(text, ends[i]))
			return true;
	return false;
}

/* Does the feed itself carry the article? */
static bool is_full(const struct source *source, const struct entry *e, const struct article *art)
{
	bool content = e->content_html.len || e->content_text.len;

	if (!url_is_http(e->link) || !source->full_text)
		return true;
	return art->text.len >= (content ? FULL_CONTENT_BYTES : FULL_SUMMARY_BYTES) && !ends_short(art->text);
}

/* Entries of feeds that have no titles are known by how they begin. */
static void title_from_text(struct worker *w, struct article *art)
{
	struct str line = str_sub(art->text, 0, str_find_ch(art->text, '\n'));
	struct str cut = utf8_cut(line, MAX_TITLE_BYTES);

	if (art->title.len || !line.len)
		return;
	art->title = cut.len < line.len ? arena_strf(&w->scratch, "%.*s…", STR_FMT(cut)) : cut;
	art->title_from = FROM_TEXT;
}

static void article_of_entry(struct worker *w, const struct source *source, const struct entry *e,
			     struct article *art)
{
	bool content = e->content_html.len || e->content_text.len;

	*art = (struct article){
		.url = url_is_http(e->link) ? url_canonical(&w->scratch, e->link) : (struct str){ 0 },
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
	struct str summary = e->summary_is_text ? e->summary : html_text(&w->scratch, e->summary);
	if (e->content_html.len)
		read_content(w, source, e->content_html, base, art);
	else if (content)
		read_content(w, source, markup_of_text(w, e->content_text), base, art);
	else if (e->summary_is_text)
		read_content(w, source, markup_of_text(w, e->summary), base, art);
	else
		read_content(w, source, e->summary, base, art);
	if (content || !str_eq(summary, art->text))
		art->summary = summary;
	title_from_text(w, art);
}

/* --- feeds ------------------------------------------------------------------------------------------ */

struct result *result_new(enum result_kind kind, struct errand *e)
{
	struct result *res = mem_alloc(sizeof(*res));

	res->kind = kind;
	res->errand = e;
	arena_init(&res->arena);
	return res;
}

static void send(struct worker *w, struct result *res)
{
	if (!queue_push(w->run->to_write, res))
		result_free(&res);
}

struct reading {
	struct worker *worker;
	struct errand *errand;
	struct result *batch;
	int64_t dates[MAX_DATES];
	size_t date_count;
};

static struct result *new_batch(struct errand *e)
{
	struct result *res = result_new(RESULT_ENTRIES, e);

	res->items = arena_array(&res->arena, RUN_BATCH_ENTRIES, sizeof(*res->items));
	return res;
}

static void read_entry(struct reading *rd, const struct feed *feed, const struct entry *e)
{
	struct worker *w = rd->worker;
	const struct source *source = rd->errand->followed->source;
	struct found *found = &rd->batch->items[rd->batch->count++];
	struct article art;

	if (e->published != TIME_UNSTATED && rd->date_count < MAX_DATES)
		rd->dates[rd->date_count++] = e->published;
	article_of_entry(w, source, e, &art);
	if (!art.language.len && feed_info(feed)->language.len) {
		art.language = feed_info(feed)->language;
		art.language_from = FROM_FEED;
	}
	found->wants_page = !is_full(source, e, &art);
	article_copy(&rd->batch->arena, &art, &found->article);
	found->link = found->article.fetched_url;
	if (rd->batch->count == RUN_BATCH_ENTRIES || rd->batch->arena.used > RUN_BATCH_BYTES) {
		send(w, rd->batch);
		rd->batch = new_batch(rd->errand);
	}
}

static void note_feed(struct reading *rd, const struct feed_info *info)
{
	struct result *res = rd->batch;

	res->home_url = arena_str(&res->arena, info->home_page_url);
	if (info->hubs.count)
		res->hub = arena_str(&res->arena, info->hubs.items[0]);
	res->ttl_ms = info->ttl_s > 0 ? info->ttl_s * 1000 : 0;
	res->gap_ms = schedule_gap(rd->dates, rd->date_count);
}

static void work_feed(struct worker *w, struct errand *e)
{
	struct reading rd = { .worker = w, .errand = e, .batch = new_batch(e) };
	struct feed_options opt = {
		.base = e->job->capture.final_url,
		.content_type = e->job->capture.content_type,
		.zone_min = e->followed->source->zone_min,
	};
	struct feed *feed = NULL;
	struct err err = { 0 };
	struct entry entry;
	int rc = feed_open(e->job->body, &opt, &feed, &err);

	while (rc >= 0 && !atomic_load(&w->run->stopping)) {
		arena_reset(&w->scratch);
		rc = feed_next(feed, &w->scratch, &entry, &err);
		if (rc <= 0)
			break;
		read_entry(&rd, feed, &entry);
	}
	if (feed)
		note_feed(&rd, feed_info(feed));
	if (rc < 0)
		snprintf(rd.batch->reason, sizeof(rd.batch->reason), "%.159s", err.msg);
	feed_close(&feed);
	rd.batch->last = true;
	send(w, rd.batch);
}

/* --- pages ------------------------------------------------------------------------------------------ */

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
	if (art->published == TIME_UNSTATED || art->published_from == FROM_TEXT || art->published_from == FROM_URL)
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

/* The page's address: its canonical one, unless that is the front page, which every page of some sites names. */
static struct str address_of_page(struct worker *w, const struct page_result *page, struct str final_url)
{
	struct str canonical = page->canonical_url;

	if (!canonical.len || (is_front(&w->scratch, canonical) && !is_front(&w->scratch, final_url)))
		canonical = final_url;
	return url_canonical(&w->scratch, canonical);
}

/* An article out of the page, or the reason why there is none. */
static bool read_page(struct worker *w, struct errand *e, struct article *out, char *reason, size_t reason_size)
{
	const struct source *source = e->followed->source;
	const struct capture *c = &e->job->capture;
	const struct article *feed = &e->wanted->article;
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

	if (is_front(&w->scratch, c->final_url) && !is_front(&w->scratch, e->wanted->link)) {
		snprintf(reason, reason_size, "it leads to the front page");
		return false;
	}
	if (page_extract(w->extractor, &w->scratch, e->job->body, &opt, &page, &err) < 0 ||
	    page.kind != PAGE_ARTICLE) {
		snprintf(reason, reason_size, "%.159s", err.msg[0] ? err.msg : "no article");
		return false;
	}
	*out = page.article;
	out->url = address_of_page(w, &page, c->final_url);
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
	return true;
}

static void work_page(struct worker *w, struct errand *e)
{
	struct result *res = result_new(RESULT_PAGE, e);
	struct article art;

	if (!read_page(w, e, &art, res->reason, sizeof(res->reason)))
		art = e->wanted->article;
	article_copy(&res->arena, &art, &res->article);
	fetch_job_drop_body(e->job);
	send(w, res);
}

void *work_run(void *arg)
{
	struct run *r = arg;
	struct worker w = { .run = r, .extractor = page_new() };
	struct errand *e = NULL;
	struct err err;

	arena_init(&w.scratch);
	buf_init(&w.html, MAX_HTML_BYTES);
	if (sandbox_parser(&err) < 0)
		log_line(LOG_WARN, "%s", err.msg);
	while ((e = queue_pop(r->to_work))) {
		arena_reset(&w.scratch);
		if (atomic_load(&r->stopping))
			errand_free(&e);
		else if (e->wanted)
			work_page(&w, e);
		else
			work_feed(&w, e);
	}
	buf_fini(&w.html);
	arena_fini(&w.scratch);
	sanitize_free(&w.sanitizer);
	page_free(&w.extractor);
	return NULL;
}
