/* What machines read besides feeds: sitemaps, robots.txt, the OpenSearch description. */
#include <string.h>

#include "site/private.h"
#include "text/escape.h"
#include "text/json.h"

void sitemap_start(struct buf *out)
{
	buf_add(out, S("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		       "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"));
}

void sitemap_add(const struct site *s, struct arena *a, struct buf *out, struct str path,
		 int64_t modified)
{
	buf_add(out, S("<url><loc>"));
	public_url_to(s, out, path);
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
			public_url_to(s, out, sitemap_path(a, months[i].name, part));
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

/* Two letters (ISO 639), but for Chinese, of which Google tells two apart. */
static struct str news_language(struct site *s, struct str language)
{
	struct str tag = language.len ? language : s->opt.language;
	size_t dash = str_find_ch(tag, '-');

	if (str_has_prefix_nocase(tag, S("zh"))) {
		static const char *const traditional[] = { "zh-hant", "zh-tw", "zh-hk", "zh-mo" };

		for (size_t i = 0; i < sizeof(traditional) / sizeof(traditional[0]); i++)
			if (str_has_prefix_nocase(tag, str_of(traditional[i])))
				return S("zh-tw");
		return S("zh-cn");
	}
	return dash == STR_NONE ? tag : str_sub(tag, 0, dash);
}

static void news_add(struct site *s, struct arena *a, struct buf *out, const struct headline *h)
{
	const struct site_source *source = site_source(s, h->source);

	buf_add(out, S("<url><loc>"));
	public_url_to(s, out, h->path);
	buf_add(out, S("</loc><news:news><news:publication><news:name>"));
	buf_add_xml(out, source ? source->name : s->opt.title);
	buf_add(out, S("</news:name><news:language>"));
	buf_add_xml(out, news_language(s, h->language));
	buf_add(out, S("</news:language></news:publication><news:publication_date>"));
	buf_add(out, rfc3339(a, h->date, 0));
	buf_add(out, S("</news:publication_date><news:title>"));
	buf_add_xml(out, h->title);
	buf_add(out, S("</news:title></news:news></url>\n"));
}

bool sitemap_has_news(const struct site *s)
{
	return s->opt.base_url.len && !s->opt.noindex;
}

int sitemap_news(struct site *s, struct arena *a, struct buf *out, struct err *err)
{
	static const int64_t span = NEWS_DAYS * (int64_t)86400000;
	struct store_query q = { .from = TIME_UNSTATED, .to = TIME_UNSTATED, .limit = NEWS_MAX };
	struct store_walk *walk = NULL;
	struct article art;
	int64_t newest = TIME_UNSTATED;

	if (!sitemap_has_news(s))
		return err_set(err, ERR_NOTFOUND, "no sitemap of news");
	buf_add(out, S("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		       "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" "
		       "xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">\n"));
	int r = store_walk_open(s->store, &q, &walk, err);
	while (r >= 0 && (r = store_walk_next(walk, a, &art, err)) > 0) {
		struct headline h;

		headline_of(a, &art, &h);
		newest = newest == TIME_UNSTATED ? h.date : newest;
		if (h.date < newest - span)
			break;
		if (h.gone == TIME_UNSTATED)
			news_add(s, a, out, &h);
	}
	store_walk_close(&walk);
	sitemap_end(out);
	return r < 0 ? r : buf_check(out, err);
}

void robots_render(const struct site *s, struct buf *out)
{
	static const char *const sitemaps[] = { "sitemap.xml", "sitemap-news.xml" };
	struct str base = s->opt.base_url;

	buf_add(out, S("User-agent: *\n"));
	if (s->opt.noindex)
		buf_add(out, S("Disallow: /\n"));
	else
		buf_addf(out, "Disallow: %.*ssearch\n", STR_FMT(s->base_path));
	if (!base.len || s->opt.noindex)
		return;
	base.len -= base.ptr[base.len - 1] == '/';
	for (size_t i = 0; i < sizeof(sitemaps) / sizeof(sitemaps[0]); i++)
		buf_addf(out, "Sitemap: %.*s/%s\n", STR_FMT(base), sitemaps[i]);
}

/* What a browser shows where a reader puts the site on a telephone's first screen. */
void manifest_render(const struct site *s, struct buf *out)
{
	struct json j;

	json_start(&j, out, 0);
	json_begin_object(&j);
	json_member(&j, "name", s->opt.title);
	json_member_opt(&j, "description", s->opt.subtitle);
	json_member(&j, "lang", s->opt.language);
	json_member(&j, "dir", theme_language_is_rtl(s->opt.language) ? S("rtl") : S("ltr"));
	json_member(&j, "start_url", S("index.html"));
	json_member(&j, "scope", S("./"));
	json_member(&j, "display", S("minimal-ui"));
	json_member(&j, "background_color", S("#fcfbf8"));
	json_member(&j, "theme_color", S("#fcfbf8"));
	json_add_key(&j, S("icons"));
	json_begin_array(&j);
	json_begin_object(&j);
	json_member(&j, "src", S("favicon.svg"));
	json_member(&j, "type", S("image/svg+xml"));
	json_member(&j, "sizes", S("any"));
	json_end(&j);
	json_end(&j);
	json_end(&j);
	buf_add_ch(out, '\n');
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
	/* Plain files have the page whose script searches. */
	buf_add(out, s->opt.live ? S("/search") : S("/search.html"));
	buf_add(out, S("?q={searchTerms}\"/>\n</OpenSearchDescription>\n"));
}
