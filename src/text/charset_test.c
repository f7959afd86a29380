#include "text/charset.h"

#include <lexbor/encoding/encoding.h>
#include <string.h>

#include "base/check.h"
#include "text/utf8.h"

/* UTF-8 to what `name` is, for making the inputs. */
static struct str encoded(struct arena *a, const char *name, struct str utf8)
{
	const lxb_encoding_data_t *e =
		lxb_encoding_data_by_pre_name((const lxb_char_t *)name, strlen(name));
	lxb_codepoint_t *cps = arena_array(a, utf8.len + 1, sizeof(*cps));
	const lxb_codepoint_t *at = cps;
	lxb_char_t *out = arena_alloc(a, utf8.len * 4 + 16);
	lxb_encoding_encode_t ctx;
	size_t n = 0;

	for (size_t pos = 0; pos < utf8.len;)
		cps[n++] = utf8_next(utf8, &pos);
	lxb_encoding_encode_init(&ctx, e, out, utf8.len * 4 + 16);
	lxb_encoding_encode_replace_set(&ctx, (const lxb_char_t *)"?", 1);
	e->encode(&ctx, &at, cps + n);
	return str_n((const char *)out, lxb_encoding_encode_buf_used(&ctx));
}

/* clang-format off */

/* A few words of each, as a title has; the guess must find what they were in. */
static const struct {
	const char *encoding, *accepted; /* accepted: another that gives the same text */
	struct str text;
} guesses[] = {
	{ "gb18030", "", STR("<title>市政府公布最新统计资料显示人口持续减少</title>") },
	{ "gb18030", "", STR("<title>今天天气很好，我们去公园</title>") },
	{ "big5", "", STR("<title>市政府公布最新統計資料顯示人口持續減少</title>") },
	{ "big5", "", STR("<title>今天天氣很好，我們去公園</title>") },
	{ "shift_jis", "", STR("<title>今日の東京は晴れのち曇り、最高気温は二十度です</title>") },
	{ "euc-jp", "", STR("<title>今日の東京は晴れのち曇り、最高気温は二十度です</title>") },
	{ "euc-kr", "", STR("<title>오늘 서울은 맑고 낮 최고 기온은 이십도입니다</title>") },
	{ "koi8-r", "KOI8-U", STR("<title>Сегодня в Москве будет тепло и сухо</title>") },
	{ "windows-1251", "", STR("<title>Сегодня в Москве будет тепло и сухо</title>") },
	{ "ibm866", "", STR("<title>Сегодня в Москве будет тепло и сухо</title>") },
	{ "windows-1252", "", STR("<p>Le café était fermé, déjà à l’été où ça s’arrêta</p>") },
	{ "windows-1252", "", STR("<p>Die Bäume blühen über den Straßen</p>") },
	{ "windows-1250", "ISO-8859-2",
	  STR("<p>Zażółć gęślą jaźń, proszę państwa, środę święto</p>") },
	{ "windows-1250", "ISO-8859-2", STR("<p>Příliš žluťoučký kůň úpěl ďábelské ódy</p>") },
	{ "windows-1253", "ISO-8859-7", STR("<p>Σήμερα στην Αθήνα ο καιρός είναι καλός</p>") },
	{ "windows-1254", "",
	  STR("<p>Bugün İstanbul'da hava güneşli, yarın yağmurlu olacağı söyleniyor ığşİŞ</p>") },
	{ "windows-1255", "", STR("<p>היום בירושלים מזג האוויר נאה</p>") },
	{ "windows-1256", "", STR("<p>الطقس اليوم في القاهرة جميل</p>") },
	{ "windows-874", "", STR("<p>วันนี้อากาศดีที่กรุงเทพ</p>") },
	{ "windows-1257", "", STR("<p>Šodien Rīgā ir jauks laiks, bet rīt līs un būs vējš</p>") },
};

/* clang-format on */

static void check_guesses(void)
{
	struct arena a;

	arena_init(&a);
	for (size_t i = 0; i < sizeof(guesses) / sizeof(guesses[0]); i++) {
		struct charset cs;
		struct str in = encoded(&a, guesses[i].encoding, guesses[i].text);
		struct str out = charset_to_utf8(&a, in, S(""), S(""), &cs);

		if (!str_eq(cs.name, str_of(guesses[i].accepted)))
			CHECK_STR(guesses[i].encoding, out, guesses[i].text);
		CHECK(cs.detected && !cs.damaged);
	}
	arena_fini(&a);
}

/* A label of Latin-1 over each: what comes in pairs of bytes is not Latin-1, all else is. */
static void check_latin_labels(void)
{
	static const struct str narrow[] = { STR("windows-"), STR("koi8"), STR("ibm") };
	struct arena a;

	arena_init(&a);
	for (size_t i = 0; i < sizeof(guesses) / sizeof(guesses[0]); i++) {
		struct str bytes = encoded(&a, guesses[i].encoding, guesses[i].text), out;
		bool one_byte = false;
		struct charset cs;

		for (size_t k = 0; k < sizeof(narrow) / sizeof(narrow[0]); k++)
			one_byte =
				one_byte || str_has_prefix(str_of(guesses[i].encoding), narrow[k]);
		out = charset_to_utf8(&a, bytes, S("iso-8859-1"), S(""), &cs);
		if (one_byte)
			CHECK_STR(guesses[i].encoding, cs.name, S("windows-1252"));
		else
			CHECK_STR(guesses[i].encoding, out, guesses[i].text);
	}
	arena_fini(&a);
}

/* clang-format off */

static const struct {
	const char *why;
	struct str in, header, document, want, name;
} cases[] = {
	{ "UTF-8", STR("é"), STR(""), STR(""), STR("é"), STR("UTF-8") },
	{ "ASCII is what the label says", STR("e"), STR(""), STR("iso-8859-1"), STR("e"),
	  STR("windows-1252") },
	{ "BOM", STR("\xEF\xBB\xBF" "e"), STR("gbk"), STR(""), STR("e"), STR("UTF-8") },
	{ "two BOMs", STR("\xEF\xBB\xBF\xEF\xBB\xBF" "e"), STR(""), STR(""), STR("e"),
	  STR("UTF-8") },
	{ "UTF-16LE by BOM, whatever the label", STR("\xFF\xFE<\0a\0>\0"), STR("utf-8"),
	  STR("utf-8"), STR("<a>"),
	  STR("UTF-16LE") },
	{ "UTF-16BE by BOM", STR("\xFE\xFF\0<\x4E\x2D"), STR(""), STR(""), STR("<中"),
	  STR("UTF-16BE") },
	{ "UTF-16LE without BOM", STR("<\0?\0x\0m\0"), STR(""), STR("utf-8"), STR("<?xm"),
	  STR("UTF-16LE") },
	{ "UTF-16BE without BOM, not all ASCII", STR("\0<\0a\0>\x4E\x2D\0<\0/\0a\0>"), STR(""),
	  STR(""),
	  STR("<a>中</a>"), STR("UTF-16BE") },
	{ "UTF-16BE without BOM", STR("\0<\0?\0x\0m"), STR(""), STR(""), STR("<?xm"),
	  STR("UTF-16BE") },
	{ "UTF-32LE without BOM", STR("<\0\0\0a\0\0\0"), STR(""), STR(""), STR("<a"),
	  STR("UTF-32LE") },
	{ "UTF-32BE by BOM", STR("\0\0\xFE\xFF\0\0\0<\0\1\xF6\0"), STR(""), STR(""), STR("<😀"),
	  STR("UTF-32BE") },
	{ "label is UTF-16, bytes are not", STR("<?xml é"), STR(""), STR("utf-16"), STR("<?xml é"),
	  STR("UTF-8") },
	{ "header before document", STR("\xE9"), STR("iso-8859-1"), STR("koi8-r"), STR("é"),
	  STR("windows-1252") },
	{ "a server's default before what the document says and is", STR("\xD6\xD0\xCE\xC4"),
	  STR("iso-8859-1"), STR("gbk"), STR("中文"), STR("gb18030") },
	{ "not where its letters stand alone", STR("caf\xE9 cr\xE8me"), STR("iso-8859-1"),
	  STR("gbk"), STR("café crème"), STR("windows-1252") },
	{ "document", STR("\xC9"), STR(""), STR("koi8-r"), STR("и"), STR("KOI8-R") },
	{ "unknown label", STR("\xC9"), STR("x-none"), STR("koi8-r"), STR("и"), STR("KOI8-R") },
	{ "valid UTF-8 wins over latin1", STR("中文"), STR("iso-8859-1"), STR(""), STR("中文"),
	  STR("UTF-8") },
	{ "valid UTF-8 wins over GBK", STR("中文"), STR(""), STR("gb2312"), STR("中文"), STR("UTF-8") },
	{ "valid UTF-8 wins over Big5", STR("中文"), STR(""), STR("big5"), STR("中文"), STR("UTF-8") },
	{ "gb2312 is gb18030", STR("\xD6\xD0\xE9\x46"), STR(""), STR("gb2312"), STR("中镕"),
	  STR("gb18030") },
	{ "Big5 has Hong Kong's", STR("\xA4\xA4\xFA\x5B"), STR(""), STR("big5"), STR("中𧪄"),
	  STR("Big5") },
	{ "damage in UTF-8", STR("中文中文\xFF"), STR("utf-8"), STR(""), STR("中文中文\uFFFD"),
	  STR("UTF-8") },
	{ "ISO-2022-JP looks like ASCII", STR("\x1B$BF|\x1B(B"), STR(""), STR("iso-2022-jp"),
	  STR("日"),
	  STR("ISO-2022-JP") },
	{ "UTF-7 is not decoded", STR("+ADw-script+AD4-"), STR(""), STR("utf-7"),
	  STR("+ADw-script+AD4-"),
	  STR("UTF-8") },
	{ "Big5 that says GBK", STR("\xA5\xAB\xAC\x46\xA9\xB2\xA4\xBD\xA5\xAC\xB3\xCC\xB7\x73"),
	  STR(""), STR("utf-8"),
	  STR("市政府公布最新"), STR("Big5") },
	{ "a byte the encoding has not, at the end (found by fuzzing)", STR("a\xA1\xFE\xFF"),
	  STR(""),
	  STR("tis-620"), STR("aก\uFFFD\uFFFD"), STR("windows-874") },
	{ "empty", STR(""), STR(""), STR(""), STR(""), STR("UTF-8") },
}, labels[] = {
	{ "quoted", STR("text/xml; charset=\"gbk\""), STR(""), STR(""), STR("gbk"), STR("") },
	{ "bare", STR("text/xml;Charset=gbk; x=1"), STR(""), STR(""), STR("gbk"), STR("") },
	{ "none", STR("text/xml"), STR(""), STR(""), STR(""), STR("") },
};

/* clang-format on */

int main(void)
{
	struct arena a;

	arena_init(&a);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct charset cs;
		struct str out =
			charset_to_utf8(&a, cases[i].in, cases[i].header, cases[i].document, &cs);

		CHECK_STR(cases[i].why, out, cases[i].want);
		CHECK_STR(cases[i].why, cs.name, cases[i].name);
	}
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		CHECK_STR(labels[i].why, charset_of_content_type(labels[i].in), labels[i].want);
	CHECK_STR("XML declaration", charset_of_xml(S("\n<?xml version='1.0' encoding='Big5'?>")),
		  S("Big5"));
	CHECK_STR("not from later on",
		  charset_of_xml(S("<?xml version='1.0'?><a encoding='Big5'>")), S(""));
	CHECK_STR("meta", charset_of_html(S("<html><META charset=gbk>")), S("gbk"));
	CHECK_STR("http-equiv",
		  charset_of_html(S("<meta name=a><meta http-equiv=content-type "
				    "content=\"text/html; charset=big5\">")),
		  S("big5"));
	/* longer than any buffer inside */
	char *big = arena_alloc(&a, 100001);
	struct charset cs;
	memset(big, 'a', 100001);
	for (size_t i = 1; i + 1 < 100001; i += 2)
		memcpy(big + i, "\xD6\xD0", 2);
	struct str out = charset_to_utf8(&a, str_n(big, 100001), S("gbk"), S(""), &cs);
	CHECK_I64("all of a long text", (int64_t)out.len, 150001);
	CHECK(!cs.damaged);
	arena_fini(&a);
	check_guesses();
	check_latin_labels();
	return check_done();
}
