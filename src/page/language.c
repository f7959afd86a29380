/*
 * language - by the text where its script or its words are plain, else by what the page says.
 */
#include <string.h>

#include "page/private.h"
#include "text/utf8.h"

enum { SAMPLE_BYTES = 1600, MIN_WORDS = 20, MAX_LANGUAGES = 40 };

/* Characters only one of the two scripts writes, the commonest first. */
static const char hant_only[] = "這個們來為時會說對國過後還發經樣學與長點現動開話問進種關電車東見間"
				"門兩實當沒給從樂馬書體愛記親請議區報導灣總統"
				"黨選舉應該認讓機構據員聯灣運場飛衛軍隊戰爭億萬響際質變廣傳號碼網頁"
				"藝術視聽讀寫買賣錢銀計畫歷師標準題無類勞農業務處決"
				"產製嗎麼龍鳳鳥魚鐵鄉縣鎮號線級結約細終紅綠顯顧華葉萬蘭藥劃劇劉則剛"
				"創勝勢單嚴園圓團圖壓壞壯夢夠奪獎婦孫寧審";
static const char hans_only[] = "这个们来为时会说对国过后还发经样学与长点现动开话问进种关电车东见间"
				"门两实当没给从乐马书体爱记亲请议区报导湾总统"
				"党选举应该认让机构据员联湾运场飞卫军队战争亿万响际质变广传号码网页"
				"艺术视听读写买卖钱银计画历师标准题无类劳农业务处决"
				"产制吗么龙凤鸟鱼铁乡县镇号线级结约细终红绿显顾华叶万兰药划剧刘则刚"
				"创胜势单严园圆团图压坏壮梦够夺奖妇孙宁审";

struct script_counts {
	size_t han, kana, hangul, latin, cyrillic, arabic, greek, hebrew, thai, devanagari, hant,
		hans, letters;
	size_t ukrainian, persian, urdu;
};

enum { HAN_FIRST = 0x4E00 };

static void mark_han(uint8_t *table, const char *set, uint8_t mark)
{
	struct str s = str_of(set);

	for (size_t i = 0; i < s.len;) {
		uint32_t c = utf8_next(s, &i);
		if (c >= HAN_FIRST && c - HAN_FIRST < LANGUAGE_HAN_COUNT)
			table[c - HAN_FIRST] |= mark;
	}
}

void language_mark_han(uint8_t table[LANGUAGE_HAN_COUNT])
{
	mark_han(table, hant_only, 1);
	mark_han(table, hans_only, 2);
}

static void count_han(const uint8_t *han, uint32_t c, struct script_counts *n)
{
	bool known = c >= HAN_FIRST && c - HAN_FIRST < LANGUAGE_HAN_COUNT;
	uint8_t mark = known ? han[c - HAN_FIRST] : 0;

	n->han++;
	n->hant += mark == 1;
	n->hans += mark == 2;
}

static void count_scripts(const uint8_t *han, struct str s, struct script_counts *n)
{
	for (size_t i = 0; i < s.len;) {
		if ((unsigned char)s.ptr[i] < 0x80) {
			n->latin += ch_is_alpha(s.ptr[i++]);
			continue;
		}
		uint32_t c = utf8_next(s, &i);

		if (c < 0x250) {
			n->latin++;
		} else if (c >= HAN_FIRST && c <= 0x9FFF) {
			count_han(han, c, n);
		} else if (utf8_is_kana(c)) {
			n->kana++;
		} else if (utf8_is_hangul(c)) {
			n->hangul++;
		} else if (utf8_is_han(c)) {
			count_han(han, c, n);
		} else if (c >= 0x400 && c < 0x530) {
			n->cyrillic++;
			n->ukrainian += c == 0x456 || c == 0x457 || c == 0x454 || c == 0x491;
		} else if (c >= 0x600 && c < 0x700) {
			n->arabic++;
			n->persian +=
				c == 0x67E || c == 0x686 || c == 0x6AF || c == 0x6CC || c == 0x6A9;
			n->urdu += c == 0x679 || c == 0x688 || c == 0x6D2 || c == 0x6BE;
		} else if (c >= 0x370 && c < 0x400) {
			n->greek++;
		} else if (c >= 0x590 && c < 0x600) {
			n->hebrew++;
		} else if (c >= 0xE00 && c < 0xE80) {
			n->thai++;
		} else if (c >= 0x900 && c < 0x980) {
			n->devanagari++;
		}
	}
}

/* The language whose commonest words stand most often in the text; empty where none is clear. */
static struct str by_words(struct str s)
{
	const struct vocab_list *languages = vocab_list("languages");
	size_t hits[MAX_LANGUAGES] = { 0 }, words = 0, best = 0, second = 0;
	char word[32];
	size_t n = 0;

	if (languages->count == 0 || languages->count > MAX_LANGUAGES)
		return (struct str){ 0 };
	for (size_t i = 0; i <= s.len && words < 400; i++) {
		unsigned char ch = i < s.len ? (unsigned char)s.ptr[i] : ' ';
		if (ch >= 0x80 || ch_is_alpha((char)ch) || ch == '\'') {
			if (n < sizeof(word))
				word[n++] = (char)ch;
			continue;
		}
		if (n > 0 && n < sizeof(word)) {
			uint64_t mask = vocab_stop(str_n(word, n));

			words++;
			for (size_t k = 0; mask; k++, mask >>= 1)
				hits[k] += mask & 1;
		}
		n = 0;
	}
	for (size_t k = 1; k < languages->count; k++)
		if (hits[k] > hits[best])
			best = k;
	for (size_t k = 0; k < languages->count; k++)
		if (k != best && hits[k] > second)
			second = hits[k];
	if (words < MIN_WORDS || hits[best] * 8 < words || hits[best] < second + second / 4 + 2)
		return (struct str){ 0 };
	return languages->items[best];
}

/* "en_us" as "en-US", "zh-cn" as "zh-Hans-CN"; empty where it is no tag. */
static struct str normal_tag(struct page_extractor *x, struct str tag)
{
	struct buf out;
	struct str part;
	size_t n = 0;

	tag = str_trim(tag);
	if (tag.len < 2 || tag.len > 20 || !ch_is_alpha(tag.ptr[0]) || !ch_is_alpha(tag.ptr[1]))
		return (struct str){ 0 };
	char *copy = arena_cstr(x->mem, tag);
	for (size_t i = 0; i < tag.len; i++) {
		if (copy[i] == '_')
			copy[i] = '-';
		if (copy[i] == ',' || ch_is_space(copy[i]) || copy[i] == '.') {
			tag.len = i;
			break;
		}
	}
	buf_init(&out, 64);
	struct str rest = str_n(copy, tag.len);
	while (str_split(&rest, '-', &part) && n < 3) {
		if (n == 0 && (part.len < 2 || part.len > 3))
			break;
		if (n)
			buf_add_ch(&out, '-');
		for (size_t i = 0; i < part.len; i++) {
			char ch = ch_lower(part.ptr[i]);
			bool upper = n > 0 && (part.len == 2 || (part.len == 4 && i == 0));
			if (!ch_is_alnum(ch))
				break;
			buf_add_ch(&out, upper && ch >= 'a' ? (char)(ch - 32) : ch);
		}
		n++;
	}
	struct str result = arena_str(x->mem, buf_str(&out));
	buf_fini(&out);
	return result;
}

static struct str chinese_tag(struct page_extractor *x, struct str said,
			      const struct script_counts *n)
{
	bool hant = n->hant > n->hans;
	struct str region = { 0 };

	if (n->hant + n->hans < 3)
		hant = str_contains_nocase(said, S("tw")) || str_contains_nocase(said, S("hk")) ||
		       str_contains_nocase(said, S("hant"));
	size_t at = str_rfind_ch(said, '-');
	if (str_has_prefix(said, S("zh")) && at != STR_NONE && said.len - at == 3)
		region = str_from(said, at);
	/* A region that writes the other script is a mistaken attribute. */
	if (hant && (str_eq(region, S("-CN")) || str_eq(region, S("-SG"))))
		region = (struct str){ 0 };
	if (!hant &&
	    (str_eq(region, S("-TW")) || str_eq(region, S("-HK")) || str_eq(region, S("-MO"))))
		region = (struct str){ 0 };
	return arena_strf(x->mem, "zh-%s%.*s", hant ? "Hant" : "Hans", STR_FMT(region));
}

static struct str by_script(const struct script_counts *n, size_t letters)
{
	if (n->hangul * 3 > letters)
		return S("ko");
	if (n->cyrillic * 2 > letters)
		return n->ukrainian * 40 > n->cyrillic ? S("uk") : (struct str){ 0 };
	if (n->arabic * 2 > letters)
		return n->urdu * 60 > n->arabic      ? S("ur")
		       : n->persian * 30 > n->arabic ? S("fa")
						     : S("ar");
	if (n->greek * 2 > letters)
		return S("el");
	if (n->hebrew * 2 > letters)
		return S("he");
	if (n->thai * 2 > letters)
		return S("th");
	if (n->devanagari * 2 > letters)
		return S("hi");
	return (struct str){ 0 };
}

void field_language(struct page_extractor *x)
{
	struct article *art = &x->out->article;
	struct str sample =
		utf8_cut(art->text.len > 200 ? art->text : buf_str(&x->tree.text), SAMPLE_BYTES);
	struct str said = normal_tag(x, x->meta.html_lang);
	struct script_counts n = { 0 };

	if (!said.len)
		said = normal_tag(x,
				  x->ld.language.len ? x->ld.language : x->meta.content_language);
	count_scripts(x->han, sample, &n);
	size_t letters = n.han + n.kana + n.hangul + n.latin + n.cyrillic + n.arabic + n.greek +
			 n.hebrew + n.thai + n.devanagari;
	struct str found = { 0 };
	if ((n.han + n.kana) * 3 > letters && n.kana * 8 > n.han)
		found = S("ja");
	else if (n.han * 3 > letters)
		found = chinese_tag(x, said, &n);
	else if (letters > n.latin * 2)
		found = by_script(&n, letters);
	else
		found = by_words(sample);
	art->language_from = FROM_TEXT;
	/* The page's own tag says more (a region), as long as the text does not speak against it.
	 */
	bool agree = said.len >= 2 && found.len >= 2 && memcmp(said.ptr, found.ptr, 2) == 0;
	if ((agree && !str_has_prefix(found, S("zh"))) || !found.len) {
		found = said;
		art->language_from = said.len ? FROM_META : FROM_NOWHERE;
	}
	art->language = arena_str(x->mem, found);
}
