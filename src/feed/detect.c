/*
 * What the bytes are: where a feed begins in them, or what they are instead. A feed may stand
 * behind junk (a program's warnings, white space, comments); a page that merely mentions one is a
 * page.
 */
#include <string.h>

#include "feed/private.h"
#include "text/escape.h"
#include "text/url.h"
#include "text/utf8.h"

enum { LOOK_BYTES = 1 << 20, MAX_NAMED = 3 };

static const struct {
	struct str magic;
	const char *what;
} magics[] = {
	{ STR("\x1f\x8b"), "a gzip stream" },
	{ STR("PK\3\4"), "a zip archive" },
	{ STR("%PDF"), "a PDF document" },
	{ STR("\x89PNG"), "a PNG picture" },
	{ STR("\xff\xd8\xff"), "a JPEG picture" },
	{ STR("GIF8"), "a GIF picture" },
	{ STR("BZh"), "a bzip2 stream" },
	{ STR("\xfd"
	      "7zXZ"),
	  "an xz stream" },
	{ STR("\x28\xb5\x2f\xfd"), "a zstd stream" },
};

static struct str local_name(struct str name)
{
	size_t colon = str_find_ch(name, ':');

	return colon == STR_NONE ? name : str_from(name, colon + 1);
}

static bool is_root(struct str name)
{
	static const struct str roots[] = { STR("rss"), STR("rdf"), STR("feed"), STR("channel") };

	name = local_name(name);
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
		if (str_eq_nocase(name, roots[i]))
			return true;
	return false;
}

/* What the first tags are. */
struct sight {
	size_t root;      /* where the feed's own element begins; STR_NONE */
	size_t start;     /* where its document begins: declaration, comments */
	struct str first; /* name of the first element of all */
	bool html;
	struct str title; /* of a page */
};

static size_t skip_behind(struct str s, size_t at, struct str mark)
{
	size_t end = str_find(str_from(s, at), mark);

	return end == STR_NONE ? s.len : at + end + mark.len;
}

static void look(struct str s, struct sight *out)
{
	struct xml_attr attrs[FEED_MAX_ATTRS];
	size_t at = 0, count, used, start = STR_NONE;
	bool closed;

	*out = (struct sight){ .root = STR_NONE };
	while (at < s.len) {
		size_t tag = str_find_ch(str_from(s, at), '<');
		struct str rest, name;

		if (tag == STR_NONE)
			return;
		at += tag;
		rest = str_from(s, at);
		if (str_has_prefix(rest, S("<?")) || str_has_prefix(rest, S("<!"))) {
			bool comment = str_has_prefix(rest, S("<!--"));

			out->html = out->html || str_has_prefix_nocase(rest, S("<!doctype html"));
			if (start == STR_NONE || str_has_prefix(rest, S("<?xml ")))
				start = at;
			if (str_has_prefix_nocase(rest, S("<!doctype")) &&
			    str_find_ch(str_sub(rest, 0, str_find_ch(rest, '>')), '[') != STR_NONE)
				at = skip_behind(s, at, S("]>"));
			else
				at = skip_behind(s, at, comment ? S("-->") : S(">"));
			continue;
		}
		used = feed_read_tag(rest, &name, attrs, &count, &closed);
		if (used && is_root(name)) {
			out->root = at;
			out->start = start == STR_NONE ? at : start;
			return;
		}
		if (used && !out->first.len)
			out->first = name;
		if (used && (str_eq_nocase(name, S("html")) ||
			     (out->first.ptr == name.ptr &&
			      (str_eq_nocase(name, S("head")) || str_eq_nocase(name, S("body"))))))
			out->html = true;
		if (used && str_eq_nocase(name, S("title")) && !out->title.len)
			out->title = str_sub(s, at + used,
					     at + used + str_find_ch(str_from(s, at + used), '<'));
		if (used && !(str_has_prefix(name, S("?"))))
			start = STR_NONE; /* what stood before is another document's */
		at += used ? used : 1;
	}
}

/* Addresses of the feeds a page names, for the sentence. */
static void name_feeds(struct feed *f, struct str s, struct buf *out)
{
	struct xml_attr attrs[FEED_MAX_ATTRS];
	size_t at = 0, count, used, named = 0;
	bool closed;

	while (named < MAX_NAMED) {
		size_t tag = str_find_nocase(str_from(s, at), S("<link"));
		struct str name, type = S(""), href = S(""), rel = S("");

		if (tag == STR_NONE)
			return;
		at += tag;
		used = feed_read_tag(str_from(s, at), &name, attrs, &count, &closed);
		at += used ? used : 5;
		for (size_t i = 0; used && i < count; i++) {
			if (str_eq_nocase(attrs[i].name, S("type")))
				type = attrs[i].value;
			else if (str_eq_nocase(attrs[i].name, S("href")))
				href = attrs[i].value;
			else if (str_eq_nocase(attrs[i].name, S("rel")))
				rel = attrs[i].value;
		}
		if (!str_contains_nocase(rel, S("alternate")) || !href.len ||
		    !(str_contains_nocase(type, S("rss")) || str_contains_nocase(type, S("atom")) ||
		      str_contains_nocase(type, S("feed+json")) ||
		      str_contains_nocase(type, S("rdf"))))
			continue;
		buf_add(out, named ? S(" and ") : S(" that names the feed "));
		buf_add(out, feed_url(&f->own, f->base, html_unescape(&f->own, href)));
		named++;
	}
}

static int not_a_feed(struct feed *f, struct str bytes, const struct sight *sight, struct err *err)
{
	struct str text = f->text;
	struct buf what;
	int ret;

	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (str_has_prefix(bytes, magics[i].magic))
			return err_set(err, ERR_INPUT, "no feed: it is %s", magics[i].what);
	if (!bytes.len)
		return err_set(err, ERR_INPUT, "no feed: it is empty");
	if (!str_trim(text).len)
		return err_set(err, ERR_INPUT, "no feed: there is only white space");
	if (f->json)
		return err_set(err, ERR_INPUT, "no feed: it is JSON, but not a JSON Feed");
	buf_init(&what, 200);
	if (sight->html) {
		struct str title = utf8_cut(html_text(&f->own, str_sub(sight->title, 0, 400)), 80);

		buf_add(&what, S("a page"));
		if (title.len)
			buf_addf(&what, " (\"%.*s\")", STR_FMT(title));
		name_feeds(f, str_sub(text, 0, LOOK_BYTES), &what);
	} else if (sight->first.len) {
		buf_addf(&what, "markup that begins with <%.*s>",
			 STR_FMT(utf8_cut(sight->first, 40)));
	} else if (str_has_prefix(str_trim(text), S("<"))) {
		buf_add(&what, S("XML without an element"));
	} else {
		struct str begin = utf8_squeeze(&f->own, str_sub(text, 0, 200));

		buf_addf(&what, "text that begins \"%.*s\"", STR_FMT(utf8_cut(begin, 60)));
	}
	ret = err_set(err, ERR_INPUT, "no feed: it is %s", buf_cstr(&what));
	buf_fini(&what);
	return ret;
}

int feed_detect(struct feed *f, struct str bytes, struct err *err)
{
	struct str head = f->text;
	struct sight sight = { .root = STR_NONE };
	size_t skip = 0;

	while (skip < head.len && (ch_is_space(head.ptr[skip]) || head.ptr[skip] == '\0'))
		skip++;
	head = str_from(head, skip);
	if (head.len && (head.ptr[0] == '{' || head.ptr[0] == '[')) {
		f->json = true;
		if (f->unchecked && !utf8_valid(head)) {
			f->info.malformed = true;
			head = utf8_clean(&f->own, head);
		}
		f->root = head;
		return feed_json_open(f) ? 0 : not_a_feed(f, bytes, &sight, err);
	}
	look(str_sub(head, 0, LOOK_BYTES), &sight);
	if (sight.root == STR_NONE ||
	    (sight.html && !str_has_prefix(str_from(head, sight.start), S("<?xml"))))
		return not_a_feed(f, bytes, &sight, err);
	f->root = str_from(head, sight.start);
	/* White space before a declaration is an error of XML; before anything else it is none. */
	if (sight.start || (skip && str_has_prefix(f->root, S("<?xml"))))
		f->info.malformed = true;
	f->info.format = "rss2.0";
	return 0;
}
