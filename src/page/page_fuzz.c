/* Any bytes as a page, as a fragment, and for their feeds; the first byte says how. What goes out
 * as HTML is what sanitizing it gives. */
#include <stdlib.h>

#include "page/private.h"
#include "page/sanitize.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_html(const struct page_extractor *x, struct str html)
{
	static struct sanitizer *s;
	struct buf again;
	struct err err;

	if (!s)
		s = sanitize_new();
	buf_init(&again, BUF_NO_MAX);
	if (sanitize_html(s, html, x->url, &again, &err) < 0 || !str_eq(buf_str(&again), html))
		abort();
	buf_fini(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct page_extractor *x; /* reused, as it is from page to page */
	struct page_options opt = { .url = STR("https://e.org/2026/03/05/a"), .zone_min = 480 };
	struct page_result result;
	struct page_feeds feeds;
	struct arena mem;
	struct err err;
	struct str drop = STR("div.ad > p, [hidden]");

	if (size == 0)
		return 0;
	if (!x)
		x = page_new();
	arena_init(&mem);
	struct str bytes = { (const char *)data + 1, size - 1 };
	opt.fragment = data[0] & 1;
	if (data[0] & 2)
		opt.content_type = S("text/html; charset=gb18030");
	if (data[0] & 4)
		opt.drop = (struct strs){ &drop, 1 };
	if (data[0] & 8)
		opt.title = S("Ferry to Low Island");
	if (page_extract(x, &mem, bytes, &opt, &result, &err) == 0) {
		if (result.article.text.len == 0)
			abort(); /* an article has text */
		check_html(x, result.article.html);
	}
	(void)page_find_feeds(x, &mem, bytes, opt.url, opt.content_type, &feeds, &err);
	(void)page_check_selector(str_sub(bytes, 0, 100), &err);
	arena_fini(&mem);
	return 0;
}
