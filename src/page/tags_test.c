#include "page/tags.h"

#include "base/check.h"
#include "page/fixture.h"

/* Each is parsed whole, and with the end of a piece at each of its bytes. */
static const struct str cases[] = {
	STR("<!DOCTYPE html><html lang=en><title>A &lt; b</title><body class=\"a b\">text</body>"),
	STR("<p>one<p>two</p ><br/><br /><img src='a.png' alt=\"A\"/>text</P>"),
	STR("<a href=\"/x?a=1&amp;b=2&copy=3\" class='c'>link &amp; more</a> and <b>text</b>"),
	STR("<A HREF=x Class=Y data-A=b CHECKED>T</A>"),
	STR("<input disabled value=a/b><input disabled value=\"a\"type='b'><input disabled / a>"),
	STR("<p a = b c= 'd' e =\"f\" g>x</p>"),
	STR("<p a='1' a='2' b=\"\" c=''>x</p>"),
	STR("<p =a>x</p><p a\"b='c'>y</p><p a<b>z</p><p a=b\"c d=`e`>w</p><p a=>v</p>"),
	STR("<p a=x&amp;y b='&lt;' c=\"a\rb\r\nc\">x\ry\r\nz</p>"),
	STR("<p a=\"x\0y\" b\0c=d>x\0y</p\0><a\0b>c</a\0b>"),
	STR("a < b <3 </ c></> <!x><!-- <p> --><?php ?><p>d</p><"),
	STR("<p/a/b=c/d>x</p a=b><b/>y"),
	STR("<script>a < '</p>'</script><style>b</style><textarea><p>c</textarea><p>d"),
	STR("<svg viewBox='0 0 1 1'><path d=\"M0 "
	    "0\"/><title><p>x</p></title><![CDATA[a<b]]></svg>"),
	STR("<table><tr><td colspan=2>x<p>y</table><x-y a=b>z</x-y><plaintext><p>a"),
	STR("<h1=a>x</h1><h1\"a>y<p\na\t=\f'b'\n>z</p\n>"),
	STR("<div title=\"a quotation that is longer than sixteen bytes 'with' <marks>\">x</div>"),
	STR("<p a"),
	STR("<p a="),
	STR("<p a='b"),
	STR("<p a='b'"),
	STR("text & no tag"),
	STR("text</p"),
};

int main(void)
{
	struct buf fast, slow;

	buf_init(&fast, BUF_NO_MAX);
	buf_init(&slow, BUF_NO_MAX);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (size_t at = 0; at <= cases[i].len; at++)
			if (!fixture_is_same(cases[i], at, &fast, &slow))
				CHECK_STR("the same tree", buf_str(&fast), buf_str(&slow));
			else
				CHECK(slow.len > 0);
	buf_fini(&fast);
	buf_fini(&slow);
	return check_done();
}
