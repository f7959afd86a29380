/*
 * fields - dates, keywords, image, site, section, licence: each from the first place that has it
 * and is believed.
 */
#include <string.h>

#include "page/private.h"
#include "text/date.h"
#include "text/escape.h"
#include "text/url.h"
#include "text/utf8.h"

/* ---- dates */

struct when {
	struct date date;
	enum origin from;
};

/* Takes a candidate where there is none yet, or where it knows the time of the same day and what is
 * there does not. */
static void offer(struct page_extractor *x, struct when *best, struct str text, enum origin from)
{
	struct date d;

	if (text.len == 0 || text.len > 200 || !date_parse(text, x->opt->zone_min, &d) ||
	    d.ms == TIME_UNSTATED)
		return;
	if (d.ms < INT64_C(0) || d.ms > INT64_C(4102444800000))
		return;
	bool same_day = best->from && d.ms / 86400000 - best->date.ms / 86400000 <= 1 &&
			best->date.ms / 86400000 - d.ms / 86400000 <= 1;
	bool better = best->from == FROM_NOWHERE ||
		      (same_day && d.has & DATE_HAS_TIME && !(best->date.has & DATE_HAS_TIME));
	if (better)
		*best = (struct when){ d, from };
}

static bool has_any(struct str value, const char *const *words)
{
	for (; *words; words++)
		if (str_contains_nocase(value, str_of(*words)))
			return true;
	return false;
}

static bool looks_modified(const struct node *n)
{
	static const char *const words[] = { "modif", "updat", "aktualis", "aenderung", NULL };

	return has_any(node_attr(n->dom, "itemprop"), words) ||
	       has_any(node_attr_id(n->dom, LXB_DOM_ATTR_CLASS), words);
}

/* <time datetime>, itemprop=datePublished, and elements that call themselves a date, near the
 * headline first. */
static void dates_in_page(struct page_extractor *x, struct when *published, struct when *modified)
{
	const struct tree *t = &x->tree;
	uint32_t limit = t->nodes[x->root].end, from = x->h1 > 400 ? x->h1 - 400 : 0;

	for (int pass = 0; pass < 3 && !(published->date.has & DATE_HAS_TIME); pass++)
		for (uint32_t i = from; i < limit; i++) {
			const struct node *n = &t->nodes[i];
			struct str value = { 0 }, prop = { 0 };

			if (n->flags & NODE_TEXT)
				continue;
			bool is_time = n->tag == LXB_TAG_TIME,
			     is_date = n->kinds & CLASS_BIT(CLASS_DATE);
			if (pass == 0 ? !(n->flags & (NODE_ITEMPROP | NODE_DATED))
				      : !is_date && (pass == 2 || !is_time))
				continue;
			if (pass < 2 && (is_time || is_date)) {
				prop = node_attr(n->dom, "itemprop");
				value = node_attr(n->dom, "datetime");
				if (!value.len)
					value = node_attr_id(n->dom, LXB_DOM_ATTR_CONTENT);
			}
			if (pass == 0 && !str_eq_nocase(prop, S("datePublished")) &&
			    !str_has_prefix_nocase(node_attr(n->dom, "pubdate"), S("pub")))
				continue;
			if (pass == 1 && !is_time && !value.len)
				continue;
			if (n->kinds & (CLASS_BIT(CLASS_RELATED) | CLASS_BIT(CLASS_COMMENT)))
				continue;
			if (!value.len && n->chars < 120 && n->chars > 5)
				value = node_text(x, i);
			if (!value.len)
				continue;
			offer(x, looks_modified(n) ? modified : published, value, FROM_MICRODATA);
			if (published->from && pass == 2)
				break;
		}
}

/* A year, or two numbers a point, stroke or hyphen apart: what a date cannot be without. */
static bool may_be_date(struct str s)
{
	size_t run = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (ch_is_digit(s.ptr[i])) {
			if (++run == 4)
				return true;
			continue;
		}
		if (run && i + 1 < s.len && strchr("./-", s.ptr[i]) && ch_is_digit(s.ptr[i + 1]))
			return true;
		/* 3月5日, and its Korean sister */
		if (run && (str_has_prefix(str_from(s, i), S("月")) ||
			    str_has_prefix(str_from(s, i), S("월"))))
			return true;
		run = 0;
	}
	return false;
}

/* A date in the short texts around the headline: "Beijing, 23 January 2023 10:04". */
static void date_in_text(struct page_extractor *x, struct when *published)
{
	const struct tree *t = &x->tree;
	size_t from = 0, to = t->nodes[x->root].block + 6, seen = 0;

	if (x->h1)
		from = t->nodes[x->h1].block > 12 ? t->nodes[x->h1].block - 12 : 0;
	if (x->h1 && t->nodes[x->h1].block + 25 > to)
		to = t->nodes[x->h1].block + 25;
	/* What calls itself a date; any short text there; at last, within the article, one that has
	 * the time, too. */
	for (int pass = 0; pass < 3 && !published->from; pass++) {
		if (pass == 2) {
			from = t->nodes[x->root].block > 20 ? t->nodes[x->root].block - 20 : 0;
			to = t->nodes[x->root].block_end + 20;
		}
		for (size_t i = from; i < to && i < t->block_count && seen < 600; i++, seen++) {
			const struct block *b = &t->blocks[i];
			struct date d;

			if (b->len > 300 || b->chars < 6 ||
			    (pass < 2 && b->link_chars * 2 > b->chars) ||
			    !may_be_date(block_text(t, b)))
				continue;
			if (pass == 0 && !(b->cues & CUE_BIT(CUE_DATE)) &&
			    !(b->kinds & CLASS_BIT(CLASS_DATE)))
				continue;
			if (!date_find(block_text(t, b), x->opt->zone_min, &d) || d.ms < 0 ||
			    (pass == 2 && !(d.has & DATE_HAS_TIME)))
				continue;
			*published = (struct when){ d, FROM_TEXT };
			break;
		}
	}
}

/* The day that stands behind a report, often with its editors: "（編輯：高照芬）1120123". */
static void date_at_end_of_text(struct page_extractor *x, struct when *published)
{
	const struct tree *t = &x->tree;
	const struct node *root = &t->nodes[x->root];

	for (size_t i = root->block_end; i-- > root->block;) {
		struct date d;

		if (!date_at_end(block_text(t, &t->blocks[i]), x->opt->zone_min, &d))
			continue;
		*published = (struct when){ d, FROM_TEXT };
		return;
	}
}

void field_dates(struct page_extractor *x)
{
	struct when published = { .date = { .ms = TIME_UNSTATED } }, modified = published;
	struct article *art = &x->out->article;

	offer(x, &published, x->ld.published, FROM_JSONLD);
	offer(x, &published, x->meta.published, FROM_META);
	offer(x, &modified, x->ld.modified, FROM_JSONLD);
	offer(x, &modified, x->meta.modified, FROM_META);
	if (!(published.date.has & DATE_HAS_TIME) && !x->opt->fragment)
		dates_in_page(x, &published, &modified);
	if (!published.from && !x->opt->fragment)
		date_in_text(x, &published);
	if (!published.from)
		date_at_end_of_text(x, &published);
	struct date d;
	if (!published.from && date_of_url(x->url, x->opt->zone_min, &d) && d.ms != TIME_UNSTATED)
		published = (struct when){ d, FROM_URL };
	art->published = published.from ? published.date.ms : TIME_UNSTATED;
	art->published_offset_min = published.date.offset_min;
	art->published_from = published.from;
	art->modified = modified.from ? modified.date.ms : TIME_UNSTATED;
}

/* ---- keywords */

struct topics {
	struct page_extractor *x;
	struct strs list;
	size_t cap;
};

/* No word of a reader's: an id, a number, a host name, a UUID. */
static bool is_machine_word(struct str s)
{
	size_t letters = 0, digits = 0;

	for (size_t i = 0; i < s.len; i++) {
		digits += ch_is_digit(s.ptr[i]);
		letters += ch_is_alpha(s.ptr[i]) || (unsigned char)s.ptr[i] >= 0x80;
	}
	if (letters == 0 || (s.len >= 30 && digits >= 6 && !str_contains(s, S(" "))))
		return true;
	return str_contains(s, S("://")) || str_has_suffix(s, S(".com")) ||
	       str_has_prefix(s, S("www."));
}

/* Off what a system of content puts before its words: "Category: Travel", "sections/sverige",
 * "#tag". */
static struct str without_namespace(struct str s)
{
	size_t colon = str_find(s, S(": ")), slash = str_find_ch(s, '/');

	if (colon == STR_NONE && str_find_ch(s, ' ') == STR_NONE)
		colon = str_find_ch(s, ':');
	if (colon != STR_NONE && vocab_in("keyword-namespace", str_sub(s, 0, colon)))
		s = str_trim(str_from(s, colon + 1));
	else if (slash != STR_NONE && vocab_in("keyword-namespace", str_sub(s, 0, slash)))
		s = str_from(s, slash + 1);
	while (s.len && (s.ptr[0] == '#' || s.ptr[0] == '"' || s.ptr[0] == '\''))
		s = str_trim(str_from(s, 1));
	while (s.len &&
	       (s.ptr[s.len - 1] == '"' || s.ptr[s.len - 1] == ',' || s.ptr[s.len - 1] == '\''))
		s = str_trim(str_sub(s, 0, s.len - 1));
	return s;
}

/* The page's title among the keywords is what a system of content writes where nobody gave any. */
static bool is_the_title(struct page_extractor *x, struct str s)
{
	struct str key = name_key(x->mem, s), title = name_key(x->mem, x->out->article.title);

	return title.len >= 12 && str_has_prefix(key, title);
}

static void add_topic(struct topics *k, struct str s)
{
	s = without_namespace(utf8_squeeze(k->x->mem, s));
	if (is_the_title(k->x, s))
		return;
	if (s.len == 0 || s.len > 120 || k->list.count >= 100 || is_machine_word(s))
		return;
	for (size_t i = 0; i < k->list.count; i++)
		if (str_eq_nocase(k->list.items[i], s))
			return;
	strs_add(k->x->mem, &k->list, &k->cap, arena_str(k->x->mem, s));
}

/* A list in one string: by comma, ideographic comma or semicolon, whichever it has. */
static void add_topics(struct topics *k, struct str s)
{
	static const struct str marks[] = { STR(","), STR("，"), STR("、"),
					    STR(";"), STR("；"), STR("|") };
	struct str sep = S(",");

	if (memchr(s.ptr, '&', s.len))
		s = html_unescape(k->x->mem, s);
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (str_contains(s, marks[i])) {
			sep = marks[i];
			break;
		}
	while (s.len) {
		size_t at = str_find(s, sep);
		add_topic(k, str_sub(s, 0, at == STR_NONE ? s.len : at));
		if (at == STR_NONE)
			break;
		s = str_from(s, at + sep.len);
	}
}

enum { MAX_PAGE_TAGS = 25, TAGS_NEAR = 40, HEADLINE_WORDS = 5 };

static size_t count_words(struct str s)
{
	size_t n = s.len > 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.ptr[i] == ' ';
	return n;
}

/* Whether a link belongs to a block of tags: class "tags" on something small, and no menu. */
static bool is_tag_link(const struct tree *t, uint32_t link)
{
	bool tag = false;

	for (uint32_t p = link, up = 0; p != 0; p = t->nodes[p].parent, up++) {
		const struct node *n = &t->nodes[p];

		if (n->tag == LXB_TAG_NAV || n->tag == LXB_TAG_FOOTER ||
		    n->kinds & CLASS_BIT(CLASS_NAV))
			return false;
		tag |= up < 5 && n->kinds & CLASS_BIT(CLASS_TAGS) && n->chars < 600 &&
		       n->link_chars * 10 >= n->chars * 6;
	}
	return tag;
}

/* "March 2005 (12)" */
static bool is_counted(struct str s)
{
	size_t i = s.len;

	if (i < 3 || s.ptr[i - 1] != ')')
		return false;
	for (i--; i > 0 && ch_is_digit(s.ptr[i - 1]);)
		i--;
	return i > 0 && s.ptr[i - 1] == '(' && i + 1 < s.len;
}

/* Links of a block of tags in the article or near it. */
static void topics_in_page(struct topics *k)
{
	struct page_extractor *x = k->x;
	const struct tree *t = &x->tree;
	const struct node *root = &t->nodes[x->root];

	for (uint32_t i = 1; i < t->count && k->list.count <= MAX_PAGE_TAGS; i++) {
		const struct node *n = &t->nodes[i];
		bool near = n->block + TAGS_NEAR >= root->block &&
			    n->block <= root->block_end + TAGS_NEAR;

		if (n->tag != LXB_TAG_A || n->chars < 2 || n->chars > 60 || !near)
			continue;
		struct str rel = { 0 };
		if (n->flags & NODE_REL)
			rel = node_attr(n->dom, "rel");
		bool tag = str_contains(rel, S("tag")) && !str_contains(rel, S("category"));
		if (tag || is_tag_link(t, i))
			add_topic(k, node_text(x, i));
	}
	/* So many are a list of all that the site has, and so are those that are counted; such long
	 * ones are other articles. */
	size_t others = 0;
	for (size_t i = 0; i < k->list.count; i++)
		others += count_words(k->list.items[i]) >= HEADLINE_WORDS ||
			  is_counted(k->list.items[i]);
	if (k->list.count > MAX_PAGE_TAGS || others * 2 > k->list.count)
		k->list.count = 0;
}

/* One entry of many words is a list whose separators were lost: it is taken only where nothing
 * better is. */
static bool is_weak(const struct strs *list)
{
	return list->count == 0 ||
	       (list->count == 1 && count_words(list->items[0]) >= HEADLINE_WORDS);
}

void field_topics(struct page_extractor *x)
{
	struct article *art = &x->out->article;
	const struct {
		const struct strs *list;
		enum origin from;
	} places[] = {
		{ &x->ld.keywords, FROM_JSONLD },
		{ &x->meta.news_keywords, FROM_META },
		{ &x->meta.keywords, FROM_META },
		{ &x->meta.tags, FROM_META },
		{ NULL, FROM_PAGE },
	};

	for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++) {
		struct topics k = { .x = x };
		const struct strs *list = places[p].list;

		for (size_t i = 0; list && i < list->count; i++) {
			if (list->count == 1 || places[p].from == FROM_META)
				add_topics(&k, list->items[i]);
			else
				add_topic(&k, list->items[i]);
		}
		if (!list)
			topics_in_page(&k);
		if (k.list.count && (art->keywords.count == 0 || !is_weak(&k.list))) {
			art->keywords = k.list;
			art->keywords_from = places[p].from;
		}
		if (!is_weak(&art->keywords))
			return;
	}
}

/* ---- image and the rest */

static bool is_image_url(struct str s)
{
	return s.len > 4 && !str_has_prefix(s, S("data:")) && !str_contains(s, S("blank.gif"));
}

/* The first picture about the text: one that is hidden, or stands behind it all, is of something
 * else. */
static struct str image_in_text(struct page_extractor *x)
{
	static const char *const lazy[] = { "data-src", "data-original", "data-lazy-src", "src",
					    NULL };
	const struct tree *t = &x->tree;
	uint32_t end = 0;
	struct str image = { 0 };

	for (size_t i = 0; i < t->block_count; i++)
		end = t->blocks[i].keep ? t->blocks[i].last : end;
	for (uint32_t i = x->root; i < end && !is_image_url(image); i++)
		if (t->nodes[i].tag == LXB_TAG_IMG && !(t->nodes[i].flags & NODE_HIDDEN))
			for (size_t k = 0; lazy[k] && !is_image_url(image); k++)
				image = node_attr(t->nodes[i].dom, lazy[k]);
	return image;
}

void field_image(struct page_extractor *x)
{
	struct str image = x->meta.image;

	if (!is_image_url(image))
		image = x->ld.image;
	if (!is_image_url(image))
		image = image_in_text(x);
	if (is_image_url(image))
		x->out->article.image = arena_str(x->mem, url_resolve(x->mem, x->url, image));
}

void field_rest(struct page_extractor *x)
{
	struct article *art = &x->out->article;
	struct str site = x->meta.og_site.len ? x->meta.og_site : x->ld.publisher;

	if (!site.len)
		site = x->meta.app_name.len ? x->meta.app_name : x->meta.publisher;
	if (url_is_http(site))
		site = (struct str){ 0 };
	art->site_name = arena_str(x->mem, html_unescape(x->mem, site));
	art->summary = arena_str(x->mem, html_unescape(x->mem, x->meta.description.len
								       ? x->meta.description
								       : x->ld.description));
	art->section = arena_str(x->mem, x->ld.section.len ? x->ld.section : x->meta.section);
	struct str licence = x->ld.licence.len ? x->ld.licence : x->meta.licence;
	art->licence = arena_str(x->mem, licence);
	art->paywalled = x->ld.paywalled;
	struct str canonical = x->meta.canonical.len ? x->meta.canonical : x->meta.og_url;
	struct str url = url_resolve(x->mem, x->url, canonical);
	if (!canonical.len || !url_is_http(url) ||
	    (x->opt->url.len && !url_same_site(x->mem, url, x->opt->url)))
		url = x->opt->url;
	/* A page that calls the front page its canonical address is mistaken. */
	struct url parts, own;
	struct err ignored;
	if (url.len && x->opt->url.len && !str_eq(url, x->opt->url) &&
	    url_parse(x->mem, url, &parts, &ignored) == 0 && parts.path.len <= 1 &&
	    url_parse(x->mem, x->opt->url, &own, &ignored) == 0 && own.path.len > 1)
		url = x->opt->url;
	x->out->canonical_url = url.len ? url_canonical(x->mem, url) : url;
	art->url = x->out->canonical_url;
	art->fetched_url = arena_str(x->mem, x->opt->url);
}
