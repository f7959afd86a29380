/* What machines read: Atom feeds (RFC 4287), sitemaps, robots.txt, the OpenSearch description. */
#include <string.h>

#include "site/private.h"
#include "text/escape.h"
#include "text/url.h"

static void add_time(struct arena *a, struct buf *out, const char *name, int64_t ms)
{
	if (ms == TIME_UNSTATED)
		return;
	buf_addf(out, "<%s>", name);
	buf_add(out, rfc3339(a, ms, 0));
	buf_addf(out, "</%s>\n", name);
}

static void add_element(struct buf *out, const char *name, struct str text)
{
	if (!text.len)
		return;
	buf_addf(out, "<%s>", name);
	buf_add_xml(out, text);
	buf_addf(out, "</%s>\n", name);
}

static void add_link(struct buf *out, const char *rel, struct str url, const char *type)
{
	buf_addf(out, "<link rel=\"%s\"%s%s%s href=\"", rel, type ? " type=\"" : "",
		 type ? type : "", type ? "\"" : "");
	buf_add_xml(out, url);
	buf_add(out, S("\"/>\n"));
}

static void feed_start(struct site *s, struct arena *a, struct buf *out, struct str title,
		       struct str path, struct str page, int64_t updated)
{
	struct str self = public_url(s, a, path);

	buf_add(out, S("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed "
		       "xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\""));
	buf_add_xml(out, s->opt.language);
	buf_add(out, S("\">\n"));
	add_element(out, "title", title);
	/* An id must be an IRI with a scheme; without a base address the title makes one. */
	add_element(out, "id",
		    s->opt.base_url.len ? self
					: arena_strf(a, "urn:dibao:%.*s%.*s",
						     STR_FMT(url_escape(a, s->opt.title)),
						     STR_FMT(path_escape(a, path))));
	add_time(a, out, "updated", updated == TIME_UNSTATED ? 0 : updated);
	add_link(out, "self", self, "application/atom+xml");
	add_link(out, "alternate", public_url(s, a, page), "text/html");
	buf_add(out, S("<author><name>"));
	buf_add_xml(out, s->opt.author.len ? s->opt.author : s->opt.title);
	buf_add(out, S("</name></author>\n<generator "
		       "uri=\"https://github.com/dibao/dibao\">dibao</generator>\n"));
}

/* id: the address at the publisher, which does not depend on where the mirror stands. */
static void entry_start(const struct site *s, struct arena *a, struct buf *out,
			const struct headline *h)
{
	const struct site_source *source = site_source(s, h->source);

	buf_add(out, S("<entry"));
	if (h->language.len && !str_eq(h->language, s->opt.language)) {
		buf_add(out, S(" xml:lang=\""));
		buf_add_xml(out, h->language);
		buf_add(out, S("\""));
	}
	buf_add(out, S(">\n"));
	add_element(out, "title", h->title);
	add_element(out, "id", h->url.len ? h->url : public_url(s, a, h->path));
	add_link(out, "alternate", public_url(s, a, h->path), "text/html");
	if (url_is_http(h->url))
		add_link(out, "via", h->url, NULL);
	add_time(a, out, "published", h->date);
	add_time(a, out, "updated", h->updated);
	buf_add(out, S("<author><name>"));
	buf_add_xml(out, source ? source->name : h->source.len ? h->source : s->opt.title);
	buf_add(out, S("</name></author>\n"));
}

static void add_categories(struct arena *a, struct buf *out, const struct article *art)
{
	struct strs tags = article_tags(a, art);

	for (size_t i = 0; i < tags.count; i++) {
		buf_add(out, S("<category term=\""));
		buf_add_xml(out, tags.items[i]);
		buf_add(out, S("\"/>\n"));
	}
}

static void add_article(struct site *s, struct arena *a, struct buf *out, const struct article *art)
{
	struct headline h;
	struct buf html;

	headline_of(a, art, &h);
	entry_start(s, a, out, &h);
	add_categories(a, out, art);
	buf_init(&html, PAGE_MAX_OUT);
	media_to_links(s, a, art->html, NULL, &html);
	if (html.len) {
		buf_add(out, S("<content type=\"html\">"));
		buf_add_xml(out, buf_str(&html));
		buf_add(out, S("</content>\n"));
	} else {
		add_element(out, "summary", h.excerpt);
	}
	buf_fini(&html);
	buf_add(out, S("</entry>\n"));
}

/* Times of entries decide when the feed was last updated: they come first. */
static int add_articles(struct site *s, struct arena *a, const struct store_query *q,
			struct buf *entries, int64_t *updated, struct err *err)
{
	struct store_walk *walk = NULL;
	struct article art;
	int r = store_walk_open(s->store, q, &walk, err);

	*updated = TIME_UNSTATED;
	for (int64_t n = 0; r >= 0 && n < q->limit && (r = store_walk_next(walk, a, &art, err)) > 0;
	     n++) {
		struct headline h;

		headline_of(a, &art, &h);
		if (h.updated > *updated)
			*updated = h.updated;
		add_article(s, a, entries, &art);
	}
	store_walk_close(&walk);
	return r < 0 ? r : 0;
}

static int feed_of(struct site *s, struct arena *a, const struct store_query *q, struct str title,
		   struct str path, struct str page, struct buf *out, struct err *err)
{
	struct buf entries;
	int64_t updated;

	buf_init(&entries, PAGE_MAX_OUT);
	int r = add_articles(s, a, q, &entries, &updated, err);
	if (r == 0) {
		feed_start(s, a, out, title, path, page, updated);
		buf_add(out, buf_str(&entries));
		buf_add(out, S("</feed>\n"));
		r = buf_check(&entries, err);
	}
	buf_fini(&entries);
	return r < 0 ? r : buf_check(out, err);
}

int feed_whole(struct site *s, struct arena *a, struct buf *out, struct err *err)
{
	struct store_query q = {
		.from = TIME_UNSTATED,
		.to = TIME_UNSTATED,
		.limit = FEED_WHOLE,
		.with = STORE_ALL,
	};

	return feed_of(s, a, &q, s->opt.title, S("/feed.xml"), S("/index.html"), out, err);
}

int feed_list(struct site *s, struct arena *a, const struct list_ref *ref, struct buf *out,
	      struct err *err)
{
	struct str path = list_path(a, ref);
	struct str title = arena_strf(a, "%.*s \xE2\x80\x93 %.*s", STR_FMT(list_title(s, a, ref)),
				      STR_FMT(s->opt.title));
	struct store_query q;

	if (list_query(s, ref, &q, err) < 0)
		return err->code;
	q.limit = FEED_PART;
	if (ref->kind == LIST_SOURCE) {
		q.with = STORE_ALL;
		return feed_of(s, a, &q, title, arena_strf(a, "%.*s.xml", STR_FMT(path)),
			       arena_strf(a, "%.*s.html", STR_FMT(path)), out, err);
	}
	struct headline items[FEED_PART];
	struct store_walk *walk = NULL;
	struct article art;
	size_t n = 0;
	int r = store_walk_open(s->store, &q, &walk, err);
	while (r >= 0 && n < FEED_PART && (r = store_walk_next(walk, a, &art, err)) > 0)
		headline_of(a, &art, &items[n++]);
	store_walk_close(&walk);
	if (r < 0)
		return r;
	feed_headlines(s, a, ref, items, n, out);
	return buf_check(out, err);
}

void feed_headlines(struct site *s, struct arena *a, const struct list_ref *ref,
		    const struct headline *items, size_t count, struct buf *out)
{
	struct str path = list_path(a, ref);
	struct str title = arena_strf(a, "%.*s \xE2\x80\x93 %.*s", STR_FMT(list_title(s, a, ref)),
				      STR_FMT(s->opt.title));
	int64_t updated = TIME_UNSTATED;

	for (size_t i = 0; i < count; i++)
		updated = items[i].updated > updated ? items[i].updated : updated;
	feed_start(s, a, out, title, arena_strf(a, "%.*s.xml", STR_FMT(path)),
		   arena_strf(a, "%.*s.html", STR_FMT(path)), updated);
	for (size_t i = 0; i < count; i++) {
		entry_start(s, a, out, &items[i]);
		add_element(out, "summary", items[i].excerpt);
		buf_add(out, S("</entry>\n"));
	}
	buf_add(out, S("</feed>\n"));
}

void sitemap_start(struct buf *out)
{
	buf_add(out, S("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		       "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"));
}

void sitemap_add(const struct site *s, struct arena *a, struct buf *out, struct str path,
		 int64_t modified)
{
	buf_add(out, S("<url><loc>"));
	buf_add_xml(out, public_url(s, a, path));
	buf_add(out, S("</loc>"));
	if (modified != TIME_UNSTATED) {
		buf_add(out, S("<lastmod>"));
		buf_add(out, rfc3339(a, modified, 0));
		buf_add(out, S("</lastmod>"));
	}
	buf_add(out, S("</url>\n"));
}

void sitemap_end(struct buf *out)
{
	buf_add(out, S("</urlset>\n"));
}

struct str sitemap_path(struct arena *a, struct str month, int64_t part)
{
	return arena_strf(a, "/sitemap/%.*s-%lld.xml", STR_FMT(month), (long long)part);
}

int sitemap_index(struct site *s, struct arena *a, struct buf *out, struct err *err)
{
	struct store_group *months;
	size_t count;

	if (site_months(s, &months, &count, err) < 0)
		return err->code;
	buf_add(out, S("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		       "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"));
	for (size_t i = count; i-- > 0;)
		for (int64_t part = 1; part <= (months[i].count + SITEMAP_PAGE - 1) / SITEMAP_PAGE;
		     part++) {
			buf_add(out, S("<sitemap><loc>"));
			buf_add_xml(out, public_url(s, a, sitemap_path(a, months[i].name, part)));
			buf_add(out, S("</loc></sitemap>\n"));
		}
	buf_add(out, S("</sitemapindex>\n"));
	return buf_check(out, err);
}

/* The last of a month's sitemaps is read from the end: an offset makes the database read all it
 * passes over. */
int sitemap_part(struct site *s, struct arena *a, struct str month, int64_t part, struct buf *out,
		 struct err *err)
{
	struct store_query q = { .limit = SITEMAP_PAGE };
	struct store_walk *walk = NULL;
	struct headline *items = arena_array(a, SITEMAP_PAGE, sizeof(*items));
	struct article art;
	int64_t total, n = 0;
	int r;

	if (!month_range(month, s->opt.zone_min, &q.from, &q.to))
		return err_set(err, ERR_NOTFOUND, "no month %.*s", STR_FMT(month));
	if (store_count(s->store, &q, &total, err) < 0)
		return err->code;
	if ((part - 1) * SITEMAP_PAGE >= total)
		return err_set(err, ERR_NOTFOUND, "no sitemap of %.*s", STR_FMT(month));
	if (part * SITEMAP_PAGE >= total)
		q.limit = total - (part - 1) * SITEMAP_PAGE;
	else
		q.offset = total - part * SITEMAP_PAGE;
	r = store_walk_open(s->store, &q, &walk, err);
	while (r >= 0 && n < q.limit && (r = store_walk_next(walk, a, &art, err)) > 0)
		headline_of(a, &art, &items[n++]);
	store_walk_close(&walk);
	sitemap_start(out);
	while (n-- > 0)
		sitemap_add(s, a, out, items[n].path, items[n].updated);
	sitemap_end(out);
	return r < 0 ? r : buf_check(out, err);
}

void robots_render(const struct site *s, struct buf *out)
{
	buf_add(out, S("User-agent: *\n"));
	buf_add_cstr(out, s->opt.noindex ? "Disallow: /\n" : "Disallow:\nDisallow: /search\n");
	if (s->opt.base_url.len && !s->opt.noindex) {
		struct str base = s->opt.base_url;

		base.len -= base.ptr[base.len - 1] == '/';
		buf_addf(out, "Sitemap: %.*s/sitemap.xml\n", STR_FMT(base));
	}
}

void opensearch_render(const struct site *s, struct buf *out)
{
	struct str base = s->opt.base_url;

	base.len -= base.len && base.ptr[base.len - 1] == '/';
	buf_add(out, S("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		       "<OpenSearchDescription "
		       "xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n<ShortName>"));
	/* At most 16 characters, says the specification; readers take more. */
	buf_add_xml(out, s->opt.title);
	buf_add(out, S("</ShortName>\n<Description>"));
	buf_add_xml(out, s->opt.subtitle.len ? s->opt.subtitle : s->opt.title);
	buf_add(out, S("</Description>\n<InputEncoding>UTF-8</InputEncoding>\n<Url "
		       "type=\"text/html\" template=\""));
	buf_add_xml(out, base);
	buf_add(out, S("/search?q={searchTerms}\"/>\n</OpenSearchDescription>\n"));
}
