#include "text/width.h"

#include "base/check.h"

static const struct {
	const char *why;
	struct str in;
	int64_t want;
} widths[] = {
	{ "ASCII", STR("abc"), 3 },
	{ "Han are two each", STR("北約秘書長"), 10 },
	{ "full-width punctuation too", STR("「，」"), 6 },
	{ "half-width katakana are one", STR("ｱｲ"), 2 },
	{ "hangul", STR("한국"), 4 },
	{ "an accent of its own takes none", STR("e\xCC\x81"), 1 },
	{ "emoji", STR("😀"), 2 },
	{ "outside the BMP", STR("𠮷"), 2 },
};

static const struct {
	const char *why;
	struct str in;
	size_t columns;
	bool pad;
	struct str want;
} cuts[] = {
	{ "fits", STR("北約"), 4, 0, STR("北約") },
	{ "padded by columns, not bytes", STR("北約"), 6, 1, STR("北約  ") },
	{ "cut with an ellipsis", STR("北約秘書長"), 5, 0, STR("北約…") },
	{ "half a character is not shown", STR("北約秘書長"), 6, 1, STR("北約… ") },
	{ "no escape reaches the terminal", STR("a\x1b[31mb"), 20, 0, STR("a [31mb") },
	{ "nor an override of direction",
	  STR("a\xE2\x80\xAE"
	      "b"),
	  20, 0, STR("a b") },
	{ "no room", STR("abc"), 0, 1, STR("") },
};

int main(void)
{
	struct buf b;

	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++)
		CHECK_I64(widths[i].why, (int64_t)text_width(widths[i].in), widths[i].want);
	for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		buf_init(&b, 1000);
		buf_add_columns(&b, cuts[i].in, cuts[i].columns, cuts[i].pad);
		CHECK_STR(cuts[i].why, buf_str(&b), cuts[i].want);
		buf_fini(&b);
	}
	return check_done();
}
