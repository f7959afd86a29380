/*
 * meta - what the page's head says about it: <meta>, <link>, <title>, <html lang>, <base>, and
 * where its scripts of data stand.
 */
#include <string.h>

#include "base/mem.h"
#include "page/private.h"
#include "text/escape.h"
#include "text/url.h"
#include "text/utf8.h"

enum { MAX_LIST = 200, STATE_MIN_BYTES = 500 };

void strs_add(struct arena *mem, struct strs *list, size_t *cap, struct str s)
{
	if (list->count == *cap) {
		size_t bigger = *cap ? *cap * 2 : 8;
		list->items = arena_grow(mem, list->items, *cap * sizeof(struct str),
					 bigger * sizeof(struct str));
		*cap = bigger;
	}
	list->items[list->count++] = s;
}

void people_add(struct arena *mem, struct person_list *list, struct str role, struct str name,
		struct str url)
{
	if (list->count >= MAX_LIST)
		return;
	if (list->count == list->cap) {
		size_t bigger = list->cap ? list->cap * 2 : 8;
		list->items = arena_grow(mem, list->items, list->cap * sizeof(struct person),
					 bigger * sizeof(struct person));
		list->cap = bigger;
	}
	list->items[list->count++] = (struct person){ role, name, url };
}

/* Names of <meta> that mean one field; earlier rows of a field are believed before later ones. */
enum meta_field {
	META_OG_TITLE,
	META_TW_TITLE,
	META_TITLE,
	META_DESCRIPTION,
	META_OG_SITE,
	META_APP_NAME,
	META_SECTION,
	META_OG_URL,
	META_IMAGE,
	META_PUBLISHED,
	META_MODIFIED,
	META_AUTHOR,
	META_KEYWORDS,
	META_NEWS_KEYWORDS,
	META_TAG,
	META_LANGUAGE,
	META_LICENCE,
	META_PUBLISHER,
	META_REFRESH,
	META_OG_TYPE,
	META_FIELDS
};

static const struct {
	struct str name;
	enum meta_field field;
	unsigned char rank; /* smaller is better */
} meta_names[] = {
	{ STR("og:title"), META_OG_TITLE, 1 },
	{ STR("twitter:title"), META_TW_TITLE, 1 },
	{ STR("title"), META_TITLE, 3 },
	{ STR("dc.title"), META_TITLE, 2 },
	{ STR("dcterms.title"), META_TITLE, 2 },
	{ STR("headline"), META_TITLE, 1 },
	{ STR("parsely-title"), META_TITLE, 1 },
	{ STR("sailthru.title"), META_TITLE, 1 },
	{ STR("cxenseparse:title"), META_TITLE, 1 },
	{ STR("og:description"), META_DESCRIPTION, 1 },
	{ STR("description"), META_DESCRIPTION, 2 },
	{ STR("twitter:description"), META_DESCRIPTION, 3 },
	{ STR("dc.description"), META_DESCRIPTION, 4 },
	{ STR("og:site_name"), META_OG_SITE, 1 },
	{ STR("application-name"), META_APP_NAME, 1 },
	{ STR("apple-mobile-web-app-title"), META_APP_NAME, 2 },
	{ STR("article:section"), META_SECTION, 1 },
	{ STR("parsely-section"), META_SECTION, 2 },
	{ STR("og:article:section"), META_SECTION, 2 },
	{ STR("cxenseparse:section"), META_SECTION, 3 },
	{ STR("section"), META_SECTION, 3 },
	{ STR("og:url"), META_OG_URL, 1 },
	{ STR("og:image"), META_IMAGE, 1 },
	{ STR("og:image:url"), META_IMAGE, 2 },
	{ STR("og:image:secure_url"), META_IMAGE, 3 },
	{ STR("twitter:image"), META_IMAGE, 4 },
	{ STR("twitter:image:src"), META_IMAGE, 5 },
	{ STR("parsely-image-url"), META_IMAGE, 6 },
	{ STR("article:published_time"), META_PUBLISHED, 1 },
	{ STR("og:article:published_time"), META_PUBLISHED, 2 },
	{ STR("datepublished"), META_PUBLISHED, 3 },
	{ STR("parsely-pub-date"), META_PUBLISHED, 4 },
	{ STR("cxenseparse:recs:publishtime"), META_PUBLISHED, 5 },
	{ STR("sailthru.date"), META_PUBLISHED, 6 },
	{ STR("article:published"), META_PUBLISHED, 6 },
	{ STR("pubdate"), META_PUBLISHED, 7 },
	{ STR("publishdate"), META_PUBLISHED, 8 },
	{ STR("publish-date"), META_PUBLISHED, 8 },
	{ STR("publish_date"), META_PUBLISHED, 8 },
	{ STR("date.created"), META_PUBLISHED, 9 },
	{ STR("dc.date.issued"), META_PUBLISHED, 9 },
	{ STR("dcterms.created"), META_PUBLISHED, 9 },
	{ STR("dc.date.created"), META_PUBLISHED, 9 },
	{ STR("dcterms.issued"), META_PUBLISHED, 9 },
	{ STR("dc.date"), META_PUBLISHED, 10 },
	{ STR("dcterms.date"), META_PUBLISHED, 10 },
	{ STR("date"), META_PUBLISHED, 11 },
	{ STR("article.published"), META_PUBLISHED, 7 },
	{ STR("og:published_time"), META_PUBLISHED, 6 },
	{ STR("publication_date"), META_PUBLISHED, 8 },
	{ STR("citation_publication_date"), META_PUBLISHED, 12 },
	{ STR("originalpublicationdate"), META_PUBLISHED, 7 },
	{ STR("bt:pubdate"), META_PUBLISHED, 8 },
	{ STR("article.created"), META_PUBLISHED, 9 },
	{ STR("og:pubdate"), META_PUBLISHED, 7 },
	{ STR("dateposted"), META_PUBLISHED, 8 },
	{ STR("article_date_original"), META_PUBLISHED, 5 },
	{ STR("last-modified"), META_MODIFIED, 5 },
	{ STR("article:modified_time"), META_MODIFIED, 1 },
	{ STR("og:updated_time"), META_MODIFIED, 4 },
	{ STR("datemodified"), META_MODIFIED, 2 },
	{ STR("dcterms.modified"), META_MODIFIED, 3 },
	{ STR("dc.date.modified"), META_MODIFIED, 3 },
	{ STR("lastmod"), META_MODIFIED, 4 },
	{ STR("article:modified"), META_MODIFIED, 4 },
	{ STR("author"), META_AUTHOR, 1 },
	{ STR("article:author"), META_AUTHOR, 2 },
	{ STR("article:author_name"), META_AUTHOR, 2 },
	{ STR("parsely-author"), META_AUTHOR, 2 },
	{ STR("sailthru.author"), META_AUTHOR, 2 },
	{ STR("dc.creator"), META_AUTHOR, 3 },
	{ STR("dcterms.creator"), META_AUTHOR, 3 },
	{ STR("byl"), META_AUTHOR, 2 },
	{ STR("authors"), META_AUTHOR, 2 },
	{ STR("citation_author"), META_AUTHOR, 3 },
	{ STR("cxenseparse:author"), META_AUTHOR, 2 },
	{ STR("og:article:author"), META_AUTHOR, 3 },
	{ STR("twitter:creator"), META_FIELDS, 9 },
	{ STR("keywords"), META_KEYWORDS, 1 },
	{ STR("parsely-tags"), META_KEYWORDS, 2 },
	{ STR("sailthru.tags"), META_KEYWORDS, 2 },
	{ STR("news_keywords"), META_NEWS_KEYWORDS, 1 },
	{ STR("article:tag"), META_TAG, 1 },
	{ STR("og:article:tag"), META_TAG, 2 },
	{ STR("content-language"), META_LANGUAGE, 1 },
	{ STR("og:locale"), META_LANGUAGE, 2 },
	{ STR("dc.language"), META_LANGUAGE, 2 },
	{ STR("language"), META_LANGUAGE, 3 },
	{ STR("inlanguage"), META_LANGUAGE, 3 },
	{ STR("dc.rights"), META_LICENCE, 2 },
	{ STR("dcterms.license"), META_LICENCE, 1 },
	{ STR("article:publisher"), META_PUBLISHER, 2 },
	{ STR("publisher"), META_PUBLISHER, 1 },
	{ STR("dc.publisher"), META_PUBLISHER, 1 },
	{ STR("refresh"), META_REFRESH, 1 },
	{ STR("og:type"), META_OG_TYPE, 1 },
};

struct meta_scan {
	struct page_extractor *x;
	unsigned char rank[META_FIELDS];
};

static struct str clean(struct page_extractor *x, struct str s)
{
	return utf8_squeeze(x->mem, s);
}

static void add_keywords(struct page_extractor *x, struct strs *list, size_t *cap, struct str s)
{
	if (list->count < MAX_LIST)
		strs_add(x->mem, list, cap, s);
}

static struct str *text_field(struct meta *m, enum meta_field field)
{
	switch (field) {
	case META_OG_TITLE: return &m->og_title;
	case META_TW_TITLE: return &m->tw_title;
	case META_TITLE: return &m->meta_title;
	case META_DESCRIPTION: return &m->description;
	case META_OG_SITE: return &m->og_site;
	case META_APP_NAME: return &m->app_name;
	case META_SECTION: return &m->section;
	case META_OG_URL: return &m->og_url;
	case META_IMAGE: return &m->image;
	case META_PUBLISHED: return &m->published;
	case META_MODIFIED: return &m->modified;
	case META_LANGUAGE: return &m->content_language;
	case META_LICENCE: return &m->licence;
	case META_PUBLISHER: return &m->publisher;
	case META_REFRESH: return &m->refresh;
	case META_OG_TYPE: return &m->og_type;
	default: return NULL;
	}
}

static void take_meta(struct meta_scan *scan, struct str name, struct str content)
{
	struct page_extractor *x = scan->x;
	struct meta *m = &x->meta;
	size_t row = 0, rows = sizeof(meta_names) / sizeof(meta_names[0]);

	while (row < rows && !str_eq_nocase(meta_names[row].name, name))
		row++;
	content = clean(x, content);
	if (row == rows || content.len == 0)
		return;
	enum meta_field field = meta_names[row].field;
	unsigned char rank = meta_names[row].rank;
	struct str *place = text_field(m, field);
	if (place && (scan->rank[field] == 0 || rank < scan->rank[field])) {
		*place = content;
		scan->rank[field] = rank;
	} else if (field == META_AUTHOR) {
		people_add(x->mem, &m->authors, S("author"), content, S(""));
	} else if (field == META_KEYWORDS) {
		add_keywords(x, &m->keywords, &m->keyword_cap, content);
	} else if (field == META_NEWS_KEYWORDS) {
		add_keywords(x, &m->news_keywords, &m->news_cap, content);
	} else if (field == META_TAG) {
		add_keywords(x, &m->tags, &m->tag_cap, content);
	}
}

static void read_meta(struct meta_scan *scan, lxb_dom_node_t *node)
{
	struct str content = { 0 }, property = { 0 }, name = { 0 }, itemprop = { 0 }, equiv = { 0 };

	for (lxb_dom_attr_t *a = lxb_dom_interface_element(node)->first_attr; a; a = a->next) {
		size_t len = 0;
		const char *key = (const char *)lxb_dom_attr_local_name(a, &len);
		struct str k = str_n(key, len);
		struct str v = a->value ? str_n((const char *)a->value->data, a->value->length)
					: (struct str){ 0 };

		if (a->node.local_name == LXB_DOM_ATTR_CONTENT)
			content = v;
		else if (str_eq(k, S("property")))
			property = v;
		else if (str_eq(k, S("name")))
			name = v;
		else if (str_eq(k, S("itemprop")))
			itemprop = v;
		else if (a->node.local_name == LXB_DOM_ATTR_HTTP_EQUIV)
			equiv = v;
	}
	/* property may hold several names: "og:image twitter:image". */
	struct str word, rest = property;
	while (str_split(&rest, ' ', &word))
		if (word.len)
			take_meta(scan, word, content);
	if (name.len && !str_eq(name, property))
		take_meta(scan, str_trim(name), content);
	if (itemprop.len && !name.len && !property.len)
		take_meta(scan, itemprop, content);
	if (equiv.len)
		take_meta(scan, equiv, content);
}

static const struct {
	struct str type;
	int rank;
} feed_types[] = {
	{ STR("application/rss+xml"), 1 },
	{ STR("application/atom+xml"), 1 },
	{ STR("application/feed+json"), 2 },
	{ STR("application/rdf+xml"), 3 },
	{ STR("text/rss+xml"), 3 },
	{ STR("application/json"), 4 },
	{ STR("text/xml"), 4 },
	{ STR("application/xml"), 4 },
};

static bool has_word(struct str list, struct str word)
{
	struct str piece;

	while (str_split(&list, ' ', &piece))
		if (str_eq_nocase(piece, word))
			return true;
	return false;
}

static void add_feed(struct page_extractor *x, struct str href, struct str type, struct str title)
{
	struct meta *m = &x->meta;
	size_t row = 0, rows = sizeof(feed_types) / sizeof(feed_types[0]);
	struct str plain = str_trim(str_sub(type, 0, str_find_ch(type, ';')));

	while (row < rows && !str_eq_nocase(feed_types[row].type, plain))
		row++;
	if (row == rows || href.len == 0 || m->feed_count >= MAX_LIST)
		return;
	/* WordPress names its REST API as an alternate of this type; that is no feed. */
	if (feed_types[row].rank == 4 &&
	    (str_contains(href, S("/wp-json/")) || str_contains(href, S("oembed"))))
		return;
	if (m->feed_count == m->feed_cap) {
		size_t bigger = m->feed_cap ? m->feed_cap * 2 : 8;
		m->feed_items =
			arena_grow(x->mem, m->feed_items, m->feed_cap * sizeof(*m->feed_items),
				   bigger * sizeof(*m->feed_items));
		m->feed_cap = bigger;
	}
	m->feed_items[m->feed_count++] = (struct page_feed){ href, clean(x, title), plain };
}

static void read_link(struct page_extractor *x, lxb_dom_node_t *node)
{
	struct str rel = node_attr(node, "rel"),
		   href = str_trim(node_attr_id(node, LXB_DOM_ATTR_HREF));
	struct meta *m = &x->meta;

	if (has_word(rel, S("canonical")) && !m->canonical.len)
		m->canonical = href;
	else if (has_word(rel, S("license")) && !m->licence.len)
		m->licence = href;
	else if (has_word(rel, S("alternate")))
		add_feed(x, href, node_attr_id(node, LXB_DOM_ATTR_TYPE),
			 node_attr_id(node, LXB_DOM_ATTR_TITLE));
	else if (has_word(rel, S("image_src")) && !m->image.len)
		m->image = href;
}

static void add_script(struct page_extractor *x, lxb_dom_node_t ***items, size_t *count,
		       size_t *cap, lxb_dom_node_t *node)
{
	if (*count >= MAX_LIST)
		return;
	if (*count == *cap) {
		size_t bigger = *cap ? *cap * 2 : 8;
		*items = arena_grow(x->mem, *items, *cap * sizeof(**items),
				    bigger * sizeof(**items));
		*cap = bigger;
	}
	(*items)[(*count)++] = node;
}

static void read_script(struct page_extractor *x, lxb_dom_node_t *node)
{
	struct str type = node_attr_id(node, LXB_DOM_ATTR_TYPE);
	struct meta *m = &x->meta;

	if (str_contains_nocase(type, S("ld+json"))) {
		add_script(x, &m->ld_scripts, &m->ld_count, &m->ld_cap, node);
		return;
	}
	struct str raw = guard_script(&x->guard, node);
	if ((raw.len ? raw : dom_text(x->mem, node)).len >= STATE_MIN_BYTES)
		add_script(x, &m->state_scripts, &m->state_count, &m->state_cap, node);
}

static void read_node(struct meta_scan *scan, lxb_dom_node_t *node)
{
	struct page_extractor *x = scan->x;
	struct meta *m = &x->meta;

	switch (node->local_name) {
	case LXB_TAG_META: read_meta(scan, node); break;
	case LXB_TAG_LINK: read_link(x, node); break;
	case LXB_TAG_TITLE:
		if (!m->title_tag.len && node->ns == LXB_NS_HTML)
			m->title_tag = clean(x, dom_text(x->mem, node));
		break;
	case LXB_TAG_BASE:
		if (!m->base.len)
			m->base = str_trim(node_attr_id(node, LXB_DOM_ATTR_HREF));
		break;
	case LXB_TAG_SCRIPT: read_script(x, node); break;
	case LXB_TAG_HTML:
		m->html_lang = node_attr(node, "lang");
		if (!m->html_lang.len)
			m->html_lang = node_attr(node, "xml:lang");
		break;
	default: break;
	}
}

/* The tags read_node knows: the others' nodes need not be looked at in lexbor's memory. */
static bool is_of_meta(uint16_t tag)
{
	return tag == LXB_TAG_META || tag == LXB_TAG_LINK || tag == LXB_TAG_TITLE ||
	       tag == LXB_TAG_BASE || tag == LXB_TAG_SCRIPT || tag == LXB_TAG_HTML;
}

/* Head first, then what stands in the body: microdata's <meta>, scripts. */
void meta_read(struct page_extractor *x)
{
	struct meta_scan scan = { .x = x };
	const struct tree *t = &x->tree;

	for (uint32_t i = 0; i < t->count; i++) {
		const struct node *n = &t->nodes[i];

		if (n->flags & NODE_TEXT)
			continue;
		if (n->tag == LXB_TAG_HEAD) {
			for (lxb_dom_node_t *d = n->dom->first_child; d;) {
				if (d->type == LXB_DOM_NODE_TYPE_ELEMENT)
					read_node(&scan, d);
				if (d->first_child && d->local_name == LXB_TAG_NOSCRIPT) {
					d = d->first_child;
					continue;
				}
				while (!d->next && d->parent != n->dom)
					d = d->parent;
				d = d->next;
			}
		} else if (is_of_meta(n->tag)) {
			read_node(&scan, n->dom);
		}
	}
}
