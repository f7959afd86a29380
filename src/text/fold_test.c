#include "text/fold.h"

#include "base/check.h"
#include "text/segment.h"
#include "text/utf8.h"

static struct arena mem;

static void test_fold(void)
{
	static const struct {
		const char *why;
		struct str in, want;
	} cases[] = {
		{ "ASCII case", STR("NATO, Nato"), STR("nato, nato") },
		{ "Traditional to Simplified", STR("北約秘書長臺灣"), STR("北约秘书长台湾") },
		{ "Simplified stays", STR("北约秘书长"), STR("北约秘书长") },
		{ "one form of two words", STR("著名，看著"), STR("着名,看着") },
		{ "full width", STR("ＡＩ　５Ｇ，！"), STR("ai 5g,!") },
		{ "an accent behind a letter in full width", STR("ＸＡ\xCC\x81，"), STR("xá,") },
		{ "marks behind Han, in canonical order", STR("門一\xEF\xB8\xA3\xCC\xA2上"),
		  STR("门一\xCC\xA2\xEF\xB8\xA3上") },
		{ "signs between Han", STR("「門」、〈X〉。"), STR("「门」、〈x〉。") },
		{ "half-width kana with its voicing mark", STR("ｶﾞｷﾞ"), STR("ガギ") },
		{ "a voicing mark of its own", STR("か\xE3\x82\x99"), STR("が") },
		{ "accents compose", STR("Cafe\xCC\x81"), STR("café") },
		{ "an accent behind ASCII in a run", STR("xye\xCC\x81z"), STR("xyéz") },
		{ "marks in canonical order", STR("a\xCC\xA3\xCC\x82"), STR("ậ") },
		{ "jamo compose", STR("\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB"), STR("한") },
		{ "sharp s, small and capital", STR("Straße ẞ"), STR("strasse ss") },
		{ "final sigma", STR("ΛΌΓΟΣ λόγος"), STR("λόγοσ λόγοσ") },
		{ "Cyrillic", STR("Москва"), STR("москва") },
		{ "compatibility forms", STR("①㎏ﬁ"), STR("1kgfi") },
		{ "a compatibility ideograph", STR("\xEF\xA4\x80"), STR("岂") },
		{ "a radical", STR("\xE2\xBC\x80"), STR("一") },
		{ "what has no width goes",
		  STR("a\xC2\xAD"
		      "b\xE2\x80\x8B"
		      "c\xEF\xBB\xBF"),
		  STR("abc") },
		{ "beyond the BMP", STR("𫒡"), STR("𫓷") },
		{ "Traditional to four bytes, among others", STR("東㑮西"), STR("东𫝈西") },
		{ "lines stay", STR("A\nB"), STR("a\nb") },
		{ "malformed bytes are one character each",
		  STR("a\xFF"
		      "b"),
		  STR("a\xEF\xBF\xBD"
		      "b") },
		{ "a character cut at the end", STR("北\xE7\xB4"), STR("北\xEF\xBF\xBD") },
		{ "NUL is a character", STR("A\0B"), STR("a\0b") },
		{ "nothing", STR(""), STR("") },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t *from;

		CHECK_STR(cases[i].why, fold_text(&mem, cases[i].in), cases[i].want);
		CHECK_STR("twice is once", fold_text(&mem, cases[i].want), cases[i].want);
		struct str mapped = fold_mapped(&mem, cases[i].in, &from);
		CHECK_STR("the same, mapped", mapped, cases[i].want);
		CHECK_I64("the map's end", (int64_t)from[mapped.len], (int64_t)cases[i].in.len);
		for (size_t k = 0; k < mapped.len; k++)
			CHECK(from[k] <= from[k + 1] && from[k] < cases[i].in.len);
	}
}

static void test_sources(void)
{
	uint32_t from[8];
	size_t n = fold_han_sources(0x53F0, from, 8); /* 台: 檯 臺 颱 */

	CHECK_I64("forms of 台", (int64_t)n, 3);
	for (size_t i = 0; i < n; i++)
		CHECK(fold_han(from[i]) == 0x53F0);
	CHECK(fold_han('a') == 'a' && fold_han(0x10FFFF) == 0x10FFFF && fold_han(0x4E00) == 0x4E00);
	for (uint32_t c = 0x3400; c < 0x30000; c++) /* chains are followed to their end */
		if (fold_han(fold_han(c)) != fold_han(c))
			CHECK_I64("a chain", c, 0);
}

/* Terms with their units: "北约:0 约秘:1" ... L marks the last of a run, S a lone character. */
static void test_segment(void)
{
	static const struct {
		const char *why, *in, *want;
	} cases[] = {
		{ "pairs", "北约秘", "北约:0 约秘:1 秘:2L" },
		{ "one character", "猫", "猫:0S" },
		{ "words", "machine learning", "machine:0 learning:1" },
		{ "punctuation parts runs", "汉娜·阿伦", "汉娜:0 娜:1L 阿伦:2 伦:3L" },
		{ "scripts part", "华为5g手机", "华为:0 为:1L 5g:2 手机:3 机:4L" },
		{ "a hyphen parts", "covid-19", "covid:0 19:1" },
		{ "an underscore parts", "a_b", "a:0 b:1" },
		{ "lines are apart", "a\nb", "a:0 b:2" },
		{ "kana", "コンピ", "コン:0 ンピ:1 ピ:2L" },
		{ "a long mark is kana", "スー", "スー:0 ー:1L" },
		{ "hangul", "한국 어", "한국:0 국:1L 어:2S" },
		{ "other scripts are words", "москва ไทย", "москва:0 ไทย:1" },
		{ "digits of them too", "١٢", "١٢:0" },
		{ "emoji are nothing", "a😀b", "a:0 b:1" },
		{ "nothing", " ,。", "" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct segment s;
		struct term t;
		struct buf got;

		buf_init(&got, BUF_NO_MAX);
		segment_start(&s, str_of(cases[i].in));
		while (segment_next(&s, &t)) {
			CHECK_STR("a view", t.text, str_sub(str_of(cases[i].in), t.from, t.to));
			buf_addf(&got, "%s%.*s:%zu%s", got.len ? " " : "", STR_FMT(t.text), t.unit,
				 t.kind == TERM_LAST     ? "L"
				 : t.kind == TERM_SINGLE ? "S"
							 : "");
		}
		CHECK_STR(cases[i].why, buf_str(&got), str_of(cases[i].want));
		buf_fini(&got);
	}
}

int main(void)
{
	arena_init(&mem);
	test_fold();
	test_sources();
	test_segment();
	arena_fini(&mem);
	return check_done();
}
