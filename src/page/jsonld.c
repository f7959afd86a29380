/*
 * jsonld - what the page's JSON-LD says: the article's own node, and what it refers to by @id.
 *
 * Publishers' JSON is often broken in the same few ways (raw line breaks in strings, comment marks
 * around it, a comma before the end): what jansson refuses is mended once and tried again.
 */
#include <string.h>

#include "page/private.h"
#include "text/escape.h"
#include "text/utf8.h"

enum { LD_MAX_DEPTH = 12, LD_MAX_BYTES = 4 << 20, LD_MAX_NODES = 4000 };

struct ld_scan {
	struct page_extractor *x;
	json_t *roots[64];
	size_t root_count;
	json_t *best; /* the article's node */
	int best_rank;
	json_t *page; /* WebPage */
	json_t *by_id[512];
	size_t id_count;
	size_t visited;
};

/* Spaces for what JSON does not allow; commas before a closing bracket go. */
static struct str mend(struct arena *mem, struct str s)
{
	char *out = arena_alloc(mem, s.len + 1);
	size_t n = 0, comma = STR_NONE;
	bool in_string = false;
	size_t at = str_find_ch(s, '{'), list = str_find_ch(s, '[');

	at = list < at ? list : at;
	for (size_t i = at == STR_NONE ? s.len : at; i < s.len; i++) {
		char ch = s.ptr[i];

		if (in_string && ch == '\\' && i + 1 < s.len) {
			char next = s.ptr[++i];
			if (!strchr("\"\\/bfnrtu", next)) {
				out[n++] = next >= 0 && next < ' ' ? ' ' : next;
				continue;
			}
			out[n++] = ch;
			out[n++] = next;
			continue;
		}
		if (ch == '"')
			in_string = !in_string;
		if ((unsigned char)ch < ' ')
			ch = ' ';
		if (!in_string && (ch == '}' || ch == ']') && comma != STR_NONE)
			out[comma] = ' ';
		if (!ch_is_space(ch))
			comma = !in_string && ch == ',' ? n : STR_NONE;
		out[n++] = ch;
	}
	return str_n(out, n);
}

json_t *json_lenient(struct arena *mem, struct str s)
{
	json_error_t error;
	struct str text = str_trim(s);

	if (text.len == 0 || text.len > LD_MAX_BYTES)
		return NULL;
	json_t *root =
		json_loadb(text.ptr, text.len, JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, &error);
	if (root)
		return root;
	text = mend(mem, text);
	return text.len ? json_loadb(text.ptr, text.len, JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL,
				     &error)
			: NULL;
}

static struct str json_view(const json_t *v)
{
	return json_is_string(v) ? str_n(json_string_value(v), json_string_length(v))
				 : (struct str){ 0 };
}

/* A string as plain text, in mem. */
static struct str json_plain(struct page_extractor *x, const json_t *v)
{
	struct str s = json_view(v);

	if (s.len == 0)
		return s;
	if (memchr(s.ptr, '<', s.len))
		s = html_text(x->mem, s);
	s = utf8_squeeze(x->mem, html_unescape(x->mem, s));
	return arena_str(x->mem, s);
}

/* The first string under a key: itself, of a list's first, or of an object's `inner`. */
static struct str member(struct page_extractor *x, const json_t *obj, const char *key,
			 const char *inner)
{
	const json_t *v = json_object_get(obj, key);

	if (json_is_array(v))
		v = json_array_get(v, 0);
	if (json_is_object(v))
		v = json_object_get(v, inner);
	if (json_is_array(v))
		v = json_array_get(v, 0);
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

static int node_rank(const json_t *obj, bool *page)
{
	const json_t *type = json_object_get(obj, "@type");
	int best = 0;
	size_t i;
	json_t *v;

	if (json_is_string(type)) {
		*page = str_has_suffix(json_view(type), S("WebPage"));
		return type_rank(json_view(type));
	}
	json_array_foreach(type, i, v)
	{
		int rank = type_rank(json_view(v));
		best = rank > best ? rank : best;
		*page |= str_has_suffix(json_view(v), S("WebPage"));
	}
	return best;
}

static void visit(struct ld_scan *scan, json_t *v, int depth, int penalty)
{
	size_t i;
	json_t *item;
	const char *key;
	bool page = false;

	if (depth > LD_MAX_DEPTH || ++scan->visited > LD_MAX_NODES)
		return;
	if (json_is_array(v)) {
		json_array_foreach(v, i, item) visit(scan, item, depth + 1, penalty);
		return;
	}
	if (!json_is_object(v))
		return;
	json_t *id = json_object_get(v, "@id");
	if (json_is_string(id) && json_object_size(v) > 1 && scan->id_count < 512)
		scan->by_id[scan->id_count++] = v;
	int rank = node_rank(v, &page) * 4;
	if (rank > 0) {
		/* With a headline it is an article's own node, not a teaser's. */
		rank += (json_object_get(v, "headline") ? 2 : 0) +
			(json_object_get(v, "articleBody") ? 1 : 0) +
			(json_object_get(v, "datePublished") ? 1 : 0) - penalty;
		if (rank > scan->best_rank) {
			scan->best = v;
			scan->best_rank = rank;
		}
	}
	if (page && !scan->page)
		scan->page = v;
	json_object_foreach(v, key, item)
	{
		bool aside = strcmp(key, "hasPart") == 0 || strcmp(key, "itemListElement") == 0 ||
			     strcmp(key, "isPartOf") == 0 || strcmp(key, "mentions") == 0 ||
			     strcmp(key, "relatedLink") == 0 || strcmp(key, "citation") == 0 ||
			     strcmp(key, "isBasedOn") == 0 || strcmp(key, "video") == 0;
		if (json_is_object(item) || json_is_array(item))
			visit(scan, item, depth + 1, penalty + (aside ? 20 : 0));
	}
}

/* What an {"@id": ...} alone refers to; else v. */
static const json_t *resolve(const struct ld_scan *scan, const json_t *v)
{
	struct str id = json_view(json_object_get(v, "@id"));

	if (!json_is_object(v) || id.len == 0 || json_object_get(v, "name"))
		return v;
	for (size_t i = 0; i < scan->id_count; i++)
		if (str_eq(json_view(json_object_get(scan->by_id[i], "@id")), id))
			return scan->by_id[i];
	return v;
}

static void add_author(struct ld_scan *scan, const json_t *v, int depth)
{
	struct page_extractor *x = scan->x;
	size_t i;
	json_t *item;

	if (json_is_array(v) && depth < 4) {
		json_array_foreach(v, i, item) add_author(scan, item, depth + 1);
		return;
	}
	v = resolve(scan, v);
	if (json_is_string(v)) {
		people_add(x->mem, &x->ld.authors, S("author"), json_plain(x, v), S(""));
		return;
	}
	if (!json_is_object(v))
		return;
	const json_t *name = json_object_get(v, "name");
	if (json_is_array(name) || json_is_object(name)) {
		if (depth < 4)
			add_author(scan, name, depth + 1);
		return;
	}
	struct str text = json_plain(x, name);
	bool organization = str_contains(json_view(json_object_get(v, "@type")), S("Organization"));
	struct str url = json_plain(x, json_object_get(v, "url"));
	if (!text.len) {
		struct str given = json_plain(x, json_object_get(v, "givenName")),
			   family = json_plain(x, json_object_get(v, "familyName"));
		if (given.len && family.len)
			text = arena_strf(x->mem, "%.*s %.*s", STR_FMT(given), STR_FMT(family));
	}
	if (text.len)
		people_add(x->mem, &x->ld.authors, organization ? S("organization") : S("author"),
			   text, url);
}

static void add_keywords(struct ld_scan *scan, const json_t *v)
{
	struct page_extractor *x = scan->x;
	size_t i;
	json_t *item;

	if (json_is_array(v)) {
		json_array_foreach(v, i, item)
		{
			struct str s = json_is_object(item)
					       ? json_plain(x, json_object_get(item, "name"))
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
static struct str image_of(struct ld_scan *scan, const json_t *v, int64_t *width)
{
	struct page_extractor *x = scan->x;
	struct str best = { 0 };
	int64_t best_width = -1;
	size_t i;
	json_t *item;

	*width = 0;
	if (json_is_array(v)) {
		json_array_foreach(v, i, item)
		{
			int64_t w = 0;
			struct str s =
				json_is_array(item) ? (struct str){ 0 } : image_of(scan, item, &w);
			if (s.len && w > best_width) {
				best = s;
				best_width = w;
			}
		}
		return best;
	}
	if (json_is_string(v))
		return json_plain(x, v);
	v = resolve(scan, v);
	const json_t *w = json_object_get(v, "width");
	if (json_is_integer(w))
		*width = json_integer_value(w);
	else if (json_is_string(w) && !str_to_i64(json_view(w), 0, 1 << 20, width))
		*width = 0;
	struct str s = json_plain(x, json_object_get(v, "url"));
	return s.len ? s : json_plain(x, json_object_get(v, "contentUrl"));
}

static bool is_false(const json_t *v)
{
	struct str s = json_view(v);

	return json_is_false(v) || str_eq_nocase(s, S("false")) ||
	       str_has_suffix(s, S("schema.org/False"));
}

static void take_article(struct ld_scan *scan, const json_t *v)
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
	ld->publisher = json_plain(
		x, json_object_get(resolve(scan, json_object_get(v, "publisher")), "name"));
	struct str body = json_view(json_object_get(v, "articleBody"));
	if (body.len)
		ld->body = arena_str(x->mem, body);
	add_author(scan, json_object_get(v, "author"), 0);
	if (ld->authors.count == 0)
		add_author(scan, json_object_get(v, "creator"), 0);
	add_keywords(scan, json_object_get(v, "keywords"));
	ld->image = image_of(scan, json_object_get(v, "image"), &width);
	ld->paywalled = is_false(json_object_get(v, "isAccessibleForFree"));
	ld->has_article = true;
}

void ld_read(struct page_extractor *x)
{
	struct ld_scan scan = { .x = x };

	for (size_t i = 0; i < x->meta.ld_count && scan.root_count < 64; i++) {
		json_t *root = json_lenient(x->mem, script_text(x, x->meta.ld_scripts[i]));
		if (!root)
			continue;
		scan.roots[scan.root_count++] = root;
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
	for (size_t i = 0; i < scan.root_count; i++)
		json_decref(scan.roots[i]);
}
