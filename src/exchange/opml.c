/*
 * OPML in and out. Files in the wild lie about their encoding and write "&" bare: the bytes become
 * UTF-8 first, as a browser would read them, and bare ampersands are escaped before expat sees
 * them. Anything expat still refuses is told with its line; nothing is taken from half a list.
 */
#include "exchange/exchange.h"

#include <expat.h>
#include <string.h>

#include "base/list.h"
#include "base/map.h"
#include "text/charset.h"
#include "text/escape.h"
#include "text/url.h"
#include "text/utf8.h"

enum { MAX_DEPTH = 64 };

struct opml {
	struct arena *a;
	XML_Parser parser;
	struct list sources;
	struct map urls;
	struct str folders[MAX_DEPTH]; /* title of the outline at each depth; empty: a feed's */
	int depth;
	bool seen_opml, too_deep, too_many;
};

static struct str attribute(const char **attributes, const char *name)
{
	for (; *attributes; attributes += 2)
		if (str_eq_nocase(str_of(*attributes), str_of(name)))
			return str_trim(str_of(attributes[1]));
	return (struct str){ 0 };
}

/* The name inside its text, whichever attribute has it; some writers escape twice. */
static struct str name_of(struct opml *o, const char **attributes)
{
	struct str name = attribute(attributes, "title");

	if (name.len == 0)
		name = attribute(attributes, "text");
	if (name.len == 0)
		name = attribute(attributes, "name");
	return utf8_squeeze(o->a, html_unescape(o->a, name));
}

/* "/News/Asia,/x" of a category attribute: its first path's last part. */
static struct str category_of(struct opml *o, const char **attributes)
{
	struct str paths = attribute(attributes, "category"), first = { 0 };

	str_split(&paths, ',', &first);
	size_t slash = str_rfind_ch(first, '/');
	if (slash != STR_NONE && slash + 1 < first.len)
		first = str_from(first, slash + 1);
	return utf8_squeeze(o->a, first);
}

static void add_source(struct opml *o, struct str url, const char **attributes)
{
	struct url parsed;
	struct err err;

	if (str_has_prefix_nocase(url, S("feed:")))
		url = url_is_http(str_from(url, 5))
			      ? str_from(url, 5)
			      : arena_strf(o->a, "https:%.*s", STR_FMT(str_from(url, 5)));
	if (!url_is_http(url) || url_parse(o->a, url, &parsed, &err) < 0)
		return;
	if (map_get(&o->urls, parsed.href))
		return;
	if (o->sources.count >= EXCHANGE_MAX_SOURCES) {
		o->too_many = true;
		return;
	}
	*map_put(&o->urls, parsed.href) = o;
	struct source *s = list_add(&o->sources);
	*s = (struct source){ .url = parsed.href,
			      .name = name_of(o, attributes),
			      .full_text = true,
			      .look_again = true };
	struct str home = attribute(attributes, "htmlUrl");
	if (url_is_http(home) && url_parse(o->a, home, &parsed, &err) == 0)
		s->home_url = parsed.href;
	for (int i = o->depth - 1; i >= 0 && s->category.len == 0; i--)
		s->category = o->folders[i];
	if (s->category.len == 0)
		s->category = category_of(o, attributes);
}

static void on_start(void *data, const char *element, const char **attributes)
{
	struct opml *o = data;
	struct str name = str_of(element), url;

	if (str_eq_nocase(name, S("opml")))
		o->seen_opml = true;
	if (!str_eq_nocase(name, S("outline")))
		return;
	if (o->depth >= MAX_DEPTH) {
		o->too_deep = true;
		XML_StopParser(o->parser, XML_FALSE);
		return;
	}
	url = attribute(attributes, "xmlUrl");
	if (url.len == 0 && str_eq_nocase(attribute(attributes, "type"), S("rss")))
		url = attribute(attributes, "url");
	o->folders[o->depth] = url.len > 0 ? (struct str){ 0 } : name_of(o, attributes);
	if (url.len > 0)
		add_source(o, arena_str(o->a, url), attributes);
	o->depth++;
}

static void on_end(void *data, const char *element)
{
	struct opml *o = data;

	if (str_eq_nocase(str_of(element), S("outline")) && o->depth > 0)
		o->depth--;
}

/* No entity of a list's own is needed; expanding them is how small files become large. */
static void on_entity(void *data, const XML_Char *name, int is_parameter, const XML_Char *value,
		      int len, const XML_Char *base, const XML_Char *system_id,
		      const XML_Char *public_id, const XML_Char *notation)
{
	struct opml *o = data;

	(void)name, (void)is_parameter, (void)value, (void)len, (void)base, (void)system_id,
		(void)public_id, (void)notation;
	XML_StopParser(o->parser, XML_FALSE);
}

static bool is_reference(struct str s)
{
	size_t i = 1;

	if (i < s.len && s.ptr[i] == '#')
		i++;
	size_t from = i;
	while (i < s.len && i < 12 && ch_is_alnum(s.ptr[i]))
		i++;
	return i > from && i < s.len && s.ptr[i] == ';';
}

/*
 * UTF-8 without a declaration, controls and bare ampersands; HTML's names for characters are
 * decoded, since XML knows five of them only.
 */
static struct str clean(struct arena *a, struct str bytes)
{
	static const struct str five[] = { STR("&amp;"),  STR("&lt;"),   STR("&gt;"),
					   STR("&quot;"), STR("&apos;"), STR("&#") };
	struct charset charset;
	struct buf out;

	struct str s = utf8_clean(
		a, charset_to_utf8(a, bytes, (struct str){ 0 }, charset_of_xml(bytes), &charset));
	s = str_trim(s);
	if (str_has_prefix(s, S("<?xml"))) {
		size_t end = str_find(s, S("?>"));
		s = end == STR_NONE ? s : str_trim(str_from(s, end + 2));
	}
	buf_init(&out, 2 * (size_t)EXCHANGE_MAX_BYTES);
	for (size_t i = 0; i < s.len; i++) {
		struct str rest = str_from(s, i);
		bool known = s.ptr[i] != '&';

		for (size_t k = 0; !known && k < sizeof(five) / sizeof(five[0]); k++)
			known = str_has_prefix(rest, five[k]) && is_reference(rest);
		if (!known && is_reference(rest)) {
			size_t end = str_find_ch(rest, ';') + 1;
			struct str decoded = html_unescape(a, str_sub(rest, 0, end));

			if (!str_eq(decoded, str_sub(rest, 0, end))) {
				buf_add_xml(&out, decoded);
				i += end - 1;
				continue;
			}
		}
		if (!known)
			buf_add_cstr(&out, "&amp;");
		else if ((unsigned char)s.ptr[i] >= ' ' || ch_is_space(s.ptr[i]))
			buf_add_ch(&out, s.ptr[i]);
	}
	struct str cleaned = arena_str(a, buf_str(&out));
	buf_fini(&out);
	return cleaned;
}

/* expat counts lines of what clean made, which are those of the file but for a declaration on lines
 * of its own. */
static int fail(struct opml *o, struct err *err)
{
	if (o->too_deep)
		return err_set(err, ERR_LIMIT, "OPML nested deeper than %d outlines", MAX_DEPTH);
	if (XML_GetErrorCode(o->parser) == XML_ERROR_ABORTED)
		return err_set(err, ERR_INPUT, "OPML with entities of its own is not read");
	return err_set(err, ERR_INPUT, "not OPML: line %lu: %s",
		       XML_GetCurrentLineNumber(o->parser),
		       XML_ErrorString(XML_GetErrorCode(o->parser)));
}

int opml_parse(struct arena *a, struct str bytes, struct source **out, size_t *count,
	       struct err *err)
{
	struct opml o = { .a = a };
	int rc = 0;

	*out = NULL;
	*count = 0;
	if (bytes.len > EXCHANGE_MAX_BYTES)
		return err_set(err, ERR_LIMIT, "OPML larger than %d bytes", EXCHANGE_MAX_BYTES);
	struct str text = clean(a, bytes);
	list_init(&o.sources, sizeof(struct source));
	map_init(&o.urls);
	o.parser = XML_ParserCreate("UTF-8");
	XML_SetUserData(o.parser, &o);
	XML_SetElementHandler(o.parser, on_start, on_end);
	XML_SetEntityDeclHandler(o.parser, on_entity);
	if (XML_Parse(o.parser, text.ptr ? text.ptr : "", (int)text.len, 1) != XML_STATUS_OK)
		rc = fail(&o, err);
	else if (!o.seen_opml)
		rc = err_set(err, ERR_INPUT, "not OPML: no <opml> element");
	else if (o.too_many)
		rc = err_set(err, ERR_LIMIT, "OPML with more than %d sources",
			     EXCHANGE_MAX_SOURCES);
	else if (o.sources.count == 0)
		rc = err_set(err, ERR_INPUT,
			     "OPML without one outline that has the address of a feed (xmlUrl)");
	if (rc == 0) {
		*count = o.sources.count;
		*out = arena_array(a, *count, sizeof(**out));
		memcpy(*out, o.sources.items, *count * sizeof(**out));
	}
	XML_ParserFree(o.parser);
	map_fini(&o.urls);
	list_fini(&o.sources);
	return rc;
}

static void add_attribute(struct buf *out, const char *name, struct str value)
{
	if (value.len == 0)
		return;
	buf_addf(out, " %s=\"", name);
	buf_add_xml(out, value);
	buf_add_ch(out, '"');
}

static void add_outline(struct buf *out, const char *indent, const struct source *s)
{
	buf_addf(out, "%s<outline type=\"rss\"", indent);
	add_attribute(out, "text", s->name);
	add_attribute(out, "title", s->name);
	add_attribute(out, "xmlUrl", s->url);
	add_attribute(out, "htmlUrl", s->home_url);
	buf_add_cstr(out, "/>\n");
}

static bool in_folder(const struct source *s)
{
	return s->category.len > 0 && !str_eq(s->category, s->name);
}

void opml_print(struct buf *out, struct str title, const struct source *sources, size_t count)
{
	struct map done;

	map_init(&done);
	buf_add_cstr(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml "
			  "version=\"2.0\">\n<head>\n\t<title>");
	buf_add_xml(out, title);
	buf_add_cstr(out, "</title>\n</head>\n<body>\n");
	for (size_t i = 0; i < count; i++) {
		if (!in_folder(&sources[i])) {
			add_outline(out, "\t", &sources[i]);
			continue;
		}
		if (map_get(&done, sources[i].category))
			continue;
		*map_put(&done, sources[i].category) = out;
		buf_add_cstr(out, "\t<outline");
		add_attribute(out, "text", sources[i].category);
		add_attribute(out, "title", sources[i].category);
		buf_add_cstr(out, ">\n");
		for (size_t j = i; j < count; j++)
			if (in_folder(&sources[j]) &&
			    str_eq(sources[j].category, sources[i].category))
				add_outline(out, "\t\t", &sources[j]);
		buf_add_cstr(out, "\t</outline>\n");
	}
	buf_add_cstr(out, "</body>\n</opml>\n");
	map_fini(&done);
}
