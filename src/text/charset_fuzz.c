/* Whatever the bytes and labels: what comes out is UTF-8, and UTF-8 that says so is not touched. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "text/charset.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct str labels[] = {
		STR(""),
		STR("utf-8"),
		STR("gbk"),
		STR("big5"),
		STR("shif"
		    "t_jis"),
		STR("euc-jp"),
		STR("euc-kr"),
		STR("koi8-r"),
		STR("windows-1252"),
		STR("iso-2022-jp"),
		STR("utf-16le"),
		STR("utf-16be"),
		STR("gb18030"),
		STR("tis-620"),
		STR("x-none"),
		STR("hz-gb-2312"),
	};
	struct charset cs;
	struct arena a;
	struct str s, out;

	if (size == 0)
		return 0;
	s = str_n((const char *)data + 1, size - 1);
	arena_init(&a);
	out = charset_to_utf8(&a, s, labels[data[0] & 15], labels[data[0] >> 4], &cs);
	if (!utf8_valid(out) || !cs.name.len)
		abort();
	charset_to_utf8(&a, s, charset_of_content_type(s), charset_of_xml(s), &cs);
	charset_to_utf8(&a, s, charset_of_html(s), S(""), &cs);
	if (utf8_valid(s) && s.len && data[0] == 0x11 && !str_has_prefix(s, S("\xEF\xBB\xBF")) &&
	    str_find_ch(s, '\0') == STR_NONE && !str_eq(out, s))
		abort();
	arena_fini(&a);
	return 0;
}
