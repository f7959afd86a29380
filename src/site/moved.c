/*
 * The page at an address an article had on a site that was imported, where another post of the same
 * article has its permanent one. A static host cannot redirect; a page can, without a script.
 */
#include "site/private.h"
#include "text/escape.h"

int moved_render(struct site *s, struct arena *a, struct str file, const struct article *art,
		 struct buf *out, struct err *err)
{
	const struct page_head head = { .path = file };
	struct str url = page_link(s, a, &head, article_file(a, art));

	buf_add_cstr(out, "<!doctype html>\n<html lang=\"");
	buf_add_html(out, art->language.len ? art->language : s->opt.language);
	buf_add_cstr(out, "\">\n<meta charset=\"utf-8\">\n<title>");
	buf_add_html(out, art->title);
	buf_add_cstr(out, "</title>\n<meta name=\"robots\" content=\"noindex\">\n<link "
			  "rel=\"canonical\" href=\"");
	buf_add_html(out, s->opt.base_url.len ? public_url(s, a, article_file(a, art)) : url);
	buf_add_cstr(out, "\">\n<meta http-equiv=\"refresh\" content=\"0; url=");
	buf_add_html(out, url);
	buf_add_cstr(out, "\">\n<p><a href=\"");
	buf_add_html(out, url);
	buf_add_cstr(out, "\">");
	buf_add_html(out, art->title.len ? art->title : url);
	buf_add_cstr(out, "</a></p>\n</html>\n");
	return buf_check(out, err);
}
