/* What every page has: its head, links relative to it, words. */
#include <string.h>

#include "site/private.h"
#include "text/escape.h"
#include "text/url.h"
#include "text/utf8.h"

/* "", "../", "../../" ... or the absolute base of a page that stands at any depth. */
static struct str root_of(const struct site *s, const struct page_head *head)
{
	static const char up[] = "../../../../../../../../../../../../../../../../";
	size_t depth = (size_t)path_depth(head->path);

	if (head->absolute || depth * 3 >= sizeof(up))
		return s->base_path;
	return str_n(up, depth * 3);
}

static struct str link_from(struct str root, struct arena *a, struct str path)
{
	struct str rest = str_from(path_file(a, path), 1);
	char *out = arena_alloc(a, root.len + 3 * rest.len + 1);

	if (root.len)
		memcpy(out, root.ptr, root.len);
	return str_n(out, (size_t)(path_escape_to(out + root.len, rest) - out));
}

struct str page_link(const struct site *s, struct arena *a, const struct page_head *head,
		     struct str path)
{
	return link_from(root_of(s, head), a, path);
}

void put_link(const struct site *s, struct arena *a, const struct page_head *head, struct value *v,
	      const char *key, struct str path)
{
	struct str root = root_of(s, head), link = link_from(root, a, path);

	/* What is escaped for an address has no sign of markup left; a base address may have one.
	 */
	if (root.ptr == s->base_path.ptr)
		value_put_text(a, v, key, link);
	else
		value_put_plain(a, v, key, link);
}

void put_list_link(const struct site *s, struct arena *a, const struct page_head *head,
		   struct value *v, const char *key, struct str list)
{
	put_link(s, a, head, v, key, str_join(a, list, S(".html")));
}

struct str str_join(struct arena *a, struct str x, struct str y)
{
	char *out = arena_alloc(a, x.len + y.len + 1);

	if (x.len)
		memcpy(out, x.ptr, x.len);
	if (y.len)
		memcpy(out + x.len, y.ptr, y.len);
	return str_n(out, x.len + y.len);
}

struct str list_link(const struct site *s, struct arena *a, const struct page_head *head,
		     struct str list)
{
	return page_link(s, a, head, str_join(a, list, S(".html")));
}

void public_url_to(const struct site *s, struct buf *out, struct str path)
{
	struct str base = s->opt.base_url;

	path = str_eq(path, S("/index.html")) ? S("/") : path;
	if (base.len && base.ptr[base.len - 1] == '/')
		base.len--;
	buf_add_xml(out, base);
	char *to = buf_room(out, 3 * path.len);
	if (to)
		buf_advance(out, (size_t)(path_escape_to(to, path) - to));
}

struct str public_url(const struct site *s, struct arena *a, struct str path)
{
	struct str base = s->opt.base_url;

	path = str_eq(path, S("/index.html")) ? S("/") : path_escape(a, path);
	if (base.len && base.ptr[base.len - 1] == '/')
		base.len--;
	return str_join(a, base, path);
}

struct value *page_value(struct site *s, struct arena *a, const struct page_head *head)
{
	struct value *v = value_object(a);
	struct str lang = head->language.len ? head->language : s->opt.language;

	value_put_text(a, v, "root", root_of(s, head));
	value_put(a, v, "t", *s->words);
	value_put(a, v, "site", *s->shared);
	value_put_text(a, v, "lang", lang);
	value_put_text(a, v, "dir", theme_language_is_rtl(s->opt.language) ? S("rtl") : S("ltr"));
	value_put_text(a, v, "page_title", head->title);
	value_put_text(a, v, "description", head->description);
	value_put_text(a, v, "canonical", head->canonical);
	if (head->feed_path.len) {
		value_put_text(a, v, "feed_url", page_link(s, a, head, head->feed_path));
		value_put_text(a, v, "feed_title", head->feed_title);
	}
	value_put_bool(a, v, "is_article", head->article);
	value_put_bool(a, v, "is_front", str_eq(head->path, S("/index.html")));
	return v;
}

int page_render(struct site *s, const char *name, const struct value *v, struct buf *out,
		struct err *err)
{
	const struct template *t = template_find(s->theme.templates, str_of(name));

	if (!t)
		return err_set(err, ERR_CONFIG, "the theme has no %s.html", name);
	return template_render(t, v, out, err);
}

/* Whether there is anything to see: a title of nothing but marks and spaces names nothing. */
static bool is_visible(struct str s)
{
	for (size_t pos = 0; pos < s.len;) {
		uint32_t c = utf8_next(s, &pos);

		if (c < 0x7F ? c > 0x20
			     : c >= 0xA0 && !utf8_is_space(c) && (c < 0x200B || c > 0x206F) &&
				       (c < 0xFE00 || c > 0xFE0F) && c != 0x00AD)
			return true;
	}
	return false;
}

void headline_of(struct arena *a, const struct article *art, struct headline *out)
{
	*out = (struct headline){
		.id = art->id,
		.date = article_date(art),
		.offset_min = art->published_offset_min,
		.path = article_file(a, art),
		.title = art->title,
		.language = language_tag(a, art->language),
		.source = art->source,
		.url = art->url,
		.image = art->image,
		.updated = art->modified != TIME_UNSTATED && art->modified > article_date(art)
				   ? art->modified
				   : article_date(art),
		.gone = art->gone,
	};
	struct str text = art->text.len > 40 || !art->summary.len ? art->text : art->summary;
	out->excerpt = excerpt(a, text, 190);
	if (!is_visible(out->title))
		out->title = text.len ? excerpt(a, text, 60) : utf8_cut(art->url, 80);
}

/* Every member is put, empty or not: a template would else find the page's own of that name. */
void put_headline(struct site *s, struct arena *a, const struct page_head *head, struct value *v,
		  const struct headline *h)
{
	const struct site_source *source = site_source(s, h->source);
	bool differs = h->language.len && !str_eq(h->language, s->opt.language);

	put_link(s, a, head, v, "url", h->path);
	value_put_text(a, v, "title", h->title);
	value_put_text(a, v, "lang_differs", differs ? h->language : S(""));
	value_put_plain(a, v, "datetime", rfc3339(a, h->date, s->opt.zone_min));
	value_put_text(a, v, "time", format_time(s, a, "time", h->date, s->opt.zone_min));
	value_put_text(a, v, "date", format_time(s, a, "date_short", h->date, s->opt.zone_min));
	value_put_text(a, v, "excerpt", h->excerpt);
	value_put_bool(a, v, "gone", h->gone != TIME_UNSTATED);
	value_put_text(a, v, "source", source ? source->name : h->source);
	if (source)
		put_list_link(s, a, head, v, "source_url", source->path);
	else
		value_put_text(a, v, "source_url", S(""));
}
