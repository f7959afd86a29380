/* A line for the file's name, a line for the permalink, then the post; what is read is written as a
 * post and read again. */
#include <assert.h>

#include "exchange/private.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_path(struct str path)
{
	struct str part, rest = path;

	assert(path.len > 0 && path.ptr[0] == '/' && utf8_valid(path));
	assert(str_has_suffix(path, S(".html")) || str_has_suffix(path, S("/")));
	while (str_split(&rest, '/', &part))
		assert(part.len <= 255 && !str_eq(part, S("..")) && !str_eq(part, S(".")));
}

static void write_and_read(struct arena *a, const struct jekyll_post *p)
{
	const struct jekyll_site site = { 0 };
	const struct article art = {
		.title = p->title,
		.url = S("https://a.example/"),
		.html = S("<p>x</p>"),
		.key = S("key"),
		.published = p->date == TIME_UNSTATED ? 0 : p->date,
		.keywords = p->tags,
	};
	struct jekyll_post again;
	struct err err;
	struct buf text, name;

	buf_init(&text, BUF_NO_MAX);
	buf_init(&name, BUF_NO_MAX);
	post_name(&name, &art);
	post_print(&text, &art, S("source"), S(""));
	assert(name.len <= 200 && str_find_ch(buf_str(&name), '/') == STR_NONE &&
	       utf8_valid(buf_str(&name)));
	int rc = jekyll_post_parse(a, &site, buf_str(&name), buf_str(&text), &again, &err);
	assert(rc == 0 && (again.faults & POST_BROKEN_FRONT_MATTER) == 0);
	if (p->title.len > 0)
		assert(str_eq(again.title, p->title));
	assert(str_eq(again.html, S("<div>\n<p>x</p>\n</div>")));
	buf_fini(&name);
	buf_fini(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct err err;
	struct jekyll_site site = { 0 };
	struct jekyll_post p;
	struct str rest = str_n((const char *)data, size), name;

	if (!str_split(&rest, '\n', &name) || !str_split(&rest, '\n', &site.permalink))
		return 0;
	arena_init(&a);
	site.permalink = utf8_clean(&a, site.permalink);
	if (jekyll_post_parse(&a, &site, name, rest, &p, &err) == 0) {
		check_path(p.path);
		assert(utf8_valid(p.title) && utf8_valid(p.html));
		write_and_read(&a, &p);
	}
	arena_fini(&a);
	return 0;
}
