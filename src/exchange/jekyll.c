/*
 * A Jekyll site read back. The incumbents' files are broken in the ways of the script that wrote
 * them (titles cut inside a character, quotes not escaped, "NaN" for a date, addresses encoded
 * twice), and of years of edits by hand: a post is refused only where nothing in it could be an
 * article; everything else is read as it was meant, with a note.
 */
#include "exchange/private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/list.h"
#include "text/date.h"
#include "text/escape.h"
#include "text/url.h"
#include "text/utf8.h"

enum { MAX_DEPTH = 32, SAME_DATE_MS = 1000 };

/* --- the site --- */

static struct str first_of(const struct yaml *y, const char *one, const char *other)
{
	struct str s = yaml_text(y, one);

	return s.len > 0 ? s : yaml_text(y, other);
}

/* Zones without summer time that such sites name; the rest of the world's need a table that we do
 * not carry. */
static bool known_zone(struct str name, int *zone_min)
{
	static const struct {
		const char *name;
		int zone_min;
	} zones[] = {
		{ "Asia/Shanghai", 480 },
		{ "Asia/Taipei", 480 },
		{ "Asia/Hong_Kong", 480 },
		{ "Asia/Chongqing", 480 },
		{ "PRC", 480 },
		{ "Asia/Singapore", 480 },
		{ "Asia/Macau", 480 },
		{ "Asia/Tokyo", 540 },
		{ "Asia/Seoul", 540 },
		{ "Asia/Kuala_Lumpur", 480 },
		{ "UTC", 0 },
		{ "Etc/UTC", 0 },
		{ "GMT", 0 },
	};

	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (str_eq_nocase(name, str_of(zones[i].name))) {
			*zone_min = zones[i].zone_min;
			return true;
		}
	return date_zone(name, zone_min);
}

int jekyll_site_load(struct arena *a, const char *dir, struct jekyll_site *out, struct err *err)
{
	struct buf text;
	struct yaml y;
	int rc;

	*out = (struct jekyll_site){ 0 };
	buf_init(&text, EXCHANGE_MAX_POST);
	rc = file_read(path_join(a, dir, "_config.yml"), &text, err);
	if (rc == 0) {
		yaml_read(a, utf8_clean(a, arena_str(a, buf_str(&text))), false, &y);
		out->title = first_of(&y, "title", "name");
		out->description = yaml_text(&y, "description");
		out->author = yaml_text(&y, "author");
		out->language = first_of(&y, "lang", "locale");
		out->url = yaml_text(&y, "url");
		while (str_has_suffix(out->url, S("/")))
			out->url.len--;
		out->baseurl = yaml_text(&y, "baseurl");
		while (str_has_suffix(out->baseurl, S("/")))
			out->baseurl.len--;
		out->permalink = yaml_text(&y, "permalink");
		out->timezone = yaml_text(&y, "timezone");
		out->zone_unknown =
			out->timezone.len > 0 && !known_zone(out->timezone, &out->zone_min);
	}
	buf_fini(&text);
	return rc;
}

/* --- its files --- */

struct walk {
	struct arena *a;
	const char *root;
	struct list *paths;
	bool any; /* whatever starts with front matter, not only what is named as a post */
};

static bool is_post_name(struct str name)
{
	static const struct str ends[] = { STR(".md"),   STR(".markdown"), STR(".mkd"),
					   STR(".mkdn"), STR(".mkdown"),   STR(".html"),
					   STR(".htm") };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (name.len > ends[i].len &&
		    str_eq_nocase(str_from(name, name.len - ends[i].len), ends[i]))
			return true;
	return false;
}

/* Offset behind "2023-1-23-" or "23-01-23-" at the start of a name, or 0. */
static size_t name_date(struct str name, struct date_fields *f)
{
	int parts[3] = { 0 };
	size_t i = 0;

	for (int p = 0; p < 3; p++) {
		size_t from = i;

		for (; i < name.len && ch_is_digit(name.ptr[i]) && i - from < 4; i++)
			parts[p] = parts[p] * 10 + (name.ptr[i] - '0');
		if (i - from < (p == 0 ? 2 : 1) || (p > 0 && i - from > 2) || i >= name.len ||
		    name.ptr[i] != '-')
			return 0;
		i++;
	}
	if (parts[1] < 1 || parts[1] > 12 || parts[2] < 1 || parts[2] > 31)
		return 0;
	*f = (struct date_fields){ .year = parts[0] < 100 ? parts[0] + 2000 : parts[0],
				   .month = parts[1],
				   .day = parts[2] };
	return i;
}

static struct str base_name(struct str path)
{
	size_t slash = str_rfind_ch(path, '/');

	return slash == STR_NONE ? path : str_from(path, slash + 1);
}

static bool has_part(struct str path, struct str part)
{
	struct str one;

	while (str_split(&path, '/', &one))
		if (str_eq(one, part))
			return true;
	return false;
}

/*
 * What of a site is a post: everything in a _posts folder or an archived one, and
 * elsewhere (a folder of posts was named) what has a date for a name. Its pages, README and layouts
 * are none.
 */
static bool is_post(struct str path)
{
	struct date_fields f;

	if (!is_post_name(path))
		return false;
	return has_part(path, S("_posts")) || name_date(base_name(path), &f) > 0;
}

static bool has_front_matter(int folder, const char *name)
{
	char start[6] = { 0 };
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, start, sizeof(start));
	struct str s = str_n(start, n > 0 ? (size_t)n : 0);

	if (fd >= 0)
		close(fd);
	return str_has_prefix(s, S("---")) || str_has_prefix(s, S("\xEF\xBB\xBF---"));
}

static bool skip_folder(const char *name)
{
	static const char *const skipped[] = { "_site",  "_layouts", "_includes",
					       "_sass",  "_data",    "node_modules",
					       "vendor", "assets",   "css",
					       "js" };

	if (name[0] == '.')
		return true;
	for (size_t i = 0; i < sizeof(skipped) / sizeof(skipped[0]); i++)
		if (strcmp(name, skipped[i]) == 0)
			return true;
	return false;
}

/* Symbolic links are not followed: a site is what stands in its folder. */
static int walk_folder(struct walk *w, const char *relative, int depth, struct err *err)
{
	const char *path = *relative ? path_join(w->a, w->root, relative) : w->root;
	DIR *d = opendir(path);
	struct dirent *e;
	int rc = 0;

	if (!d)
		return err_errno(err, errno == ENOENT ? ERR_NOTFOUND : ERR_IO, "%s", path);
	while (rc == 0 && (e = readdir(d))) {
		struct stat st;
		const char *name = *relative ? path_join(w->a, relative, e->d_name)
					     : arena_cstr(w->a, str_of(e->d_name));

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 ||
		    fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		if (S_ISDIR(st.st_mode) && !skip_folder(e->d_name) && depth < MAX_DEPTH)
			rc = walk_folder(w, name, depth + 1, err);
		else if (S_ISREG(st.st_mode) &&
			 (w->any ? is_post_name(str_of(name)) &&
					   has_front_matter(dirfd(d), e->d_name)
				 : is_post(str_of(name))))
			*(struct str *)list_add(w->paths) = str_of(name);
		if (w->paths->count > EXCHANGE_MAX_FILES)
			rc = err_set(err, ERR_LIMIT, "more than %d posts", EXCHANGE_MAX_FILES);
	}
	closedir(d);
	return rc;
}

/* By file name, so by date; then by path, so that the order is the same everywhere. */
static int by_name(const void *x, const void *y)
{
	const struct str *a = x, *b = y;
	int order = str_cmp(base_name(*a), base_name(*b));

	return order != 0 ? order : str_cmp(*a, *b);
}

int jekyll_files(struct arena *a, const char *dir, struct strs *out, struct err *err)
{
	struct list paths;
	struct walk w = { .a = a, .root = dir, .paths = &paths };

	*out = (struct strs){ 0 };
	list_init(&paths, sizeof(struct str));
	int rc = walk_folder(&w, "", 0, err);
	/* A folder of posts that somebody named otherwise; of a site the rest are its pages. */
	w.any = rc == 0 && paths.count == 0 && !file_exists(path_join(a, dir, "_config.yml"));
	if (w.any)
		rc = walk_folder(&w, "", 0, err);
	if (rc == 0 && paths.count > 0) {
		qsort(paths.items, paths.count, sizeof(struct str), by_name);
		out->count = paths.count;
		out->items = arena_array(a, paths.count, sizeof(struct str));
		memcpy(out->items, paths.items, paths.count * sizeof(struct str));
	}
	list_fini(&paths);
	return rc;
}

/* --- a post --- */

/* What stands above the body: <!--milliseconds-->, [title](link), ------ */
struct head {
	bool comment, comment_bad;
	int64_t ms;
	struct str title, link;
};

static struct str skip_lines(struct str s)
{
	while (s.len > 0 && (s.ptr[0] == '\n' || s.ptr[0] == '\r'))
		s = str_from(s, 1);
	return s;
}

static struct str read_head(struct str body, struct head *h)
{
	struct str rest = skip_lines(body), line = { 0 };

	*h = (struct head){ .ms = TIME_UNSTATED };
	if (str_has_prefix(rest, S("<!--"))) {
		size_t end = str_find(rest, S("-->"));
		struct str inside = str_trim(str_sub(rest, 4, end));

		if (end != STR_NONE && inside.len < 40) {
			h->comment = str_to_i64(inside, INT64_C(-62135596800000),
						INT64_C(253402300799999), &h->ms);
			h->comment_bad = !h->comment;
			rest = skip_lines(str_from(rest, end + 3));
		}
	}
	struct str behind = rest;
	str_split(&behind, '\n', &line);
	line = str_trim(line);
	size_t middle = str_find(line, S("]("));
	for (size_t next = middle; next != STR_NONE;) { /* the last one: titles have brackets too */
		middle = next;
		next = str_find(str_from(line, middle + 2), S("]("));
		next = next == STR_NONE ? next : middle + 2 + next;
	}
	struct str dashes = { 0 };
	struct str after = behind;
	str_split(&after, '\n', &dashes);
	dashes = str_trim(dashes);
	if (line.len == 0 || line.ptr[0] != '[' || middle == STR_NONE ||
	    line.ptr[line.len - 1] != ')' || !str_has_prefix(dashes, S("---")))
		return rest;
	h->title = str_sub(line, 1, middle);
	h->link = str_sub(line, middle + 2, line.len - 1);
	return after;
}

/* "\*" and its kin of a Markdown link's text, as post_print writes them. */
static struct str unescape_markdown(struct arena *a, struct str s)
{
	struct buf out;

	if (str_find_ch(s, '\\') == STR_NONE && str_find_ch(s, '&') == STR_NONE)
		return s;
	buf_init(&out, BUF_NO_MAX);
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '\\' && i + 1 < s.len && strchr("\\[]*_`<", s.ptr[i + 1]))
			i++;
		buf_add_ch(&out, s.ptr[i]);
	}
	struct str text = html_unescape(a, arena_str(a, buf_str(&out)));
	buf_fini(&out);
	return text;
}

static bool is_hex(char ch)
{
	ch = ch_lower(ch);
	return ch_is_digit(ch) || (ch >= 'a' && ch <= 'f');
}

/*
 * "%25E9%2596": an address that was percent-encoded twice. So it is where every "%" is a "%25" with
 * two hexadecimal digits behind it, and decoding once more gives UTF-8 that is not ASCII: "100%25"
 * alone is no such thing.
 */
static struct str single_encoded(struct arena *a, struct str url)
{
	struct buf out;
	bool twice = false, fits = true;

	buf_init(&out, URL_MAX_BYTES);
	for (size_t i = 0; i < url.len && fits; i++) {
		buf_add_ch(&out, url.ptr[i]);
		if (url.ptr[i] != '%')
			continue;
		fits = i + 4 < url.len && str_has_prefix(str_from(url, i), S("%25")) &&
		       is_hex(url.ptr[i + 3]) && is_hex(url.ptr[i + 4]);
		twice = true;
		i += 2;
	}
	struct str once = arena_str(a, buf_str(&out));
	buf_fini(&out);
	if (!twice || !fits)
		return url;
	struct str decoded = url_unescape(a, once);
	return utf8_valid(decoded) && !utf8_is_ascii(decoded) ? once : url;
}

static void read_address(struct arena *a, const struct yaml *y, const struct head *h,
			 struct jekyll_post *out)
{
	struct str from = first_of(y, "from", "link");

	if (from.len == 0)
		from = first_of(y, "original_url", "external_url");
	if (from.len > 0 && h->link.len > 0 && !str_eq(from, h->link) &&
	    !str_eq(from, url_resolve(a, from, h->link)))
		out->faults |= POST_LINK_MISMATCH;
	if (!url_is_http(from) && url_is_http(h->link))
		from = h->link;
	out->from_written = from;
	if (!url_is_http(from)) {
		out->faults |= POST_NO_ADDRESS;
		return;
	}
	out->from = single_encoded(a, from);
	if (!str_eq(out->from, from))
		out->faults |= POST_DOUBLE_ENCODED;
}

static void read_date(const struct jekyll_site *site, const struct yaml *y, const struct head *h,
		      struct str name, struct jekyll_post *out)
{
	struct date d;
	struct date_fields f;

	out->date = TIME_UNSTATED;
	if (date_parse(yaml_text(y, "date"), site->zone_min, &d))
		out->date = d.ms;
	if (h->comment_bad)
		out->faults |= POST_BAD_COMMENT;
	if (h->comment && out->date != TIME_UNSTATED && llabs(out->date - h->ms) > SAME_DATE_MS)
		out->faults |= POST_DATE_MISMATCH;
	if (out->date == TIME_UNSTATED && h->comment)
		out->date = h->ms;
	if (out->date == TIME_UNSTATED) {
		out->faults |= POST_NO_DATE;
		if (name_date(name, &f) > 0)
			out->date = date_from_fields(&f, site->zone_min);
	}
}

/* The name's part behind the date, without its extension: what Jekyll makes addresses of. */
static struct str slug_of(struct str name)
{
	struct date_fields f;
	size_t from = name_date(name, &f), dot = str_rfind_ch(name, '.');

	return str_sub(name, from, dot == STR_NONE || dot < from ? name.len : dot);
}

static void read_title(struct arena *a, const struct yaml *y, const struct head *h, struct str slug,
		       struct jekyll_post *out)
{
	struct str title = utf8_squeeze(a, html_unescape(a, yaml_text(y, "title")));
	struct str heading = utf8_squeeze(a, unescape_markdown(a, h->title));

	/* The incumbents' front matter lost the first "..." of each title. */
	if (title.len > 0 && heading.len > 0 && !str_eq(title, heading))
		out->faults |= POST_TITLE_MISMATCH;
	out->title = title.len > 0 ? title : heading;
	if (out->title.len == 0) {
		size_t bad = str_find(slug, S("\xEF\xBF\xBD"));
		out->title = utf8_squeeze(a, str_sub(slug, 0, bad));
	}
}

/* "{% raw %}" was written around bodies to protect them from Liquid; other Liquid is the site's
 * own. */
static struct str without_liquid(struct arena *a, struct str s, struct jekyll_post *out)
{
	struct buf b;

	if (str_find(s, S("{%")) == STR_NONE) {
		if (str_find(s, S("{{")) != STR_NONE)
			out->faults |= POST_LIQUID;
		return s;
	}
	out->faults |= POST_LIQUID;
	buf_init(&b, BUF_NO_MAX);
	for (size_t i = 0; i < s.len; i++) {
		struct str rest = str_from(s, i);
		size_t end = str_has_prefix(rest, S("{%"))
				     ? str_find(str_sub(rest, 0, 200), S("%}"))
				     : STR_NONE;

		if (end == STR_NONE)
			buf_add_ch(&b, s.ptr[i]);
		else
			i += end + 1;
	}
	struct str text = arena_str(a, buf_str(&b));
	buf_fini(&b);
	return text;
}

/* A body without one block of markup is Markdown; the incumbents' are HTML. */
static bool is_markdown(struct str body)
{
	static const struct str blocks[] = { STR("<p"),          STR("<div"),  STR("<article"),
					     STR("<section"),    STR("<br"),   STR("<table"),
					     STR("<ul"),         STR("<ol"),   STR("<figure"),
					     STR("<h1"),         STR("<h2"),   STR("<h3"),
					     STR("<blockquote"), STR("<span"), STR("<img") };

	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (str_contains_nocase(body, blocks[i]))
			return false;
	return true;
}

static struct strs categories_of(struct arena *a, const struct yaml *y, struct str path)
{
	struct strs listed = yaml_list(a, y, "categories"), out = { 0 };
	struct str one = yaml_text(y, "category"), part;

	out.items = arena_array(a, listed.count + MAX_DEPTH + 2, sizeof(*out.items));
	/* Folders above _posts are categories too. */
	size_t posts =
		str_has_prefix(path, S("_posts/")) ? STR_NONE : str_find(path, S("/_posts/"));
	struct str above = posts == STR_NONE ? (struct str){ 0 } : str_sub(path, 0, posts);
	while (str_split(&above, '/', &part) && out.count < MAX_DEPTH)
		if (part.len > 0 && part.ptr[0] != '_')
			out.items[out.count++] = part;
	if (one.len > 0)
		out.items[out.count++] = one;
	for (size_t i = 0; i < listed.count; i++)
		out.items[out.count++] = listed.items[i];
	return out;
}

/* The front matter of bytes into *y; what is behind it. */
static struct str read_front(struct arena *a, struct str text, struct yaml *y,
			     struct jekyll_post *out)
{
	struct str rest = text, first = { 0 };

	*y = (struct yaml){ 0 };
	str_split(&rest, '\n', &first);
	if (!str_eq(str_trim(first), S("---"))) {
		out->faults |= POST_NO_FRONT_MATTER;
		return text;
	}
	yaml_read(a, rest, true, y);
	if (y->broken || !y->closed)
		out->faults |= POST_BROKEN_FRONT_MATTER;
	return str_from(rest, y->end);
}

int jekyll_post_parse(struct arena *a, const struct jekyll_site *site, struct str path,
		      struct str bytes, struct jekyll_post *out, struct err *err)
{
	struct yaml y;
	struct head h;
	struct str name = base_name(path), body;

	*out = (struct jekyll_post){ .date = TIME_UNSTATED };
	if (bytes.len > EXCHANGE_MAX_POST)
		return err_set(err, ERR_LIMIT, "larger than %d bytes", EXCHANGE_MAX_POST);
	if (str_trim(bytes).len == 0)
		return err_set(err, ERR_INPUT, "empty file");
	if (!utf8_valid(bytes))
		out->faults |= POST_NOT_UTF8;
	if (!utf8_valid(name) || str_contains(name, S("\xEF\xBF\xBD")))
		out->faults |= POST_BAD_NAME;
	name = utf8_clean(a, name);
	bytes = utf8_clean(a, bytes);
	if (str_has_prefix(bytes, S("\xEF\xBB\xBF")))
		bytes = str_from(bytes, 3);
	body = read_front(a, bytes, &y, out);
	body = read_head(body, &h);
	if (str_eq_nocase(yaml_text(&y, "published"), S("false")))
		return err_set(err, ERR_INPUT, "the site did not show it: published: false");
	struct str slug = yaml_text(&y, "slug");
	if (slug.len == 0)
		slug = slug_of(name);
	read_title(a, &y, &h, slug, out);
	read_date(site, &y, &h, name, out);
	read_address(a, &y, &h, out);
	out->author = utf8_squeeze(a, html_unescape(a, yaml_text(&y, "author")));
	out->tags = yaml_list(a, &y, "tags");
	out->categories = categories_of(a, &y, path);
	out->path =
		jekyll_path(a, site, yaml_text(&y, "permalink"), slug, &out->categories, out->date);
	body = str_trim(without_liquid(a, body, out));
	/* The incumbents' <div> around the body says that it is markup, even where none is inside.
	 */
	bool markdown = body.len > 0 && is_markdown(body);
	if (markdown)
		out->faults |= POST_MARKDOWN;
	out->html = markdown ? markdown_html(a, body) : body;
	if (out->title.len == 0 && out->html.len == 0)
		return err_set(err, ERR_INPUT, "neither a title nor a text");
	return 0;
}
