/* Whatever goes in: what comes out sanitizes to itself, and has no script in it. */
#include <stdlib.h>
#include <string.h>

#include "page/sanitize.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct sanitizer *s, struct str in, struct str base)
{
	struct buf once, twice;
	struct err err;

	buf_init(&once, BUF_NO_MAX);
	buf_init(&twice, BUF_NO_MAX);
	if (sanitize_html(s, in, base, &once, &err) < 0)
		abort();
	if (str_contains_nocase(buf_str(&once), S("<script")))
		abort();
	if (sanitize_html(s, buf_str(&once), base, &twice, &err) < 0)
		abort();
	if (!str_eq(buf_str(&once), buf_str(&twice)))
		abort();
	buf_fini(&once);
	buf_fini(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sanitizer *s;

	if (!s)
		s = sanitize_new();
	check(s, str_n((const char *)data, size), S("https://example.org/a/b?c"));
	check(s, str_n((const char *)data, size), S(""));
	return 0;
}
