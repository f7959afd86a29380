/*
 * jsonld - what the page's JSON-LD says: the article's own node, and what it refers to by @id.
 *
 * Publishers' JSON is often broken in the same few ways (raw line breaks in strings, comment marks
 * around it, a comma before the end), and read as it was meant.
 */
#include <string.h>

#include "page/private.h"
#include "text/escape.h"
#include "text/json_in.h"
#include "text/utf8.h"

enum { LD_MAX_DEPTH = 12, LD_MAX_BYTES = 4 << 20, LD_MAX_NODES = 4000, LD_MAX_SCRIPTS = 64 };

struct ld_scan {
	struct page_extractor *x;
	const struct json_in *best; /* the article's node */
	int best_rank;
	const struct json_in *page; /* WebPage */
	const struct json_in *by_id[512];
	size_t id_count;
	size_t visited;
};

/* A string as plain text, in mem. */
static struct str json_plain(struct page_extractor *x, const struct json_in *v)
{
	struct str s = json_in_str(v);

	if (s.len == 0)
		return s;
	if (memchr(s.ptr, '<', s.len))
		s = html_text(x->mem, s);
	s = utf8_squeeze(x->mem, html_unescape(x->mem, s));
	return arena_str(x->mem, s);
}

/* The first string under a key: itself, of a list's first, or of an object's `inner`. */
static struct str member(struct page_extractor *x, const struct json_in *obj, const char *key,
			 const char *inner)
{
	const struct json_in *v = json_in_get(obj, key);

	if (json_in_is(v, JSON_IN_LIST))
		v = json_in_first_of_list(v);
	if (json_in_is(v, JSON_IN_OBJECT))
		v = json_in_get(v, inner);
	if (json_in_is(v, JSON_IN_LIST))
		v = json_in_first_of_list(v);
	return json_plain(x, v);
}

static const struct {
	struct str suffix;
	int rank;
} types[] = {
	{ STR("NewsArticle"), 10 }, { STR("LiveBlogPosting"), 8 }, { STR("BlogPosting"), 9 },
	{ STR("Article"), 9 },      { STR("Posting"), 6 },         { STR("Report"), 6 },
	{ STR("Review"), 5 },       { STR("TechArticle"), 9 },     { STR("Recipe"), 5 },
	{ STR("CreativeWork"), 3 }, { STR("VideoObject"), 1 },
};

static int type_rank(struct str type)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (str_has_suffix(type, types[i].suffix))
			return types[i].rank;
	return 0;
}

static int node_rank(const struct json_in *obj, bool *page)
{
	const struct json_in *type = json_in_get(obj, "@type");
	int best = 0;
	const struct json_in *v;

	if (json_in_is(type, JSON_IN_STRING)) {
		*page = str_has_suffix(json_in_str(type), S("WebPage"));
		return type_rank(json_in_str(type));
	}
	for (v = json_in_first_of_list(type); v; v = v->next) {
		int rank = type_rank(json_in_str(v));
		best = rank > best ? rank : best;
		*page |= str_has_suffix(json_in_str(v), S("WebPage"));
	}
	return best;
}

/* What stands under it is not the article itself, but beside it. */
static bool is_aside(struct str key)
{
	static const struct str keys[] = {
		STR("hasPart"),     STR("itemListElement"), STR("isPartOf"),  STR("mentions"),
		STR("relatedLink"), STR("citation"),        STR("isBasedOn"), STR("video"),
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (str_eq(key, keys[i]))
			return true;
	return false;
}

static void visit(struct ld_scan *scan, const struct json_in *v, int depth, int penalty)
{
	const struct json_in *item;
	bool page = false;

	if (depth > LD_MAX_DEPTH || ++scan->visited > LD_MAX_NODES)
		return;
	if (json_in_is(v, JSON_IN_LIST)) {
		for (item = json_in_first_of_list(v); item; item = item->next)
			visit(scan, item, depth + 1, penalty);
		return;
	}
	if (!json_in_is(v, JSON_IN_OBJECT))
		return;
	const struct json_in *id = json_in_get(v, "@id");
	if (json_in_is(id, JSON_IN_STRING) && v->count > 1 && scan->id_count < 512)
		scan->by_id[scan->id_count++] = v;
	int rank = node_rank(v, &page) * 4;
	if (rank > 0) {
		/* With a headline it is an article's own node, not a teaser's. */
		rank += (json_in_get(v, "headline") ? 2 : 0) +
			(json_in_get(v, "articleBody") ? 1 : 0) +
			(json_in_get(v, "datePublished") ? 1 : 0) - penalty;
		if (rank > scan->best_rank) {
			scan->best = v;
			scan->best_rank = rank;
		}
	}
	if (page && !scan->page)
		scan->page = v;
	for (item = json_in_first(v); item; item = item->next) {
		bool aside = is_aside(item->key);
		if (json_in_is(item, JSON_IN_OBJECT) || json_in_is(item, JSON_IN_LIST))
			visit(scan, item, depth + 1, penalty + (aside ? 20 : 0));
	}
}

/* What an {"@id": ...} alone refers to; else v. */
static const struct json_in *resolve(const struct ld_scan *scan, const struct json_in *v)
{
	struct str id = json_in_str(json_in_get(v, "@id"));

	if (!json_in_is(v, JSON_IN_OBJECT) || id.len == 0 || json_in_get(v, "name"))
		return v;
	for (size_t i = 0; i < scan->id_count; i++)
		if (str_eq(json_in_str(json_in_get(scan->by_id[i], "@id")), id))
			return scan->by_id[i];
	return v;
}

static void add_author(struct ld_scan *scan, const struct json_in *v, int depth)
{
	struct page_extractor *x = scan->x;
	const struct json_in *item;

	if (json_in_is(v, JSON_IN_LIST) && depth < 4) {
		for (item = json_in_first_of_list(v); item; item = item->next)
			add_author(scan, item, depth + 1);
		return;
	}
	v = resolve(scan, v);
	if (json_in_is(v, JSON_IN_STRING)) {
		people_add(x->mem, &x->ld.authors, S("author"), json_plain(x, v), S(""));
		return;
	}
	if (!json_in_is(v, JSON_IN_OBJECT))
		return;
	const struct json_in *name = json_in_get(v, "name");
	if (json_in_is(name, JSON_IN_LIST) || json_in_is(name, JSON_IN_OBJECT)) {
		if (depth < 4)
			add_author(scan, name, depth + 1);
		return;
	}
	struct str text = json_plain(x, name);
	bool organization = str_contains(json_in_str(json_in_get(v, "@type")), S("Organization"));
	struct str url = json_plain(x, json_in_get(v, "url"));
	if (!text.len) {
		struct str given = json_plain(x, json_in_get(v, "givenName")),
			   family = json_plain(x, json_in_get(v, "familyName"));
		if (given.len && family.len)
			text = arena_strf(x->mem, "%.*s %.*s", STR_FMT(given), STR_FMT(family));
	}
	if (text.len)
		people_add(x->mem, &x->ld.authors, organization ? S("organization") : S("author"),
			   text, url);
}

static void add_keywords(struct ld_scan *scan, const struct json_in *v)
{
	struct page_extractor *x = scan->x;
	const struct json_in *item;

	if (json_in_is(v, JSON_IN_LIST)) {
		for (item = json_in_first_of_list(v); item; item = item->next) {
			struct str s = json_in_is(item, JSON_IN_OBJECT)
					       ? json_plain(x, json_in_get(item, "name"))
					       : json_plain(x, item);
			if (s.len && x->ld.keywords.count < 200)
				strs_add(x->mem, &x->ld.keywords, &x->ld.keyword_cap, s);
		}
		return;
	}
	struct str s = json_plain(x, v);
	if (s.len)
		strs_add(x->mem, &x->ld.keywords, &x->ld.keyword_cap, s);
}

/* An image: a string, an object with url, a list of either; the widest where widths are stated. */
static struct str image_of(struct ld_scan *scan, const struct json_in *v, int64_t *width)
{
	struct page_extractor *x = scan->x;
	struct str best = { 0 };
	int64_t best_width = -1;
	const struct json_in *item;

	*width = 0;
	if (json_in_is(v, JSON_IN_LIST)) {
		for (item = json_in_first_of_list(v); item; item = item->next) {
			int64_t w = 0;
			struct str s = json_in_is(item, JSON_IN_LIST) ? (struct str){ 0 }
								      : image_of(scan, item, &w);
			if (s.len && w > best_width) {
				best = s;
				best_width = w;
			}
		}
		return best;
	}
	if (json_in_is(v, JSON_IN_STRING))
		return json_plain(x, v);
	v = resolve(scan, v);
	const struct json_in *w = json_in_get(v, "width");
	if (!str_to_i64(json_in_is(w, JSON_IN_NUMBER) ? w->text : json_in_str(w), 0, 1 << 20,
			width))
		*width = 0;
	struct str s = json_plain(x, json_in_get(v, "url"));
	return s.len ? s : json_plain(x, json_in_get(v, "contentUrl"));
}

static bool is_false(const struct json_in *v)
{
	struct str s = json_in_str(v);

	return json_in_is(v, JSON_IN_FALSE) || str_eq_nocase(s, S("false")) ||
	       str_has_suffix(s, S("schema.org/False"));
}

static void take_article(struct ld_scan *scan, const struct json_in *v)
{
	struct page_extractor *x = scan->x;
	struct ld *ld = &x->ld;
	int64_t width = 0;

	ld->headline = member(x, v, "headline", "@value");
	ld->alternative = member(x, v, "alternativeHeadline", "@value");
	if (!ld->headline.len)
		ld->headline = member(x, v, "name", "@value");
	ld->description = member(x, v, "description", "@value");
	ld->section = member(x, v, "articleSection", "name");
	ld->language = member(x, v, "inLanguage", "alternateName");
	ld->published = member(x, v, "datePublished", "@value");
	if (!ld->published.len)
		ld->published = member(x, v, "dateCreated", "@value");
	ld->modified = member(x, v, "dateModified", "@value");
	ld->licence = member(x, v, "license", "url");
	ld->url = member(x, v, "url", "@id");
	ld->publisher =
		json_plain(x, json_in_get(resolve(scan, json_in_get(v, "publisher")), "name"));
	struct str body = json_in_str(json_in_get(v, "articleBody"));
	if (body.len)
		ld->body = arena_str(x->mem, body);
	add_author(scan, json_in_get(v, "author"), 0);
	if (ld->authors.count == 0)
		add_author(scan, json_in_get(v, "creator"), 0);
	add_keywords(scan, json_in_get(v, "keywords"));
	ld->image = image_of(scan, json_in_get(v, "image"), &width);
	ld->paywalled = is_false(json_in_get(v, "isAccessibleForFree"));
	ld->has_article = true;
}

void ld_read(struct page_extractor *x)
{
	struct ld_scan scan = { .x = x };

	arena_reset(&x->json);
	for (size_t i = 0; i < x->meta.ld_count && i < LD_MAX_SCRIPTS; i++) {
		struct str text = str_trim(script_text(x, x->meta.ld_scripts[i]));
		const struct json_in *root = NULL;

		if (text.len <= LD_MAX_BYTES)
			root = json_in_read(&x->json, text, true);
		if (root)
			visit(&scan, root, 0, 0);
	}
	if (scan.best && scan.best_rank > 0)
		take_article(&scan, scan.best);
	if (scan.page) {
		struct ld *ld = &x->ld;

		ld->page_name = member(x, scan.page, "name", "@value");
		if (!ld->published.len)
			ld->published = member(x, scan.page, "datePublished", "@value");
		if (!ld->modified.len)
			ld->modified = member(x, scan.page, "dateModified", "@value");
		if (!ld->language.len)
			ld->language = member(x, scan.page, "inLanguage", "alternateName");
	}
}
