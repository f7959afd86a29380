#include "feed/rules.h"

/* ---- vocabularies ---- */

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

enum { F = PLACE_FEED, E = PLACE_ENTRY, P = PLACE_PERSON, I = PLACE_IMAGE, R = PLACE_ROOT };

static const struct feed_rule rules[] = {
	{ "rss", CORE, R, IS_FEED, 0 },
	{ "rdf", CORE | NS_RDF, R, IS_FEED, 0 },
	{ "feed", CORE, R, IS_FEED, 0 },
	{ "channel", CORE, R | F, IS_FEED, 0 },
	{ "item", CORE, R | F | E | I | P, IS_ENTRY, 0 },
	{ "entry", CORE, R | F | E | I | P, IS_ENTRY, 0 },
	{ "items", CORE, F, IS_PASSED, 0 },

	{ "title", CORE, F | E, IS_TITLE, 5 },
	{ "title", NS_DC | NS_TERMS, F | E, IS_TITLE, 3 },
	{ "title", NS_MEDIA, E, IS_TITLE, 1 },
	{ "title", PODCAST, F | E, IS_TITLE, 2 },
	{ "link", CORE, F | E, IS_LINK, 5 },
	{ "link", NS_ITUNES, F | E, IS_LINK, 5 },
	{ "a", NS_RSS, F | E, IS_LINK, 5 },
	{ "origlink", NS_BURNER, E, IS_ORIGINAL_LINK, 2 },
	{ "description", CORE, F | E, IS_DESCRIPTION, 5 },
	{ "abstract", CORE, F | E, IS_DESCRIPTION, 5 },
	{ "subtitle", CORE, F, IS_DESCRIPTION, 5 },
	{ "tagline", CORE, F, IS_DESCRIPTION, 5 },
	{ "description", NS_DC, F | E, IS_DESCRIPTION, 4 },
	{ "abstract", NS_TERMS, E, IS_DESCRIPTION, 4 },
	{ "summary", PODCAST, F | E, IS_SUMMARY, 3 },
	{ "description", PODCAST, F | E, IS_SUMMARY, 3 },
	{ "subtitle", PODCAST, F | E, IS_SUMMARY, 1 },
	{ "description", NS_MEDIA, E, IS_SUMMARY, 2 },
	{ "text", NS_MEDIA, E, IS_SKIPPED, 0 },
	{ "summary", CORE, E, IS_SUMMARY, 5 },
	{ "summary", CORE, F, IS_SUMMARY, 4 },
	{ "encoded", NS_CONTENT, E, IS_CONTENT, 6 },
	{ "content", CORE, E, IS_CONTENT, 5 },
	{ "body", CORE | NS_XHTML, E, IS_CONTENT, 4 },
	{ "div", NS_XHTML, E, IS_CONTENT, 4 },
	{ "fullitem", CORE, E, IS_CONTENT, 4 },
	{ "content_encoded", CORE, E, IS_CONTENT, 4 },
	{ "encoded", CORE, E, IS_CONTENT, 4 },

	{ "language", CORE | NS_DC | NS_TERMS, F | E, IS_LANGUAGE, 5 },
	{ "copyright", CORE, F, IS_RIGHTS, 5 },
	{ "rights", CORE | NS_DC | NS_TERMS, F, IS_RIGHTS, 4 },
	{ "copyright", NS_MEDIA, F, IS_RIGHTS, 2 },
	{ "generator", CORE, F, IS_GENERATOR, 5 },
	{ "generatoragent", NS_ADMIN, F, IS_GENERATOR, 4 },
	{ "lastbuilddate", CORE, F, IS_UPDATED, 5 },
	{ "updated", CORE, F | E, IS_UPDATED, 5 },
	{ "modified", CORE, F | E, IS_UPDATED, 5 },
	{ "modified", NS_TERMS, F | E, IS_UPDATED, 4 },
	{ "pubdate", CORE, F, IS_UPDATED, 4 },
	{ "published", CORE, F, IS_UPDATED, 3 },
	{ "date", CORE | NS_DC, F, IS_UPDATED, 3 },
	{ "issued", CORE | NS_TERMS, F, IS_UPDATED, 2 },
	{ "pubdate", CORE, E, IS_PUBLISHED, 6 },
	{ "published", CORE, E, IS_PUBLISHED, 6 },
	{ "issued", CORE, E, IS_PUBLISHED, 5 },
	{ "issued", NS_TERMS, E, IS_PUBLISHED, 4 },
	{ "date", CORE | NS_DC | NS_TERMS, E, IS_PUBLISHED, 3 },
	{ "created", CORE | NS_TERMS, E, IS_PUBLISHED, 2 },
	{ "published", NS_TERMS, E, IS_PUBLISHED, 3 },
	{ "available", NS_TERMS, E, IS_PUBLISHED, 1 },
	{ "ttl", CORE, F, IS_TTL, 0 },
	{ "updateperiod", NS_SY, F, IS_SY_PERIOD, 0 },
	{ "updatefrequency", NS_SY, F, IS_SY_FREQUENCY, 0 },
	{ "image", CORE, F, IS_IMAGE, 5 },
	{ "image", PODCAST, F, IS_IMAGE, 4 },
	{ "image", CORE, E, IS_IMAGE, 3 },
	{ "image", PODCAST, E, IS_IMAGE, 5 },
	{ "url", CORE, I, IS_IMAGE_URL, 0 },
	{ "icon", CORE, F, IS_ICON, 6 },
	{ "logo", CORE, F, IS_ICON, 5 },
	{ "logo", CORE, E, IS_SKIPPED, 0 },

	{ "author", CORE, F | E, IS_PERSON, 5 },
	{ "managingeditor", CORE, F, IS_AUTHOR, 4 },
	{ "creator", CORE | NS_DC | NS_TERMS, F | E, IS_AUTHOR, 4 },
	{ "author", NS_DC, F | E, IS_AUTHOR, 4 },
	{ "author", PODCAST, F | E, IS_AUTHOR, 2 },
	{ "name", CORE, P, IS_PERSON_NAME, 0 },
	{ "url", CORE, P, IS_PERSON_URL, 0 },
	{ "uri", CORE, P, IS_PERSON_URL, 0 },
	{ "homepage", CORE, P, IS_PERSON_URL, 0 },
	{ "email", CORE, P, IS_PERSON_MAIL, 0 },

	{ "guid", CORE, E, IS_GUID, 5 },
	{ "id", CORE, E, IS_GUID, 5 },
	{ "identifier", NS_DC, E, IS_GUID, 2 },
	{ "category", CORE, E, IS_TAG, 0 },
	{ "subject", NS_DC | NS_TERMS, E, IS_TAG, 0 },
	{ "category", NS_MEDIA, E, IS_TAG, 0 },
	{ "category", PODCAST, E, IS_TAG_ATTR, 0 },
	{ "keywords", PODCAST | NS_MEDIA, E, IS_TAG_LIST, 0 },
	{ "comments", CORE, E, IS_COMMENTS, 0 },
	{ "duration", NS_ITUNES, E, IS_DURATION, 0 },
	{ "enclosure", CORE, E, IS_ENCLOSURE, 0 },
	{ "content", NS_MEDIA, E, IS_MEDIA, 0 },
	{ "group", NS_MEDIA, E, IS_PASSED, 0 },
	{ "peerlink", NS_MEDIA, E, IS_PEER, 0 },
	{ "thumbnail", NS_MEDIA, E, IS_THUMBNAIL, 0 },

	{ "textinput", CORE, F, IS_SKIPPED, 0 },
	{ "cloud", CORE, F, IS_SKIPPED, 0 },
	{ "source", CORE, E, IS_SKIPPED, 0 },
};

static const struct feed_rule *find_rule(enum feed_place place, unsigned ns, struct str local)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].name[0] == local.ptr[0] && (rules[i].ns & ns) &&
		    (rules[i].places & (unsigned)place) && str_eq(str_of(rules[i].name), local))
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

void feed_split_name(struct str name, struct str *prefix, struct str *local)
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

void feed_bind(struct feed *f, const struct xml_attr *attrs, size_t count)
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

/* ---- looking up ---- */

/* local, lower case, in `room`. */
static struct str folded(struct str local, char room[64])
{
	size_t n = local.len < 64 ? local.len : 0;

	for (size_t i = 0; i < n; i++)
		room[i] = ch_lower(local.ptr[i]);
	return str_n(n ? room : "-", n ? n : 1);
}

const struct feed_rule *feed_rule_at(struct feed *f, enum feed_place place, struct str name,
				     unsigned *ns, struct str *local, char room[64])
{
	struct str prefix;

	feed_split_name(name, &prefix, local);
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
	rule = feed_rule_at(f, PLACE_FEED, name, &ns, &local, room);
	return rule && rule->what == IS_ENTRY;
}

static const struct str html_names[] = {
	STR("link"),	STR("title"),	 STR("body"), STR("div"),     STR("source"),
	STR("summary"), STR("image"),	 STR("a"),    STR("content"), STR("category"),
	STR("link"),	STR("abstract"), STR("url"),  STR("name"),
};

bool feed_ends_field(struct feed *f, struct str name)
{
	const struct feed_element *el = &f->stack[f->collect_depth - 1];
	enum feed_place place =
		f->collect_depth > 1 ? f->stack[f->collect_depth - 2].place : PLACE_ROOT;
	const struct feed_rule *rule;
	bool long_text = el->rule->what == IS_DESCRIPTION || el->rule->what == IS_SUMMARY ||
			 el->rule->what == IS_CONTENT;
	struct str local;
	char room[64];
	unsigned ns;

	rule = feed_rule_at(f, place, name, &ns, &local, room);
	if (!rule)
		return false;
	if (!long_text)
		return true;
	for (size_t i = 0; i < sizeof(html_names) / sizeof(html_names[0]); i++)
		if (str_eq(local, html_names[i]))
			return false;
	return true;
}
