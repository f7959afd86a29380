/*
 * Pictures that the mirror keeps, as files of the site: /media/ab/HASH.png. The name is the hash of
 * the bytes, so that one picture is one file however many articles show it, and a file never
 * changes.
 */
#include <string.h>

#include "site/build.h"
#include "site/private.h"
#include "text/escape.h"
#include "text/picture.h"

static struct blob *blobs(struct site *s)
{
	struct err err;

	/* Where the blobs cannot be opened a page has links in place of pictures; it is made all
	 * the same. */
	if (!s->blob && !s->blob_tried && s->opt.blobs &&
	    blob_open(s->opt.blobs, &s->blob, &err) < 0)
		s->blob = NULL;
	s->blob_tried = true;
	return s->blob;
}

static struct str picture_path(struct arena *a, const struct hash *body, const char *extension)
{
	char hex[HASH_HEX + 1];

	hash_to_hex(body, hex);
	return arena_strf(a, "/media/%.2s/%s.%s", hex, hex, extension);
}

bool picture_find(struct site *s, struct arena *a, struct str url, struct picture_shown *out)
{
	struct media m;
	struct err err;

	if (!s->has_pictures || !url_is_http(url) || !blobs(s) ||
	    store_media_get(s->store, a, url, &m, &err) < 0)
		return false;
	const char *extension = picture_extension(m.type);
	if (!extension)
		return false;
	*out = (struct picture_shown){ m.body, picture_path(a, &m.body, extension), m.width,
				       m.height };
	struct picture_file *file = list_add(&s->pictures);
	file->body = m.body;
	file->extension = extension;
	return true;
}

void picture_add(const struct site *s, struct arena *a, struct buf *out,
		 const struct picture_shown *p, const struct page_head *head, struct str alt)
{
	buf_add(out, S("<img src=\""));
	buf_add_html(out, head ? page_link(s, a, head, p->path) : public_url(s, a, p->path));
	buf_add(out, S("\" alt=\""));
	buf_add(out, alt);
	buf_add_ch(out, '"');
	if (p->width)
		buf_addf(out, " width=\"%d\" height=\"%d\"", p->width, p->height);
	buf_add(out, S(" loading=\"lazy\" decoding=\"async\">"));
}

/* The hash in "/media/ab/HASH.png"; false where the path is no such. */
static bool hash_of_path(struct str path, struct hash *out)
{
	static const struct str front = STR("/media/");
	size_t dot = str_rfind_ch(path, '.');

	return str_has_prefix(path, front) && dot == front.len + 3 + HASH_HEX &&
	       path.ptr[front.len + 2] == '/' &&
	       hash_from_hex(str_sub(path, front.len + 3, dot), out) &&
	       str_eq(str_sub(path, front.len, front.len + 2),
		      str_sub(path, front.len + 3, front.len + 5));
}

int picture_render(struct site *s, struct arena *a, struct str path, struct buf *out,
		   struct site_page *page, struct err *err)
{
	struct hash body;
	struct media m;

	if (!hash_of_path(path, &body) || !blobs(s) ||
	    store_media_of_body(s->store, a, &body, &m, err) < 0)
		return err_set(err, ERR_NOTFOUND, "no picture %.*s", STR_FMT(path));
	const char *extension = picture_extension(m.type);
	if (!extension || !str_eq(picture_path(a, &body, extension), path))
		return err_set(err, ERR_NOTFOUND, "no picture %.*s", STR_FMT(path));
	page->content_type = m.type;
	page->modified = m.fetched;
	return blob_get(s->blob, &body, out, err);
}

int build_pictures(struct build *b)
{
	struct list *shown = &b->site->pictures;
	struct buf bytes;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < shown->count; i++) {
		const struct picture_file *p = list_at(shown, i);
		struct str path = picture_path(&b->page, &p->body, p->extension);

		manifest_file(b, path);
		if (output_exists(b->output, path))
			continue;
		buf_init(&bytes, BUF_NO_MAX);
		rc = blob_get(b->site->blob, &p->body, &bytes, b->err);
		if (rc == 0)
			rc = build_put_bytes(b, path, &bytes);
		else
			err_wrap(b->err, "%.*s", STR_FMT(path));
		buf_fini(&bytes);
	}
	list_reset(shown);
	return rc;
}
