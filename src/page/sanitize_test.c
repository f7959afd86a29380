#include "page/sanitize.h"

#include "base/check.h"

static const struct {
	const char *why;
	struct str in, want;
} cases[] = {
	{ "text is escaped", STR("a > b"), STR("a &gt; b") },
	{ "references are decoded once", STR("&amp;lt;b&gt;"), STR("&amp;lt;b&gt;") },
	{ "event handlers go", STR("<p onclick=x>a</p>"), STR("<p>a</p>") },
	{ "styles go", STR("<p style='position:fixed'>a</p>"), STR("<p>a</p>") },
	{ "scripts go with their text", STR("a<script>alert(1)</script>b"), STR("ab") },
	{ "unknown elements leave their text", STR("<x-y>a</x-y>"), STR("a") },
	{ "a script's address is none", STR("<a href='java\nscript:x'>a</a>"), STR("a") },
	{ "a link is absolute", STR("<a href=/x>a</a>"),
	  STR("<a href=\"https://e.org/x\" rel=\"nofollow noopener noreferrer\">a</a>") },
	{ "an image is absolute", STR("<img src=i.png>"),
	  STR("<img src=\"https://e.org/d/i.png\" loading=\"lazy\" referrerpolicy=\"no-referrer\">") },
	{ "forms leave their text", STR("<form><label>a <input></label></form>"), STR("<div>a </div>") },
	{ "svg goes, text after it stays", STR("<svg><g onload=x>a</g></svg>b"), STR("b") },
};

int main(void)
{
	struct sanitizer *s = sanitize_new();
	struct buf out;
	struct err err;

	buf_init(&out, BUF_NO_MAX);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&out);
		CHECK(sanitize_html(s, cases[i].in, S("https://e.org/d/"), &out, &err) == 0);
		CHECK_STR(cases[i].why, buf_str(&out), cases[i].want);
	}
	buf_fini(&out);
	sanitize_free(&s);
	return check_done();
}
