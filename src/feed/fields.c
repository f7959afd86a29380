/*
 * From XML events to fields. One table says what an element means where it stands; what follows it are the few ways
 * in which a field is read. A field's text is collected until its element ends; elements inside are markup and are
 * written out again.
 */
#include <string.h>

#include "feed/private.h"
#include "text/date.h"
#include "text/escape.h"
#include "text/url.h"
#include "text/utf8.h"

/* ---- vocabularies ---- */

enum {
	NS_RSS = 1, NS_ATOM = 2, NS_RDF = 8, NS_CONTENT = 16, NS_DC = 32, NS_TERMS = 64, NS_ITUNES = 128,
	NS_MEDIA = 256, NS_SY = 512, NS_XHTML = 1024, NS_PLAY = 2048, NS_ADMIN = 4096, NS_BURNER = 8192,
	NS_OTHER = 1 << 14, NS_XMLNS = 1 << 15,
	CORE = NS_RSS | NS_ATOM, PODCAST = NS_ITUNES | NS_PLAY
};

/* Addresses without scheme, "www." and what ends them (/ and #): publishers vary these. */
static const struct {
	struct str uri;
	unsigned ns;
} namespaces[] = {
	{ STR("w3.org/2005/Atom"), NS_ATOM }, { STR("purl.org/atom/ns"), NS_ATOM },
	{ STR("purl.org/atom/app"), NS_OTHER }, { STR("purl.org/net/rss1.1"), NS_RSS },
	{ STR("purl.org/rss/1.0"), NS_RSS }, { STR("purl.org/rss/2.0"), NS_RSS },
	{ STR("my.netscape.com/rdf/simple/0.9"), NS_RSS }, { STR("channel.netscape.com/rdf/simple/0.9"), NS_RSS },
	{ STR("my.netscape.com/publish/formats/rss-0.91.dtd"), NS_RSS },
	{ STR("backend.userland.com/RSS2"), NS_RSS }, { STR("backend.userland.com/rss"), NS_RSS },
	{ STR("blogs.law.harvard.edu/tech/rss"), NS_RSS }, { STR("cyber.law.harvard.edu/rss"), NS_RSS },
	{ STR("backend.userland.com/rss/"), NS_RSS }, { STR("backend.userland.com/rss091"), NS_RSS },
	{ STR("backend.userland.com/rss092"), NS_RSS }, { STR("rssboard.org/rss-specification"), NS_RSS },
	{ STR("w3.org/1999/02/22-rdf-syntax-ns"), NS_RDF }, { STR("purl.org/rss/1.0/modules/content"), NS_CONTENT },
	{ STR("purl.org/dc/elements/1.1"), NS_DC }, { STR("purl.org/dc/elements/1.0"), NS_DC },
	{ STR("purl.org/dc/terms"), NS_TERMS }, { STR("itunes.com/dtds/podcast-1.0.dtd"), NS_ITUNES },
	{ STR("itunes.com/DTDs/PodCast-1.0.dtd"), NS_ITUNES }, { STR("example.com/dtds/podcast-1.0.dtd"), NS_ITUNES },
	{ STR("search.yahoo.com/mrss"), NS_MEDIA }, { STR("video.search.yahoo.com/mrss"), NS_MEDIA },
	{ STR("search.yahoo.com/mrss/rss.xml"), NS_MEDIA }, { STR("tools.search.yahoo.com/mrss"), NS_MEDIA },
	{ STR("purl.org/rss/1.0/modules/syndication"), NS_SY }, { STR("w3.org/1999/xhtml"), NS_XHTML },
	{ STR("google.com/schemas/play-podcasts/1.0"), NS_PLAY }, { STR("webns.net/mvcb"), NS_ADMIN },
	{ STR("rssnamespace.org/feedburner/ext/1.0"), NS_BURNER },
}, usual_prefixes[] = { /* where they are not declared, or declared as something unknown */
	{ STR("atom"), NS_ATOM }, { STR("atom10"), NS_ATOM }, { STR("rss"), NS_RSS }, { STR("rdf"), NS_RDF },
	{ STR("content"), NS_CONTENT }, { STR("dc"), NS_DC }, { STR("dcterms"), NS_TERMS },
	{ STR("itunes"), NS_ITUNES }, { STR("media"), NS_MEDIA }, { STR("sy"), NS_SY }, { STR("xhtml"), NS_XHTML },
	{ STR("googleplay"), NS_PLAY }, { STR("admin"), NS_ADMIN }, { STR("feedburner"), NS_BURNER },
};

/* ---- the table ---- */

enum what {
	IS_FEED, IS_ENTRY, IS_PASSED, IS_SKIPPED, IS_IMAGE, IS_PERSON,
	IS_TITLE, IS_LINK, IS_DESCRIPTION, IS_SUMMARY, IS_CONTENT, IS_LANGUAGE, IS_RIGHTS, IS_GENERATOR,
	IS_UPDATED, IS_PUBLISHED, IS_TTL, IS_SY_PERIOD, IS_SY_FREQUENCY, IS_ICON, IS_AUTHOR,
	IS_GUID, IS_TAG, IS_TAG_LIST, IS_TAG_ATTR, IS_COMMENTS, IS_DURATION, IS_ENCLOSURE, IS_MEDIA, IS_PEER, IS_THUMBNAIL,
	IS_ORIGINAL_LINK, IS_PERSON_NAME, IS_PERSON_URL, IS_PERSON_MAIL, IS_IMAGE_URL
};

enum { F = PLACE_FEED, E = PLACE_ENTRY, P = PLACE_PERSON, I = PLACE_IMAGE, R = PLACE_ROOT };

struct feed_rule {
	const char *name; /* local, lower case */
	unsigned ns;      /* any of these */
	unsigned places;  /* any of these */
	enum what what;
	int rank; /* of several values the highest counts, of equals the first */
};

static const struct feed_rule rules[] = {
	{ "rss", CORE, R, IS_FEED, 0 }, { "rdf", CORE | NS_RDF, R, IS_FEED, 0 },
	{ "feed", CORE, R, IS_FEED, 0 }, { "channel", CORE, R | F, IS_FEED, 0 },
	{ "item", CORE, R | F | E | I | P, IS_ENTRY, 0 }, { "entry", CORE, R | F | E | I | P, IS_ENTRY, 0 },
	{ "items", CORE, F, IS_PASSED, 0 },

	{ "title", CORE, F | E, IS_TITLE, 5 }, { "title", NS_DC | NS_TERMS, F | E, IS_TITLE, 3 },
	{ "title", NS_MEDIA, E, IS_TITLE, 1 }, { "title", PODCAST, F | E, IS_TITLE, 2 },
	{ "link", CORE, F | E, IS_LINK, 5 }, { "link", NS_ITUNES, F | E, IS_LINK, 5 },
	{ "a", NS_RSS, F | E, IS_LINK, 5 }, { "origlink", NS_BURNER, E, IS_ORIGINAL_LINK, 2 },
	{ "description", CORE, F | E, IS_DESCRIPTION, 5 }, { "abstract", CORE, F | E, IS_DESCRIPTION, 5 },
	{ "subtitle", CORE, F, IS_DESCRIPTION, 5 }, { "tagline", CORE, F, IS_DESCRIPTION, 5 },
	{ "description", NS_DC, F | E, IS_DESCRIPTION, 4 }, { "abstract", NS_TERMS, E, IS_DESCRIPTION, 4 },
	{ "summary", PODCAST, F | E, IS_SUMMARY, 3 }, { "description", PODCAST, F | E, IS_SUMMARY, 3 },
	{ "subtitle", PODCAST, F | E, IS_SUMMARY, 1 }, { "description", NS_MEDIA, E, IS_SUMMARY, 2 },
	{ "text", NS_MEDIA, E, IS_SKIPPED, 0 }, { "summary", CORE, E, IS_SUMMARY, 5 },
	{ "summary", CORE, F, IS_SUMMARY, 4 }, { "encoded", NS_CONTENT, E, IS_CONTENT, 6 },
	{ "content", CORE, E, IS_CONTENT, 5 }, { "body", CORE | NS_XHTML, E, IS_CONTENT, 4 },
	{ "div", NS_XHTML, E, IS_CONTENT, 4 }, { "fullitem", CORE, E, IS_CONTENT, 4 },
	{ "content_encoded", CORE, E, IS_CONTENT, 4 }, { "encoded", CORE, E, IS_CONTENT, 4 },

	{ "language", CORE | NS_DC | NS_TERMS, F | E, IS_LANGUAGE, 5 },
	{ "copyright", CORE, F, IS_RIGHTS, 5 }, { "rights", CORE | NS_DC | NS_TERMS, F, IS_RIGHTS, 4 },
	{ "copyright", NS_MEDIA, F, IS_RIGHTS, 2 }, { "generator", CORE, F, IS_GENERATOR, 5 },
	{ "generatoragent", NS_ADMIN, F, IS_GENERATOR, 4 },
	{ "lastbuilddate", CORE, F, IS_UPDATED, 5 }, { "updated", CORE, F | E, IS_UPDATED, 5 },
	{ "modified", CORE, F | E, IS_UPDATED, 5 }, { "modified", NS_TERMS, F | E, IS_UPDATED, 4 },
	{ "pubdate", CORE, F, IS_UPDATED, 4 }, { "published", CORE, F, IS_UPDATED, 3 },
	{ "date", CORE | NS_DC, F, IS_UPDATED, 3 }, { "issued", CORE | NS_TERMS, F, IS_UPDATED, 2 },
	{ "pubdate", CORE, E, IS_PUBLISHED, 6 }, { "published", CORE, E, IS_PUBLISHED, 6 },
	{ "issued", CORE, E, IS_PUBLISHED, 5 }, { "issued", NS_TERMS, E, IS_PUBLISHED, 4 },
	{ "date", CORE | NS_DC | NS_TERMS, E, IS_PUBLISHED, 3 }, { "created", CORE | NS_TERMS, E, IS_PUBLISHED, 2 },
	{ "published", NS_TERMS, E, IS_PUBLISHED, 3 }, { "available", NS_TERMS, E, IS_PUBLISHED, 1 },
	{ "ttl", CORE, F, IS_TTL, 0 }, { "updateperiod", NS_SY, F, IS_SY_PERIOD, 0 },
	{ "updatefrequency", NS_SY, F, IS_SY_FREQUENCY, 0 },
	{ "image", CORE, F, IS_IMAGE, 5 }, { "image", PODCAST, F, IS_IMAGE, 4 }, { "image", CORE, E, IS_IMAGE, 3 },
	{ "image", PODCAST, E, IS_IMAGE, 5 }, { "url", CORE, I, IS_IMAGE_URL, 0 },
	{ "icon", CORE, F, IS_ICON, 6 }, { "logo", CORE, F, IS_ICON, 5 }, { "logo", CORE, E, IS_SKIPPED, 0 },

	{ "author", CORE, F | E, IS_PERSON, 5 }, { "managingeditor", CORE, F, IS_AUTHOR, 4 },
	{ "creator", CORE | NS_DC | NS_TERMS, F | E, IS_AUTHOR, 4 }, { "author", NS_DC, F | E, IS_AUTHOR, 4 },
	{ "author", PODCAST, F | E, IS_AUTHOR, 2 }, { "name", CORE, P, IS_PERSON_NAME, 0 },
	{ "url", CORE, P, IS_PERSON_URL, 0 }, { "uri", CORE, P, IS_PERSON_URL, 0 },
	{ "homepage", CORE, P, IS_PERSON_URL, 0 }, { "email", CORE, P, IS_PERSON_MAIL, 0 },

	{ "guid", CORE, E, IS_GUID, 5 }, { "id", CORE, E, IS_GUID, 5 }, { "identifier", NS_DC, E, IS_GUID, 2 },
	{ "category", CORE, E, IS_TAG, 0 }, { "subject", NS_DC | NS_TERMS, E, IS_TAG, 0 },
	{ "category", NS_MEDIA, E, IS_TAG, 0 }, { "category", PODCAST, E, IS_TAG_ATTR, 0 },
	{ "keywords", PODCAST | NS_MEDIA, E, IS_TAG_LIST, 0 }, { "comments", CORE, E, IS_COMMENTS, 0 },
	{ "duration", NS_ITUNES, E, IS_DURATION, 0 }, { "enclosure", CORE, E, IS_ENCLOSURE, 0 },
	{ "content", NS_MEDIA, E, IS_MEDIA, 0 }, { "group", NS_MEDIA, E, IS_PASSED, 0 },
	{ "peerlink", NS_MEDIA, E, IS_PEER, 0 }, { "thumbnail", NS_MEDIA, E, IS_THUMBNAIL, 0 },

	{ "textinput", CORE, F, IS_SKIPPED, 0 }, { "cloud", CORE, F, IS_SKIPPED, 0 },
	{ "source", CORE, E, IS_SKIPPED, 0 },
};

static const struct feed_rule *find_rule(enum feed_place place, unsigned ns, struct str local)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].name[0] == local.ptr[0] && (rules[i].ns & ns) && (rules[i].places & (unsigned)place) &&
		    str_eq(str_of(rules[i].name), local))
			return &rules[i];
	return NULL;
}

/* ---- names ---- */

static unsigned ns_of_uri(struct str uri)
{
	static const struct str fronts[] = { STR("http://"), STR("https://"), STR("www.") };

	uri = str_trim(uri);
	for (size_t i = 0; i < 3; i++)
		if (str_has_prefix_nocase(uri, fronts[i]))
			uri = str_from(uri, fronts[i].len);
	while (uri.len && (uri.ptr[uri.len - 1] == '/' || uri.ptr[uri.len - 1] == '#'))
		uri.len--;
	for (size_t i = 0; i < sizeof(namespaces) / sizeof(namespaces[0]); i++)
		if (str_eq_nocase(uri, namespaces[i].uri))
			return namespaces[i].ns;
	return NS_OTHER;
}

static unsigned ns_of_usual_prefix(struct str prefix)
{
	for (size_t i = 0; i < sizeof(usual_prefixes) / sizeof(usual_prefixes[0]); i++)
		if (str_eq_nocase(prefix, usual_prefixes[i].uri))
			return usual_prefixes[i].ns;
	return NS_OTHER;
}

static void split_name(struct str name, struct str *prefix, struct str *local)
{
	size_t colon = str_find_ch(name, ':');

	*prefix = colon == STR_NONE ? S("") : str_sub(name, 0, colon);
	*local = colon == STR_NONE ? name : str_from(name, colon + 1);
}

static void bind(struct feed *f, struct str prefix, unsigned ns)
{
	struct feed_binding *b;

	if (f->binding_count == FEED_MAX_BINDINGS || prefix.len > FEED_MAX_NAME)
		return;
	b = &f->bindings[f->binding_count++];
	b->prefix_at = f->names.len;
	b->prefix_len = prefix.len;
	b->ns = ns;
	buf_add(&f->names, prefix);
}

static void bind_namespaces(struct feed *f, const struct xml_attr *attrs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct str prefix;
		unsigned ns;

		if (!str_has_prefix(attrs[i].name, S("xmlns")))
			continue;
		prefix = str_from(attrs[i].name, 5);
		if (prefix.len && prefix.ptr[0] != ':')
			continue;
		prefix = str_from(prefix, 1);
		ns = ns_of_uri(attrs[i].value);
		if (ns == NS_OTHER && prefix.len)
			ns = ns_of_usual_prefix(prefix);
		/* a default nobody knows, on the root: a feed's own idea of its format */
		if (ns == NS_OTHER && !prefix.len && f->depth <= 1)
			ns = NS_XMLNS;
		if (!prefix.len && !str_trim(attrs[i].value).len)
			ns = NS_XMLNS;
		bind(f, prefix, ns);
	}
}

static unsigned ns_of(struct feed *f, struct str prefix)
{
	for (size_t i = f->binding_count; i-- > 0;) {
		const struct feed_binding *b = &f->bindings[i];

		if (str_eq(str_n(f->names.ptr + b->prefix_at, b->prefix_len), prefix))
			return b->ns == NS_XMLNS ? f->core : b->ns;
	}
	if (!prefix.len)
		return f->core;
	if (f->binding_count < FEED_MAX_BINDINGS)
		f->info.malformed = true;
	return ns_of_usual_prefix(prefix);
}

static struct str attr(const struct xml_attr *attrs, size_t count, struct str name)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq_nocase(attrs[i].name, name))
			return str_trim(attrs[i].value);
	return S("");
}

static bool has_attr(const struct xml_attr *attrs, size_t count, struct str name)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq_nocase(attrs[i].name, name))
			return true;
	return false;
}

/* rdf:about, whatever prefix rdf has. */
static struct str attr_local(const struct xml_attr *attrs, size_t count, struct str local)
{
	for (size_t i = 0; i < count; i++) {
		struct str prefix, name;

		split_name(attrs[i].name, &prefix, &name);
		if (str_eq_nocase(name, local))
			return str_trim(attrs[i].value);
	}
	return S("");
}

/* ---- small helpers the JSON reader shares ---- */

struct arena *feed_arena(struct feed *f)
{
	return f->entry ? f->mem : &f->own;
}

struct str feed_keep(struct feed *f, struct str s)
{
	return s.len ? arena_str(feed_arena(f), s) : S("");
}

struct str feed_url(struct arena *a, struct str base, struct str ref)
{
	static const struct str fine[] = {
		STR("http"), STR("https"), STR("ftp"), STR("ftps"), STR("magnet"), STR("mailto"), STR("news"), STR("nntp"),
		STR("gopher"), STR("gemini"), STR("ipfs"), STR("rtsp"), STR("rtmp"), STR("mms"), STR("urn"), STR("tag"),
	};
	struct str scheme;
	size_t colon;

	ref = str_trim(ref);
	if (!ref.len)
		return ref;
	if (ref.len > URL_MAX_BYTES)
		return S("");
	ref = url_resolve(a, base, ref);
	/* What is no address at all, "http://", and what runs: both are worth nothing to a reader. */
	colon = str_find_ch(ref, ':');
	if (colon == STR_NONE || str_find_ch(str_sub(ref, 0, colon), '/') != STR_NONE)
		return arena_str(a, ref);
	scheme = str_trim(str_sub(ref, 0, colon));
	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
		if (str_eq_nocase(scheme, fine[i]))
			return arena_str(a, ref);
	return S("");
}

/* "&amp;", "&#8217;": a reference with its semicolon. */
static bool has_reference(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		size_t end = i + 1;

		if (s.ptr[i] != '&')
			continue;
		while (end < s.len && end < i + 12 && (ch_is_alnum(s.ptr[end]) || s.ptr[end] == '#'))
			end++;
		if (end > i + 2 && end < s.len && s.ptr[end] == ';')
			return true;
	}
	return false;
}

struct str feed_plain(struct arena *a, struct str s, enum feed_text type)
{
	switch (type) {
	case TEXT_PLAIN: case TEXT_BASE64_PLAIN:
		return utf8_squeeze(a, s);
	case TEXT_HTML: case TEXT_MARKUP: case TEXT_BASE64:
		return html_text(a, s);
	case TEXT_UNTYPED:
		break;
	}
	/* Untyped (RSS): as HTML; what reads "&amp;" even then was escaped once too often. */
	s = html_text(a, s);
	return has_reference(s) ? utf8_squeeze(a, html_unescape(a, s)) : s;
}

bool feed_date(const struct feed *f, struct str s, int64_t *ms, int *offset_min)
{
	struct date d;

	/* The very first instant of 1970 is what programs print for "none". */
	if (!date_parse(s, f->opt.zone_min, &d) || d.ms == 0)
		return false;
	*ms = d.ms;
	*offset_min = d.offset_min;
	return true;
}

static void add_person(struct arena *a, struct people *to, struct str name, struct str url)
{
	for (size_t i = 0; i < to->count; i++)
		if (str_eq(to->items[i].name, name) && (name.len || str_eq(to->items[i].url, url))) {
			if (!to->items[i].url.len)
				to->items[i].url = url;
			return;
		}
	if (to->count == FEED_MAX_LIST)
		return;
	to->items = arena_grow(a, to->items, to->count * sizeof(*to->items), (to->count + 1) * sizeof(*to->items));
	to->items[to->count++] = (struct person){ S("author"), name, url };
}

void feed_add_author(struct feed *f, struct str name, struct str url, int rank)
{
	struct people *to = f->entry ? rank >= 5 ? &f->entry->authors : rank >= 4 ? &f->draft.authors
											  : &f->draft.weak_authors
				     : &f->info.authors;

	if (!name.len && !url.len)
		return;
	if (rank < 4 && !f->entry && f->info.authors.count)
		return;
	add_person(feed_arena(f), to, name, url);
}

void feed_add_tag(struct feed *f, struct str tag)
{
	struct strs *tags = &f->entry->tags;

	tag = feed_plain(f->mem, tag, TEXT_UNTYPED);
	if (!tag.len || tags->count == FEED_MAX_LIST)
		return;
	for (size_t i = 0; i < tags->count; i++)
		if (str_eq(tags->items[i], tag))
			return;
	tags->items = arena_grow(f->mem, tags->items, tags->count * sizeof(*tags->items),
				 (tags->count + 1) * sizeof(*tags->items));
	tags->items[tags->count++] = arena_str(f->mem, tag);
}

void feed_add_hub(struct feed *f, struct str url)
{
	struct strs *hubs = &f->info.hubs;

	if (!url.len || hubs->count == 16)
		return;
	for (size_t i = 0; i < hubs->count; i++)
		if (str_eq(hubs->items[i], url))
			return;
	hubs->items = arena_grow(&f->own, hubs->items, hubs->count * sizeof(*hubs->items),
				 (hubs->count + 1) * sizeof(*hubs->items));
	hubs->items[hubs->count++] = url;
}

void feed_add_attachment(struct feed *f, const struct attachment *att, bool media)
{
	struct attachment **items = media ? &f->draft.media : &f->entry->attachments.items;
	size_t *count = media ? &f->draft.media_count : &f->entry->attachments.count;

	if (!att->url.len || *count == FEED_MAX_LIST)
		return;
	for (size_t i = 0; i < *count; i++)
		if (str_eq((*items)[i].url, att->url))
			return;
	*items = arena_grow(f->mem, *items, *count * sizeof(**items), (*count + 1) * sizeof(**items));
	(*items)[(*count)++] = *att;
}

/* A size or a duration; -1 for what is none. */
static int64_t amount(struct str s)
{
	int64_t n;

	return str_to_i64(str_trim(s), 0, (int64_t)1 << 53, &n) ? n : -1;
}

/* "3723", "62:03", "1:02:03". */
static int64_t duration(struct str s)
{
	int64_t total = 0, n;
	struct str piece;

	s = str_trim(s);
	if (!s.len || s.len > 20)
		return -1;
	while (str_split(&s, ':', &piece)) {
		size_t dot = str_find_ch(piece, '.');

		if (!str_to_i64(str_sub(piece, 0, dot == STR_NONE ? piece.len : dot), 0, 1000000, &n))
			return -1;
		total = total * 60 + n;
	}
	return total;
}

/* ---- persons ---- */

/* "a@b (Name)", "Name <a@b>", "Name (a@b)": the name; the address where there is no name. */
static struct str name_of_author(struct arena *a, struct str s)
{
	static const char pairs[2][2] = { { '(', ')' }, { '<', '>' } };

	s = str_trim(s);
	for (size_t i = 0; i < 2; i++) {
		size_t open = str_find_ch(s, pairs[i][0]), close = str_rfind_ch(s, pairs[i][1]);
		struct str before, inside;

		if (open == STR_NONE || close == STR_NONE || close < open)
			continue;
		before = str_trim(str_sub(s, 0, open));
		inside = str_trim(str_sub(s, open + 1, close));
		if (str_find_ch(before, '@') != STR_NONE && inside.len)
			return feed_plain(a, inside, TEXT_UNTYPED);
		if (str_find_ch(inside, '@') != STR_NONE && before.len)
			return feed_plain(a, before, TEXT_UNTYPED);
	}
	return feed_plain(a, s, TEXT_UNTYPED);
}

static void end_person(struct feed *f, int rank)
{
	struct arena *a = feed_arena(f);

	if (!f->person_name.len)
		f->person_name = name_of_author(a, buf_str(&f->collected));
	if (!f->person_name.len)
		f->person_name = f->person_mail;
	feed_add_author(f, arena_str(a, f->person_name), f->person_url, rank);
	f->person_name = f->person_url = f->person_mail = S("");
	buf_reset(&f->collected);
}

/* ---- start ---- */

static enum feed_text text_type(const struct xml_attr *attrs, size_t count, unsigned ns)
{
	struct str type = attr(attrs, count, S("type")), mode = attr(attrs, count, S("mode"));

	if (str_eq_nocase(mode, S("base64")))
		return str_contains_nocase(type, S("html")) || str_has_suffix(type, S("xml")) ? TEXT_BASE64 : TEXT_BASE64_PLAIN;
	if (!type.len || str_has_prefix(type, S("multipart")))
		return ns != NS_ATOM ? TEXT_UNTYPED : str_eq_nocase(mode, S("escaped")) ? TEXT_UNTYPED : TEXT_PLAIN;
	if (str_eq_nocase(type, S("text")) || str_eq_nocase(type, S("text/plain")))
		return TEXT_PLAIN;
	if (str_eq_nocase(type, S("html")) || str_has_prefix_nocase(type, S("text/html")) ||
	    str_eq_nocase(mode, S("escaped")))
		return TEXT_HTML;
	if (str_eq_nocase(type, S("xhtml")) || str_has_suffix(type, S("xml")))
		return TEXT_MARKUP;
	if (str_has_prefix_nocase(type, S("text/")) || str_find_ch(type, '/') == STR_NONE)
		return TEXT_PLAIN;
	return TEXT_BASE64_PLAIN; /* RFC 4287 4.1.3.3 */
}

static void collect(struct feed *f, enum feed_text type)
{
	f->collect_depth = f->depth;
	f->collect_type = type;
	f->collect_markup = type == TEXT_MARKUP;
	f->collect_skipped = false;
	f->segment_at = 0;
	buf_reset(&f->collected);
}

static void start_feed(struct feed *f, struct str local, const struct xml_attr *attrs, size_t count)
{
	struct str version = attr(attrs, count, S("version"));
	struct feed_element *el = &f->stack[f->depth - 1];
	struct str xmlns = attr(attrs, count, S("xmlns"));

	el->place = PLACE_FEED;
	if (el->language.len && !f->info.language.len && f->depth == 1)
		f->info.language = arena_str(&f->own, el->language);
	if (f->depth == 1) {
		if (str_eq(local, S("rss"))) {
			f->core = NS_RSS;
			f->info.format = str_has_prefix(version, S("2"))      ? "rss2.0"
					 : str_has_prefix(version, S("0.90")) ? "rss0.90"
					 : str_eq(version, S("0.91"))	      ? "rss0.91"
					 : str_eq(version, S("0.92"))	      ? "rss0.92"
					 : str_eq(version, S("0.93"))	      ? "rss0.93"
					 : str_eq(version, S("0.94"))	      ? "rss0.94"
					 : str_has_prefix(version, S("0"))    ? "rss0.9x"
					 : str_has_prefix(version, S("1"))    ? "rss1.0"
									      : "rss2.0";
		} else if (str_eq(local, S("rdf"))) {
			bool old = false;

			f->core = NS_RSS;
			for (size_t i = 0; i < count; i++)
				old = old || str_contains(attrs[i].value, S("rdf/simple/0.9"));
			f->info.format = old ? "rss0.90" : "rss1.0";
		} else if (str_eq(local, S("feed"))) {
			bool old = str_has_prefix(version, S("0")) || str_contains(xmlns, S("purl.org/atom"));

			f->core = NS_ATOM;
			for (size_t i = 0; i < count; i++)
				old = old || str_contains(attrs[i].value, S("purl.org/atom/ns"));
			f->info.format = old ? "atom0.3" : "atom1.0";
		} else {
			f->core = NS_RSS;
			f->info.format = "rss0.9x";
		}
	}
	if (has_attr(attrs, count, S("href")) || has_attr(attrs, count, S("lastmod"))) { /* CDF */
		struct str lastmod = attr(attrs, count, S("lastmod"));
		int offset;

		f->info.format = "cdf";
		if (!f->info.home_page_url.len)
			f->info.home_page_url = feed_url(&f->own, el->base, attr(attrs, count, S("href")));
		feed_date(f, lastmod, &f->info.updated, &offset);
	}
}

static void start_entry(struct feed *f, const struct xml_attr *attrs, size_t count)
{
	struct feed_element *el = &f->stack[f->depth - 1];

	f->entry = arena_alloc(f->mem, sizeof(*f->entry));
	f->entry->published = f->entry->modified = TIME_UNSTATED;
	f->draft = (struct feed_draft){ .duration = -1, .guid_is_link = false };
	f->entry_depth = f->depth;
	el->place = PLACE_ENTRY;
	/* RSS has no rule for relative addresses; they were written for the site's page, wherever the feed is served */
	if (f->core == NS_RSS && f->base.len && el->base.ptr == f->base.ptr && url_is_http(f->info.home_page_url))
		el->base = f->info.home_page_url;
	f->draft.base = el->base;
	f->draft.language = feed_keep(f, el->language);
	f->draft.about = feed_keep(f, attr_local(attrs, count, S("about")));
	if (has_attr(attrs, count, S("href")) || has_attr(attrs, count, S("lastmod"))) { /* CDF */
		struct str href = attr(attrs, count, S("href"));
		int offset;

		f->info.format = "cdf";
		if (href.len) {
			f->entry->link = feed_url(f->mem, el->base, href);
			f->draft.link_rank = 5;
		}
		if (feed_date(f, attr(attrs, count, S("lastmod")), &f->entry->modified, &offset))
			f->draft.modified_rank = 5;
	}
}

static void start_enclosure(struct feed *f, const struct xml_attr *attrs, size_t count, bool media)
{
	struct feed_element *el = &f->stack[f->depth - 1];
	struct attachment att = { .size_bytes = -1, .duration_seconds = -1 };
	struct str url = attr(attrs, count, S("url"));

	if (!url.len)
		url = attr(attrs, count, S("href"));
	att.url = feed_url(f->mem, el->base, url);
	att.mime_type = feed_keep(f, attr(attrs, count, S("type")));
	att.title = feed_keep(f, attr(attrs, count, S("title")));
	att.size_bytes = amount(attr(attrs, count, media ? S("fileSize") : S("length")));
	att.duration_seconds = duration(attr(attrs, count, S("duration")));
	feed_add_attachment(f, &att, media);
}

/* The kinds of Atom link; a table, for there are many and more come. */
enum rel { REL_OTHER, REL_ALTERNATE, REL_SELF, REL_ENCLOSURE, REL_HUB, REL_NEXT, REL_REPLIES, REL_RELATED, REL_IMAGE };
static const struct {
	struct str name;
	enum rel rel;
} rels[] = {
	{ STR(""), REL_ALTERNATE }, { STR("alternate"), REL_ALTERNATE }, { STR("self"), REL_SELF },
	{ STR("enclosure"), REL_ENCLOSURE }, { STR("hub"), REL_HUB }, { STR("next"), REL_NEXT },
	{ STR("replies"), REL_REPLIES }, { STR("related"), REL_RELATED }, { STR("image"), REL_IMAGE },
	{ STR("http://www.iana.org/assignments/relation/alternate"), REL_ALTERNATE },
	{ STR("http://www.iana.org/assignments/relation/self"), REL_SELF },
	{ STR("http://www.iana.org/assignments/relation/enclosure"), REL_ENCLOSURE },
};

static enum rel rel_of(struct str s)
{
	for (size_t i = 0; i < sizeof(rels) / sizeof(rels[0]); i++)
		if (str_eq_nocase(s, rels[i].name))
			return rels[i].rel;
	return REL_OTHER;
}

static bool is_html_type(struct str type)
{
	return !type.len || str_has_prefix_nocase(type, S("text/html")) ||
	       str_has_prefix_nocase(type, S("application/xhtml"));
}

static void start_link_in_entry(struct feed *f, enum rel rel, struct str url, struct str type,
				const struct xml_attr *attrs, size_t count)
{
	int rank = is_html_type(type) ? 6 : 4;

	switch (rel) {
	case REL_ALTERNATE:
		if (rank > f->draft.link_rank) {
			f->entry->link = url;
			f->draft.link_rank = rank;
		}
		break;
	case REL_ENCLOSURE:
		start_enclosure(f, attrs, count, false);
		break;
	case REL_REPLIES:
		if (is_html_type(type) && !f->entry->comments_url.len)
			f->entry->comments_url = url;
		break;
	case REL_RELATED:
		if (!f->entry->external_url.len)
			f->entry->external_url = url;
		break;
	case REL_IMAGE:
		if (!f->entry->image.len)
			f->entry->image = url;
		break;
	default:
		break;
	}
}

/* RSS's own element counts most, and the last of several; of Atom's links the first. */
static void set_home(struct feed *f, struct str url, int rank)
{
	if (!url.len || rank < f->feed_home_rank || (rank == f->feed_home_rank && rank < 7))
		return;
	f->info.home_page_url = url;
	f->feed_home_rank = rank;
}

static void start_link(struct feed *f, unsigned ns, const struct xml_attr *attrs, size_t count)
{
	struct feed_element *el = &f->stack[f->depth - 1];
	struct str href = attr(attrs, count, S("href")), type = attr(attrs, count, S("type")), url;
	enum rel rel = rel_of(attr(attrs, count, S("rel")));

	if (!has_attr(attrs, count, S("href"))) { /* RSS: the address is the text */
		f->link_is_enclosure = rel == REL_ENCLOSURE;
		if (rel == REL_ALTERNATE || (f->entry && rel == REL_ENCLOSURE))
			collect(f, TEXT_PLAIN);
		return;
	}
	url = href.len ? feed_url(feed_arena(f), el->base, href) : el->base;
	if (f->entry) {
		start_link_in_entry(f, rel, url, type, attrs, count);
		return;
	}
	if (rel == REL_ALTERNATE) {
		set_home(f, url, ns == NS_RSS ? 7 : is_html_type(type) ? 6 : 4);
	} else if (rel == REL_SELF && !f->info.feed_url.len) {
		f->info.feed_url = url;
	} else if (rel == REL_NEXT && !f->info.next_url.len) {
		f->info.next_url = url;
	} else if (rel == REL_HUB) {
		feed_add_hub(f, url);
	} else if (rel == REL_IMAGE && f->feed_icon_rank < 2) {
		f->info.icon = url;
		f->feed_icon_rank = 2;
	}
}

static void start_image(struct feed *f, const struct feed_rule *rule, const struct xml_attr *attrs, size_t count)
{
	struct feed_element *el = &f->stack[f->depth - 1];
	struct str url = attr(attrs, count, S("href"));

	el->place = PLACE_IMAGE;
	buf_reset(&f->collected);
	if (!url.len)
		url = attr(attrs, count, S("url"));
	if (!url.len)
		return;
	url = feed_url(feed_arena(f), el->base, url);
	if (f->entry) {
		if (!f->entry->image.len || rule->rank == 5)
			f->entry->image = url;
	} else if (rule->rank > f->feed_icon_rank) {
		f->info.icon = url;
		f->feed_icon_rank = rule->rank;
	}
}

static void start_tag(struct feed *f, const struct xml_attr *attrs, size_t count, unsigned ns)
{
	struct str term = attr(attrs, count, S("term"));

	if (!term.len && ns == NS_MEDIA)
		term = S("");
	if (!term.len)
		term = attr(attrs, count, S("label"));
	if (term.len)
		feed_add_tag(f, term);
	collect(f, TEXT_UNTYPED);
}

static void start_content(struct feed *f, const struct feed_rule *rule, unsigned ns, const struct xml_attr *attrs,
			  size_t count)
{
	struct feed_element *el = &f->stack[f->depth - 1];
	enum feed_text type = text_type(attrs, count, ns);

	if (ns == NS_XHTML || str_eq_nocase(attr_local(attrs, count, S("parseType")), S("Literal")))
		type = TEXT_MARKUP;
	if (f->entry) {
		struct str src = attr(attrs, count, S("src"));

		if (rule->what == IS_CONTENT && src.len)
			f->draft.content_src = feed_url(f->mem, el->base, src);
		f->draft.base = el->base;
		f->draft.content_language = el->language.len ? feed_keep(f, el->language) : f->draft.content_language;
	}
	collect(f, type);
}

static void start_ruled(struct feed *f, const struct feed_rule *rule, struct str local, unsigned ns,
			const struct xml_attr *attrs, size_t count)
{
	struct feed_element *el = &f->stack[f->depth - 1];

	switch (rule->what) {
	case IS_FEED: start_feed(f, local, attrs, count); break;
	case IS_ENTRY: start_entry(f, attrs, count); break;
	case IS_PASSED: break;
	case IS_SKIPPED: el->place = PLACE_NOWHERE; break;
	case IS_IMAGE: start_image(f, rule, attrs, count); break;
	case IS_PERSON:
		el->place = PLACE_PERSON;
		f->person_name = f->person_url = f->person_mail = S("");
		buf_reset(&f->collected);
		break;
	case IS_TITLE: collect(f, text_type(attrs, count, ns)); break;
	case IS_LINK: start_link(f, ns, attrs, count); break;
	case IS_DESCRIPTION: case IS_SUMMARY: case IS_CONTENT: start_content(f, rule, ns, attrs, count); break;
	case IS_RIGHTS: collect(f, text_type(attrs, count, ns)); break;
	case IS_GENERATOR:
		if (!f->info.generator.len)
			f->info.generator = feed_keep(f, attr_local(attrs, count, S("resource")));
		collect(f, TEXT_UNTYPED);
		break;
	case IS_TAG: start_tag(f, attrs, count, ns); break;
	case IS_TAG_ATTR: feed_add_tag(f, attr(attrs, count, S("text"))); break;
	case IS_ENCLOSURE: start_enclosure(f, attrs, count, false); el->place = PLACE_NOWHERE; break;
	case IS_MEDIA:
		if (attr(attrs, count, S("url")).len || attr(attrs, count, S("href")).len)
			start_enclosure(f, attrs, count, true);
		break;
	case IS_PEER:
		f->draft.peer = feed_url(f->mem, el->base, attr(attrs, count, S("href")));
		f->draft.peer_type = feed_keep(f, attr(attrs, count, S("type")));
		break;
	case IS_THUMBNAIL:
		if (!f->entry->image.len)
			f->entry->image = feed_url(f->mem, el->base, attr(attrs, count, S("url")));
		break;
	case IS_GUID:
		f->draft.guid_is_link = str_eq(local, S("guid")) &&
					!str_eq_nocase(attr(attrs, count, S("isPermaLink")), S("false"));
		collect(f, TEXT_PLAIN);
		break;
	default:
		collect(f, TEXT_PLAIN);
	}
}

/* ---- markup inside a field ---- */

static const struct str voids[] = {
	STR("br"), STR("img"), STR("hr"), STR("input"), STR("link"), STR("meta"), STR("area"), STR("base"), STR("col"),
	STR("embed"), STR("param"), STR("source"), STR("track"), STR("wbr"),
};

bool feed_is_void(struct str name)
{
	for (size_t i = 0; i < sizeof(voids) / sizeof(voids[0]); i++)
		if (str_eq_nocase(name, voids[i]))
			return true;
	return false;
}

/*
 * Text between elements inside a field that says it is HTML, or says nothing: escaped markup where there is a tag in
 * it, else text. Nothing needs to be done for a field of XML (TEXT_MARKUP), whose text was escaped at once.
 */
static void settle_segment(struct feed *f)
{
	struct str s = str_from(buf_str(&f->collected), f->segment_at);
	bool tag = f->collect_type == TEXT_MARKUP;
	struct arena a;

	for (size_t i = 0; !tag && i + 2 < s.len; i++)
		tag = s.ptr[i] == '<' && (ch_is_alpha(s.ptr[i + 1]) || s.ptr[i + 1] == '/');
	if (!tag && (str_find_ch(s, '<') != STR_NONE || str_find_ch(s, '&') != STR_NONE)) {
		arena_init(&a);
		s = arena_str(&a, s);
		buf_truncate(&f->collected, f->segment_at);
		buf_add_html(&f->collected, s);
		arena_fini(&a);
	}
}

static void markup_start(struct feed *f, struct str name, const struct xml_attr *attrs, size_t count)
{
	struct str prefix, local;

	split_name(name, &prefix, &local);
	settle_segment(f);
	f->segment_at = f->collected.len;
	f->collect_markup = true;
	/* The <div> around Atom's xhtml is no part of it (RFC 4287 3.1.1.3). */
	if (f->collect_type == TEXT_MARKUP && f->depth == f->collect_depth + 1 && !str_trim(buf_str(&f->collected)).len &&
	    str_eq_nocase(local, S("div"))) {
		f->collect_skipped = true;
		return;
	}
	if (f->collected.len > FEED_MAX_TEXT)
		return;
	buf_add_ch(&f->collected, '<');
	buf_add(&f->collected, local);
	for (size_t i = 0; i < count; i++) {
		if (str_has_prefix(attrs[i].name, S("xmlns")))
			continue;
		buf_add_ch(&f->collected, ' ');
		buf_add(&f->collected, attrs[i].name);
		buf_add(&f->collected, S("=\""));
		buf_add_html(&f->collected, attrs[i].value);
		buf_add_ch(&f->collected, '"');
	}
	buf_add_ch(&f->collected, '>');
	f->segment_at = f->collected.len;
}

static void markup_end(struct feed *f, struct str name)
{
	struct str prefix, local;

	split_name(name, &prefix, &local);
	settle_segment(f);
	f->segment_at = f->collected.len;
	if (f->depth == f->collect_depth + 1 && f->collect_skipped) {
		f->collect_skipped = false;
		return;
	}
	if (feed_is_void(local) || f->collected.len > FEED_MAX_TEXT + 65536)
		return;
	buf_add(&f->collected, S("</"));
	buf_add(&f->collected, local);
	buf_add_ch(&f->collected, '>');
	f->segment_at = f->collected.len;
}

/* ---- end ---- */

static struct str from_base64(struct arena *a, struct str s)
{
	char *out = arena_alloc(a, s.len / 4 * 3 + 4);
	size_t n = 0;
	uint32_t bits = 0;
	int have = 0;

	for (size_t i = 0; i < s.len && s.ptr[i] != '='; i++) {
		char c = s.ptr[i];
		int v = c >= 'A' && c <= 'Z' ? c - 'A' : c >= 'a' && c <= 'z' ? c - 'a' + 26 : c >= '0' && c <= '9' ? c - '0' + 52
			: c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;

		if (v < 0 && !ch_is_space(c))
			return s; /* not base64 at all: as it stands */
		if (v < 0)
			continue;
		bits = bits << 6 | (uint32_t)v;
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[n++] = (char)(bits >> have & 0xFF);
		}
	}
	return utf8_clean(a, str_n(out, n));
}

static void end_date(struct feed *f, const struct feed_rule *rule, struct str text)
{
	int64_t ms;
	int offset;

	if (!feed_date(f, text, &ms, &offset))
		return;
	if (!f->entry) {
		if (rule->rank >= f->feed_updated_rank) {
			f->info.updated = ms;
			f->feed_updated_rank = rule->rank;
		}
	} else if (rule->what == IS_PUBLISHED) {
		if (rule->rank >= f->draft.published_rank) {
			f->entry->published = ms;
			f->entry->published_offset_min = offset;
			f->draft.published_rank = rule->rank;
		}
	} else if (rule->rank >= f->draft.modified_rank) {
		f->entry->modified = ms;
		f->draft.modified_rank = rule->rank;
	}
}

static void set_draft(struct feed *f, struct str text, enum feed_text type, int rank, struct str *to,
		      enum feed_text *to_type, int *to_rank)
{
	if (!text.len || rank <= *to_rank)
		return;
	*to = arena_str(f->mem, text);
	*to_type = type;
	*to_rank = rank;
}

static void end_text_in_entry(struct feed *f, const struct feed_rule *rule, struct str text, enum feed_text type)
{
	struct feed_draft *d = &f->draft;

	switch (rule->what) {
	case IS_TITLE:
		if (rule->rank > d->title_rank) {
			struct str title = feed_plain(f->mem, text, type);

			if (title.len) {
				f->entry->title = arena_str(f->mem, title);
				d->title_rank = rule->rank;
			}
		}
		break;
	case IS_DESCRIPTION:
		set_draft(f, text, type, rule->rank, &d->description, &d->description_type, &d->description_rank);
		break;
	case IS_SUMMARY:
		set_draft(f, text, type, rule->rank, &d->summary, &d->summary_type, &d->summary_rank);
		break;
	case IS_CONTENT:
		set_draft(f, text, type, rule->rank, &d->content, &d->content_type, &d->content_rank);
		break;
	default:
		break;
	}
}

static void end_text_in_feed(struct feed *f, const struct feed_rule *rule, struct str text, enum feed_text type)
{
	struct str plain = feed_plain(&f->own, text, type);

	if (!plain.len)
		return;
	plain = arena_str(&f->own, plain);
	switch (rule->what) {
	case IS_TITLE:
		if (rule->rank > f->feed_title_rank) {
			f->info.title = plain;
			f->feed_title_rank = rule->rank;
		}
		break;
	case IS_DESCRIPTION: case IS_SUMMARY:
		if (rule->rank > f->feed_description_rank) {
			f->info.description = plain;
			f->feed_description_rank = rule->rank;
		}
		break;
	case IS_RIGHTS:
		if (!f->info.rights.len)
			f->info.rights = plain;
		break;
	default:
		break;
	}
}

static void end_link(struct feed *f, struct str text)
{
	const struct feed_element *el = &f->stack[f->depth - 1];
	struct str url = feed_url(feed_arena(f), el->base, text);

	if (!url.len)
		return;
	if (f->entry && f->link_is_enclosure) {
		feed_add_attachment(f, &(struct attachment){ .url = url, .size_bytes = -1, .duration_seconds = -1 }, false);
	} else if (!f->entry) {
		set_home(f, url, 7);
	} else if (f->draft.link_rank < 5) {
		f->entry->link = url;
		f->draft.link_rank = 5;
	}
}

static void end_interval(struct feed *f, enum what what, struct str text)
{
	static const struct {
		struct str name;
		int64_t s;
	} periods[] = { { STR("hourly"), 3600 }, { STR("daily"), 86400 }, { STR("weekly"), 604800 },
			{ STR("monthly"), 2592000 }, { STR("yearly"), 31536000 } };
	int64_t n;

	if (what == IS_SY_PERIOD) {
		for (size_t i = 0; i < sizeof(periods) / sizeof(periods[0]); i++)
			if (str_eq_nocase(text, periods[i].name))
				f->sy_period_s = periods[i].s;
	} else if (str_to_i64(text, 1, 525600, &n)) {
		if (what == IS_TTL)
			f->info.ttl_s = n * 60;
		else
			f->sy_frequency = n;
	}
}

static void set_once(struct feed *f, struct str *to, struct str value)
{
	if (!to->len)
		*to = feed_keep(f, value);
}

static void end_ruled(struct feed *f, const struct feed_rule *rule, struct str text, enum feed_text type)
{
	const struct feed_element *el = &f->stack[f->depth - 1];
	struct str piece;

	switch (rule->what) {
	case IS_TITLE: case IS_DESCRIPTION: case IS_SUMMARY: case IS_CONTENT: case IS_RIGHTS:
		if (f->entry)
			end_text_in_entry(f, rule, text, type);
		else
			end_text_in_feed(f, rule, text, type);
		break;
	case IS_LINK: end_link(f, text); break;
	case IS_ORIGINAL_LINK:
		if (f->draft.link_rank < rule->rank) {
			f->entry->link = feed_url(f->mem, el->base, text);
			f->draft.link_rank = rule->rank;
		}
		break;
	case IS_LANGUAGE:
		if (f->entry)
			f->draft.language = feed_keep(f, text);
		else if (text.len && !f->language_stated)
			f->info.language = feed_keep(f, text);
		f->language_stated = f->language_stated || (!f->entry && text.len);
		break;
	case IS_GENERATOR:
		if (text.len)
			f->info.generator = arena_str(&f->own, feed_plain(&f->own, text, TEXT_UNTYPED));
		break;
	case IS_UPDATED: case IS_PUBLISHED: end_date(f, rule, text); break;
	case IS_TTL: case IS_SY_PERIOD: case IS_SY_FREQUENCY: end_interval(f, rule->what, text); break;
	case IS_ICON:
		if (text.len && rule->rank > f->feed_icon_rank) {
			f->info.icon = feed_url(&f->own, el->base, text);
			f->feed_icon_rank = rule->rank;
		}
		break;
	case IS_AUTHOR:
		piece = name_of_author(feed_arena(f), text);
		feed_add_author(f, feed_keep(f, piece), S(""), rule->rank);
		break;
	case IS_GUID:
		if (!f->draft.guid.len || str_eq(str_of(rule->name), S("guid")))
			f->draft.guid = feed_keep(f, text);
		break;
	case IS_TAG: feed_add_tag(f, text); break;
	case IS_TAG_LIST:
		while (str_split(&text, ',', &piece))
			feed_add_tag(f, piece);
		break;
	case IS_COMMENTS:
		if (!f->entry->comments_url.len)
			f->entry->comments_url = feed_url(f->mem, el->base, text);
		break;
	case IS_DURATION: f->draft.duration = duration(text); break;
	case IS_PERSON_NAME: set_once(f, &f->person_name, feed_plain(feed_arena(f), text, TEXT_UNTYPED)); break;
	case IS_PERSON_URL: f->person_url = feed_url(feed_arena(f), el->base, text); break;
	case IS_PERSON_MAIL: set_once(f, &f->person_mail, text); break;
	case IS_IMAGE_URL:
		if (f->entry)
			set_once(f, &f->entry->image, feed_url(f->mem, el->base, text));
		else if (text.len && f->feed_icon_rank < 5) {
			f->info.icon = feed_url(&f->own, el->base, text);
			f->feed_icon_rank = 5;
		}
		break;
	default:
		break;
	}
}

static void end_collected(struct feed *f)
{
	const struct feed_element *el = &f->stack[f->depth - 1];
	if (f->collect_markup)
		settle_segment(f);
	struct str text = str_trim(buf_str(&f->collected));
	enum feed_text type = f->collect_markup ? TEXT_MARKUP : f->collect_type;

	f->collect_depth = 0;
	if (type == TEXT_BASE64 || type == TEXT_BASE64_PLAIN) {
		text = str_trim(from_base64(feed_arena(f), text));
		type = type == TEXT_BASE64 ? TEXT_HTML : TEXT_PLAIN;
	}
	end_ruled(f, el->rule, text, type);
	buf_reset(&f->collected);
}

static void end_image(struct feed *f, const struct feed_rule *rule)
{
	struct str text = str_trim(buf_str(&f->collected));

	/* an address as the element's text, against the rules */
	if (text.len && text.len < URL_MAX_BYTES && str_find_ch(text, ' ') == STR_NONE && url_is_http(text)) {
		if (f->entry)
			set_once(f, &f->entry->image, feed_url(f->mem, S(""), text));
		else if (rule->rank > f->feed_icon_rank) {
			f->info.icon = feed_url(&f->own, S(""), text);
			f->feed_icon_rank = rule->rank;
		}
	}
	buf_reset(&f->collected);
}

void feed_on_end_innermost(struct feed *f)
{
	struct feed_element *el;

	if (f->lost_depth) {
		f->lost_depth--;
		return;
	}
	if (!f->depth)
		return;
	el = &f->stack[f->depth - 1];
	if (f->collect_depth && f->depth > f->collect_depth)
		markup_end(f, str_n(f->names.ptr + el->name_at, el->name_len));
	else if (f->collect_depth)
		end_collected(f);
	else if (el->rule && el->rule->what == IS_PERSON)
		end_person(f, el->rule->rank);
	else if (el->rule && el->rule->what == IS_IMAGE)
		end_image(f, el->rule);
	else if (f->entry && f->depth == f->entry_depth) {
		feed_finish_entry(f);
		f->entry_done = true;
	}
	f->binding_count = el->binding_count;
	buf_truncate(&f->names, el->name_at);
	f->depth--;
}

void feed_on_end(struct feed *f, struct str name)
{
	size_t floor = f->entry && !f->entry_done ? 0 : 0, at;

	if (f->lost_depth) {
		f->lost_depth--;
		return;
	}
	for (at = f->depth; at > floor; at--) {
		const struct feed_element *el = &f->stack[at - 1];

		if (str_eq_nocase(str_n(f->names.ptr + el->name_at, el->name_len), name))
			break;
	}
	if (at == floor) /* ends nothing that is open */
		return;
	while (f->depth >= at && !f->entry_done)
		feed_on_end_innermost(f);
}

/* ---- start and text ---- */

/* local, lower case, in `room`. */
static struct str folded(struct str local, char room[64])
{
	size_t n = local.len < 64 ? local.len : 0;

	for (size_t i = 0; i < n; i++)
		room[i] = ch_lower(local.ptr[i]);
	return str_n(n ? room : "-", n ? n : 1);
}

static const struct feed_rule *rule_at(struct feed *f, enum feed_place place, struct str name, unsigned *ns,
				       struct str *local, char room[64])
{
	struct str prefix;

	split_name(name, &prefix, local);
	*local = folded(*local, room);
	/* the root says by its name what an element without a namespace is */
	if (f->depth <= 1 && !f->core)
		f->core = str_eq(*local, S("feed")) ? NS_ATOM : NS_RSS;
	*ns = ns_of(f, prefix);
	return place == PLACE_NOWHERE ? NULL : find_rule(place, *ns, *local);
}

bool feed_begins_entry(struct feed *f, struct str name)
{
	const struct feed_rule *rule;
	struct str local;
	char room[64];
	unsigned ns;

	if (f->depth == 0 || !name.len || f->stack[f->depth - 1].place == PLACE_NOWHERE)
		return false;
	rule = rule_at(f, PLACE_FEED, name, &ns, &local, room);
	return rule && rule->what == IS_ENTRY;
}

static const struct str html_names[] = {
	STR("link"), STR("title"), STR("body"), STR("div"), STR("source"), STR("summary"), STR("image"), STR("a"),
	STR("content"), STR("category"), STR("link"), STR("abstract"), STR("url"), STR("name"),
};

bool feed_ends_field(struct feed *f, struct str name)
{
	const struct feed_element *el = &f->stack[f->collect_depth - 1];
	enum feed_place place = f->collect_depth > 1 ? f->stack[f->collect_depth - 2].place : PLACE_ROOT;
	const struct feed_rule *rule;
	bool long_text = el->rule->what == IS_DESCRIPTION || el->rule->what == IS_SUMMARY || el->rule->what == IS_CONTENT;
	struct str local;
	char room[64];
	unsigned ns;

	rule = rule_at(f, place, name, &ns, &local, room);
	if (!rule)
		return false;
	if (!long_text)
		return true;
	for (size_t i = 0; i < sizeof(html_names) / sizeof(html_names[0]); i++)
		if (str_eq(local, html_names[i]))
			return false;
	return true;
}

void feed_on_start(struct feed *f, struct str name, const struct xml_attr *attrs, size_t count)
{
	struct feed_element *el, *parent;
	const struct feed_rule *rule;
	struct str local, value;
	char room[64];
	unsigned ns;

	if (f->depth == FEED_MAX_DEPTH || f->lost_depth) {
		f->lost_depth++;
		return;
	}
	parent = f->depth ? &f->stack[f->depth - 1] : NULL;
	el = &f->stack[f->depth++];
	name = str_sub(name, 0, FEED_MAX_NAME);
	*el = (struct feed_element){ .place = parent ? parent->place : PLACE_ROOT, .name_at = f->names.len,
				     .name_len = name.len, .binding_count = f->binding_count,
				     .base = parent ? parent->base : f->base,
				     .language = parent ? parent->language : S("") };
	buf_add(&f->names, name);
	if (f->collect_depth) {
		markup_start(f, name, attrs, count);
		return;
	}
	bind_namespaces(f, attrs, count);
	rule = rule_at(f, el->place, name, &ns, &local, room);
	el->rule = rule;
	if (!rule) {
		el->place = f->depth == 1 ? PLACE_ROOT : PLACE_NOWHERE;
		return;
	}
	struct arena *a = f->entry || rule->what == IS_ENTRY ? f->mem : &f->own;
	if ((value = attr(attrs, count, S("xml:base"))).len)
		el->base = feed_url(a, el->base, value);
	for (size_t i = 0; i < count; i++)
		if (str_eq_nocase(attrs[i].name, S("xml:lang")))
			el->language = arena_str(a, str_trim(attrs[i].value));
	/* an entry beginning inside a person or image: those were not closed */
	start_ruled(f, rule, local, ns, attrs, count);
}

void feed_on_text(struct feed *f, const char *ptr, size_t len)
{
	if (!f->collect_depth) {
		if (!f->depth || !(f->stack[f->depth - 1].place & (PLACE_PERSON | PLACE_IMAGE)))
			return;
	}
	if (len > FEED_MAX_TEXT - (f->collected.len < FEED_MAX_TEXT ? f->collected.len : FEED_MAX_TEXT))
		return;
	if (f->collect_depth && f->collect_type == TEXT_MARKUP)
		buf_add_html(&f->collected, str_n(ptr, len));
	else
		buf_add_n(&f->collected, ptr, len);
}

/* ---- settling ---- */

/*
 * "<!" and "<?" that begin neither comment nor declaration would swallow, as HTML's bogus comments, what follows up to
 * the next ">". In the escaped text of a feed they are what somebody wrote.
 */
static struct str without_bogus_comments(struct arena *a, struct str s)
{
	static const struct str begins[] = { STR("<!--"), STR("<!doctype"), STR("<![") };
	struct buf out;
	size_t at;

	if (str_find(s, S("<!")) == STR_NONE)
		return s;
	buf_init(&out, BUF_NO_MAX);
	while ((at = str_find(s, S("<!"))) != STR_NONE) {
		bool fine = false;

		for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
			fine = fine || str_has_prefix_nocase(str_from(s, at), begins[i]);
		buf_add(&out, str_sub(s, 0, at));
		buf_add(&out, fine ? S("<!") : S("&lt;!"));
		s = str_from(s, at + 2);
	}
	buf_add(&out, s);
	s = arena_str(a, buf_str(&out));
	buf_fini(&out);
	return s;
}

static void settle_text(struct feed *f)
{
	struct feed_draft *d = &f->draft;
	struct entry *e = f->entry;
	struct str text = d->content, summary = d->description;
	enum feed_text type = d->content_type, summary_type = d->description_type;

	/* a summary by its own name beats a description, a podcast's or medium's does not */
	if (d->summary_rank >= 5 || !summary.len) {
		summary = d->summary;
		summary_type = d->summary_type;
	}
	if (!text.len) {
		text = d->description.len && d->summary_rank < 5 ? d->description : summary;
		type = d->description.len && d->summary_rank < 5 ? d->description_type : summary_type;
		summary = d->description.len ? d->summary : S("");
		summary_type = d->summary_type;
		if (summary.ptr == text.ptr)
			summary = S("");
	}
	e->content_base = arena_str(f->mem, d->base);
	if (type == TEXT_PLAIN)
		e->content_text = text;
	else
		e->content_html = without_bogus_comments(f->mem, text);
	e->summary = summary;
	e->summary_is_text = summary_type == TEXT_PLAIN;
}

/* An id where the feed gives none: of the link, else of what the entry says. */
static struct str made_id(struct feed *f)
{
	struct entry *e = f->entry;
	struct str texts[4] = { e->title, e->content_html, e->content_text, e->summary };
	struct hash_state st;
	struct hash h;
	char hex[HASH_HEX + 1];

	if (e->link.len)
		return e->link;
	hash_start(&st);
	for (size_t i = 0; i < 4; i++)
		hash_update(&st, texts[i]);
	hash_update(&st, str_n((const char *)&e->published, sizeof(e->published)));
	h = hash_finish(&st);
	hash_to_hex(&h, hex);
	return arena_strf(f->mem, "urn:blake2b:%.32s", hex);
}

void feed_finish_entry(struct feed *f)
{
	struct feed_draft *d = &f->draft;
	struct entry *e = f->entry;

	if (!e->link.len && d->guid_is_link && url_is_http(d->guid))
		e->link = feed_url(f->mem, d->base, d->guid);
	if (!e->link.len && url_is_http(d->about))
		e->link = feed_url(f->mem, d->base, d->about);
	if (!e->link.len)
		e->link = d->content_src;
	settle_text(f);
	for (size_t i = 0; i < d->authors.count; i++)
		add_person(f->mem, &e->authors, d->authors.items[i].name, d->authors.items[i].url);
	if (!e->authors.count)
		e->authors = d->weak_authors;
	if (d->peer.len)
		feed_add_attachment(f, &(struct attachment){ .url = d->peer, .mime_type = d->peer_type, .size_bytes = -1,
							     .duration_seconds = -1 }, true);
	if (!e->attachments.count) {
		e->attachments.items = d->media;
		e->attachments.count = d->media_count;
	}
	if (d->duration >= 0 && e->attachments.count && e->attachments.items[0].duration_seconds < 0)
		e->attachments.items[0].duration_seconds = d->duration;
	e->language = d->content_language.len ? d->content_language : d->language;
	e->id = d->guid.len ? d->guid : d->about.len ? d->about : made_id(f);
}

void feed_finish_info(struct feed *f)
{
	if (f->info.ttl_s < 0 && f->sy_period_s)
		f->info.ttl_s = f->sy_period_s / (f->sy_frequency ? f->sy_frequency : 1);
}
