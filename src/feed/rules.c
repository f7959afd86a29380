#include "feed/rules.h"

/* ---- vocabularies ---- */

/* clang-format off */

/* Addresses without scheme, "www." and what ends them (/ and #): publishers vary these. */
static const struct {
	struct str uri;
	unsigned ns;
} namespaces[] = {
	{ STR("w3.org/2005/Atom"), NS_ATOM },
	{ STR("purl.org/atom/ns"), NS_ATOM },
	{ STR("purl.org/atom/app"), NS_OTHER },
	{ STR("purl.org/net/rss1.1"), NS_RSS },
	{ STR("purl.org/rss/1.0"), NS_RSS },
	{ STR("purl.org/rss/2.0"), NS_RSS },
	{ STR("my.netscape.com/rdf/simple/0.9"), NS_RSS },
	{ STR("channel.netscape.com/rdf/simple/0.9"), NS_RSS },
	{ STR("my.netscape.com/publish/formats/rss-0.91.dtd"), NS_RSS },
	{ STR("backend.userland.com/RSS2"), NS_RSS },
	{ STR("backend.userland.com/rss"), NS_RSS },
	{ STR("blogs.law.harvard.edu/tech/rss"), NS_RSS },
	{ STR("cyber.law.harvard.edu/rss"), NS_RSS },
	{ STR("backend.userland.com/rss091"), NS_RSS },
	{ STR("backend.userland.com/rss092"), NS_RSS },
	{ STR("rssboard.org/rss-specification"), NS_RSS },
	{ STR("w3.org/1999/02/22-rdf-syntax-ns"), NS_RDF },
	{ STR("purl.org/rss/1.0/modules/content"), NS_CONTENT },
	{ STR("purl.org/dc/elements/1.1"), NS_DC },
	{ STR("purl.org/dc/elements/1.0"), NS_DC },
	{ STR("purl.org/dc/terms"), NS_TERMS },
	{ STR("itunes.com/dtds/podcast-1.0.dtd"), NS_ITUNES },
	{ STR("itunes.com/DTDs/PodCast-1.0.dtd"), NS_ITUNES },
	{ STR("search.yahoo.com/mrss"), NS_MEDIA },
	{ STR("video.search.yahoo.com/mrss"), NS_MEDIA },
	{ STR("search.yahoo.com/mrss/rss.xml"), NS_MEDIA },
	{ STR("tools.search.yahoo.com/mrss"), NS_MEDIA },
	{ STR("purl.org/rss/1.0/modules/syndication"), NS_SY },
	{ STR("w3.org/1999/xhtml"), NS_XHTML },
	{ STR("google.com/schemas/play-podcasts/1.0"), NS_PLAY },
	{ STR("webns.net/mvcb"), NS_ADMIN },
	{ STR("rssnamespace.org/feedburner/ext/1.0"), NS_BURNER },
}, usual_prefixes[] = { /* where they are not declared, or declared as something unknown */
	{ STR("atom"), NS_ATOM },
	{ STR("atom10"), NS_ATOM },
	{ STR("rss"), NS_RSS },
	{ STR("rdf"), NS_RDF },
	{ STR("content"), NS_CONTENT },
	{ STR("dc"), NS_DC },
	{ STR("dcterms"), NS_TERMS },
	{ STR("itunes"), NS_ITUNES },
	{ STR("media"), NS_MEDIA },
	{ STR("sy"), NS_SY },
	{ STR("xhtml"), NS_XHTML },
	{ STR("googleplay"), NS_PLAY },
	{ STR("admin"), NS_ADMIN },
	{ STR("feedburner"), NS_BURNER },
};

/* clang-format on */

/* ---- the table ---- */

enum { F = PLACE_FEED, E = PLACE_ENTRY, P = PLACE_PERSON, I = PLACE_IMAGE, R = PLACE_ROOT };

static const struct feed_rule rules[] = {
	{ STR("rss"), CORE, R, IS_FEED, 0 },
	{ STR("rdf"), CORE | NS_RDF, R, IS_FEED, 0 },
	{ STR("feed"), CORE, R, IS_FEED, 0 },
	{ STR("channel"), CORE, R | F, IS_FEED, 0 },
	{ STR("item"), CORE, R | F | E | I | P, IS_ENTRY, 0 },
	{ STR("entry"), CORE, R | F | E | I | P, IS_ENTRY, 0 },
	{ STR("items"), CORE, F, IS_PASSED, 0 },

	{ STR("title"), CORE, F | E, IS_TITLE, 5 },
	{ STR("title"), NS_DC | NS_TERMS, F | E, IS_TITLE, 3 },
	{ STR("title"), NS_MEDIA, E, IS_TITLE, 1 },
	{ STR("title"), PODCAST, F | E, IS_TITLE, 2 },
	{ STR("link"), CORE, F | E, IS_LINK, 5 },
	{ STR("link"), NS_ITUNES, F | E, IS_LINK, 5 },
	{ STR("a"), NS_RSS, F | E, IS_LINK, 5 },
	{ STR("origlink"), NS_BURNER, E, IS_ORIGINAL_LINK, 2 },
	{ STR("description"), CORE, F | E, IS_DESCRIPTION, 5 },
	{ STR("abstract"), CORE, F | E, IS_DESCRIPTION, 5 },
	{ STR("subtitle"), CORE, F, IS_DESCRIPTION, 5 },
	{ STR("tagline"), CORE, F, IS_DESCRIPTION, 5 },
	{ STR("description"), NS_DC, F | E, IS_DESCRIPTION, 4 },
	{ STR("abstract"), NS_TERMS, E, IS_DESCRIPTION, 4 },
	{ STR("summary"), PODCAST, F | E, IS_SUMMARY, 3 },
	{ STR("description"), PODCAST, F | E, IS_SUMMARY, 3 },
	{ STR("subtitle"), PODCAST, F | E, IS_SUMMARY, 1 },
	{ STR("description"), NS_MEDIA, E, IS_SUMMARY, 2 },
	{ STR("text"), NS_MEDIA, E, IS_SKIPPED, 0 },
	{ STR("summary"), CORE, E, IS_SUMMARY, 5 },
	{ STR("summary"), CORE, F, IS_SUMMARY, 4 },
	{ STR("encoded"), NS_CONTENT, E, IS_CONTENT, 6 },
	{ STR("content"), CORE, E, IS_CONTENT, 5 },
	{ STR("body"), CORE | NS_XHTML, E, IS_CONTENT, 4 },
	{ STR("div"), NS_XHTML, E, IS_CONTENT, 4 },
	{ STR("fullitem"), CORE, E, IS_CONTENT, 4 },
	{ STR("content_encoded"), CORE, E, IS_CONTENT, 4 },
	{ STR("encoded"), CORE, E, IS_CONTENT, 4 },

	{ STR("language"), CORE | NS_DC | NS_TERMS, F | E, IS_LANGUAGE, 5 },
	{ STR("copyright"), CORE, F, IS_RIGHTS, 5 },
	{ STR("rights"), CORE | NS_DC | NS_TERMS, F, IS_RIGHTS, 4 },
	{ STR("copyright"), NS_MEDIA, F, IS_RIGHTS, 2 },
	{ STR("generator"), CORE, F, IS_GENERATOR, 5 },
	{ STR("generatoragent"), NS_ADMIN, F, IS_GENERATOR, 4 },
	{ STR("lastbuilddate"), CORE, F, IS_UPDATED, 5 },
	{ STR("updated"), CORE, F | E, IS_UPDATED, 5 },
	{ STR("modified"), CORE, F | E, IS_UPDATED, 5 },
	{ STR("modified"), NS_TERMS, F | E, IS_UPDATED, 4 },
	{ STR("pubdate"), CORE, F, IS_UPDATED, 4 },
	{ STR("published"), CORE, F, IS_UPDATED, 3 },
	{ STR("date"), CORE | NS_DC, F, IS_UPDATED, 3 },
	{ STR("issued"), CORE | NS_TERMS, F, IS_UPDATED, 2 },
	{ STR("pubdate"), CORE, E, IS_PUBLISHED, 6 },
	{ STR("published"), CORE, E, IS_PUBLISHED, 6 },
	{ STR("issued"), CORE, E, IS_PUBLISHED, 5 },
	{ STR("issued"), NS_TERMS, E, IS_PUBLISHED, 4 },
	{ STR("date"), CORE | NS_DC | NS_TERMS, E, IS_PUBLISHED, 3 },
	{ STR("created"), CORE | NS_TERMS, E, IS_PUBLISHED, 2 },
	{ STR("published"), NS_TERMS, E, IS_PUBLISHED, 3 },
	{ STR("available"), NS_TERMS, E, IS_PUBLISHED, 1 },
	{ STR("ttl"), CORE, F, IS_TTL, 0 },
	{ STR("updateperiod"), NS_SY, F, IS_SY_PERIOD, 0 },
	{ STR("updatefrequency"), NS_SY, F, IS_SY_FREQUENCY, 0 },
	{ STR("image"), CORE, F, IS_IMAGE, 5 },
	{ STR("image"), PODCAST, F, IS_IMAGE, 4 },
	{ STR("image"), CORE, E, IS_IMAGE, 3 },
	{ STR("image"), PODCAST, E, IS_IMAGE, 5 },
	{ STR("url"), CORE, I, IS_IMAGE_URL, 0 },
	{ STR("icon"), CORE, F, IS_ICON, 6 },
	{ STR("logo"), CORE, F, IS_ICON, 5 },
	{ STR("logo"), CORE, E, IS_SKIPPED, 0 },

	{ STR("author"), CORE, F | E, IS_PERSON, 5 },
	{ STR("managingeditor"), CORE, F, IS_AUTHOR, 4 },
	{ STR("creator"), CORE | NS_DC | NS_TERMS, F | E, IS_AUTHOR, 4 },
	{ STR("author"), NS_DC, F | E, IS_AUTHOR, 4 },
	{ STR("author"), PODCAST, F | E, IS_AUTHOR, 2 },
	{ STR("name"), CORE, P, IS_PERSON_NAME, 0 },
	{ STR("url"), CORE, P, IS_PERSON_URL, 0 },
	{ STR("uri"), CORE, P, IS_PERSON_URL, 0 },
	{ STR("homepage"), CORE, P, IS_PERSON_URL, 0 },
	{ STR("email"), CORE, P, IS_PERSON_MAIL, 0 },

	{ STR("guid"), CORE, E, IS_GUID, 5 },
	{ STR("id"), CORE, E, IS_GUID, 5 },
	{ STR("identifier"), NS_DC, E, IS_GUID, 2 },
	{ STR("category"), CORE, E, IS_TAG, 0 },
	{ STR("subject"), NS_DC | NS_TERMS, E, IS_TAG, 0 },
	{ STR("category"), NS_MEDIA, E, IS_TAG, 0 },
	{ STR("category"), PODCAST, E, IS_TAG_ATTR, 0 },
	{ STR("keywords"), PODCAST | NS_MEDIA, E, IS_TAG_LIST, 0 },
	{ STR("comments"), CORE, E, IS_COMMENTS, 0 },
	{ STR("duration"), NS_ITUNES, E, IS_DURATION, 0 },
	{ STR("enclosure"), CORE, E, IS_ENCLOSURE, 0 },
	{ STR("content"), NS_MEDIA, E, IS_MEDIA, 0 },
	{ STR("group"), NS_MEDIA, E, IS_PASSED, 0 },
	{ STR("peerlink"), NS_MEDIA, E, IS_PEER, 0 },
	{ STR("thumbnail"), NS_MEDIA, E, IS_THUMBNAIL, 0 },

	{ STR("textinput"), CORE, F, IS_SKIPPED, 0 },
	{ STR("cloud"), CORE, F, IS_SKIPPED, 0 },
	{ STR("source"), CORE, E, IS_SKIPPED, 0 },
};

enum { RULE_COUNT = sizeof(rules) / sizeof(rules[0]) };
_Static_assert((int)RULE_COUNT < (int)FEED_MAX_RULES, "an index of a rule fits its chain");

/* Rules by the first letter of their name, in the order of the table; 0 ends a chain, so indices
 * count from 1. */
void feed_index_rules(struct feed *f)
{
	for (size_t i = RULE_COUNT; i > 0; i--) {
		unsigned char *head = &f->rule_heads[(unsigned char)rules[i - 1].name.ptr[0] % 32];

		f->rule_chain[i] = *head;
		*head = (unsigned char)i;
	}
}

static const struct feed_rule *find_rule(const struct feed *f, enum feed_place place, unsigned ns,
					 struct str local)
{
	size_t i = f->rule_heads[(unsigned char)local.ptr[0] % 32];

	for (; i > 0; i = f->rule_chain[i]) {
		const struct feed_rule *r = &rules[i - 1];

		if ((r->ns & ns) && (r->places & (unsigned)place) && str_eq(r->name, local))
			return r;
	}
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

/* bound: whether the document declares prefix; one that it does not is taken as is usual. */
static unsigned ns_of(const struct feed *f, struct str prefix, bool *bound)
{
	*bound = true;
	for (size_t i = f->binding_count; i-- > 0;) {
		const struct feed_binding *b = &f->bindings[i];

		if (str_eq(str_n(f->names.ptr + b->prefix_at, b->prefix_len), prefix))
			return b->ns == NS_XMLNS ? f->core : b->ns;
	}
	if (!prefix.len)
		return f->core;
	*bound = f->binding_count == FEED_MAX_BINDINGS; /* who knows */
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

static const struct feed_rule *rule_of(struct feed *f, enum feed_place place, struct str name,
				       unsigned *ns, struct str *local, char room[64], bool *bound)
{
	struct str prefix;

	feed_split_name(name, &prefix, local);
	*local = folded(*local, room);
	/* the root says by its name what an element without a namespace is */
	if (f->depth <= 1 && !f->core)
		f->core = str_eq(*local, S("feed")) ? NS_ATOM : NS_RSS;
	*ns = ns_of(f, prefix, bound);
	return place == PLACE_NOWHERE ? NULL : find_rule(f, place, *ns, *local);
}

const struct feed_rule *feed_rule_at(struct feed *f, enum feed_place place, struct str name,
				     unsigned *ns, struct str *local, char room[64])
{
	bool bound;
	const struct feed_rule *rule = rule_of(f, place, name, ns, local, room, &bound);

	f->info.malformed = f->info.malformed || !bound;
	return rule;
}

bool feed_begins_entry(struct feed *f, struct str name)
{
	const struct feed_rule *rule;
	struct str local;
	char room[64];
	unsigned ns;
	bool bound; /* by its own attributes, which are not read yet */

	if (f->depth == 0 || !name.len || f->stack[f->depth - 1].place == PLACE_NOWHERE)
		return false;
	rule = rule_of(f, PLACE_FEED, name, &ns, &local, room, &bound);
	return rule && rule->what == IS_ENTRY;
}

static const struct str html_names[] = {
	STR("link"),    STR("title"),    STR("body"), STR("div"),     STR("source"),
	STR("summary"), STR("image"),    STR("a"),    STR("content"), STR("category"),
	STR("link"),    STR("abstract"), STR("url"),  STR("name"),
};

bool feed_collects_long_text(const struct feed *f)
{
	enum what what = f->stack[f->collect_depth - 1].rule->what;

	return what == IS_DESCRIPTION || what == IS_SUMMARY || what == IS_CONTENT;
}

bool feed_ends_field(struct feed *f, struct str name)
{
	enum feed_place place =
		f->collect_depth > 1 ? f->stack[f->collect_depth - 2].place : PLACE_ROOT;
	const struct feed_rule *rule;
	struct str local;
	char room[64];
	unsigned ns;
	bool bound;

	rule = rule_of(f, place, name, &ns, &local, room, &bound);
	if (!rule)
		return false;
	if (!feed_collects_long_text(f))
		return true;
	for (size_t i = 0; i < sizeof(html_names) / sizeof(html_names[0]); i++)
		if (str_eq(local, html_names[i]))
			return false;
	return true;
}
