/*
 * Every candidate decodes the sample, and what comes out is judged as text: characters that are
 * frequent in the languages of the encoding, letters standing where letters stand, against
 * breaches, symbols inside words and changes of case. The score is per byte past 127, so that
 * encodings of one and two bytes can be compared.
 */
#include "text/charset_guess.h"

#include <string.h>

#include <lexbor/encoding/encoding.h>

#include "text/utf8.h"

enum { SAMPLE_BYTES = 16384, LOOK_BYTES = 1 << 20 };

/* Points are in quarters: of a character (CJK), or of a letter (alphabets). */
enum {
	POINTS_COMMON = 24,
	POINTS_KANA = 14,
	POINTS_HANGUL = 8,
	POINTS_HAN = 2,
	POINTS_RARE = -8,
	POINTS_ERROR = -120,
	POINTS_LETTER = 6,
	POINTS_OFTEN = 4,
	POINTS_STRANGE = -8,
	POINTS_MIXED = -24,
	POINTS_CASE = -14,
	POINTS_SYMBOL = -6,
	POINTS_PUNCTUATION = 4
};

static const char hans[] = "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下"
			   "以生会自着去之过家学对可她里后小么心多天"
			   "而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头"
			   "面公同三已老从动两长知民样现分将外但身些"
			   "与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给"
			   "等几很业最间新什打便位因重被走电四第门相次"
			   "东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼"
			   "体别处总才场师书比住员九笑性通目华报立马命"
			   "张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果"
			   "亲界及今京务制解各任至清物台象记边共风战干"
			   "接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎元社术结六"
			   "功指思非流每青管夫连远资队跟带花快条院变联"
			   "言权往展该领传近留红治决周保达办运武半候七必城父强步完革深区即求品士转"
			   "量空甚众技轻程告江语英基派满式李息写呢识极"
			   "，。、；：？！“”‘’（）《》【】…—·";
static const char hant[] = "的一是不了在人有我他這中大來上國個到說們為子和你地出道也時年得就那要下"
			   "以生會自著去之過家學對可她裡後小麼心多天"
			   "而能好都然沒日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭"
			   "面公同三已老從動兩長知民樣現分將外但身些"
			   "與高意進把法此實回二理美點月明其種聲全工己話兒者向情部正名定女問力機給"
			   "等幾很業最間新什打便位因重被走電四第門相次"
			   "東政海口使教西再平真聽世氣信北少關並內加化由卻代軍產入先山五太水萬市眼"
			   "體別處總才場師書比住員九笑性通目華報立馬命"
			   "張活難神數件安表原車白應路期叫死常提感金何更反合放做系計或司利受光王果"
			   "親界及今京務制解各任至清物台象記邊共風戰幹"
			   "接它許八特覺望直服毛林題建南度統色字請交愛讓認算論百吃義科怎元社術結六"
			   "功指思非流每青管夫連遠資隊跟帶花快條院變聯"
			   "言權往展該領傳近留紅治決周保達辦運武半候七必城父強步完革深區即求品士轉"
			   "量空甚眾技輕程告江語英基派滿式李息寫呢識極"
			   "，。、；：？！「」『』（）《》【】…—．灣臺";
static const char japanese[] = "の、。に は を が と で た て し い る な っ れ ら こ か あ う く "
			       "す も り ん き さ け そ だ つ よ ど み 「」・ー"
			       "日一国人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円"
			       "子外八六下来気小七山話女北午百書先名川千水半男"
			       "西電校語土木聞食車何南万毎白天母火右読友左休父雨会同事自社発者地業"
			       "方新場員立開手力問代明動京目通言理体田主題意不作";
static const char korean[] = "이다는에의을가한고하지로은어기를사리도서시나대인자아있라스그정일수것"
			     "부제해원전장보구주들상만여과게동유안조으오성관"
			     "공년국비계방연화신위우재경적중미세단선생명된소학회개문분체용행할모내"
			     "습와되트했것입니면드교당진실었산무요마양식무양회"
			     "설통치거현민토론물력지금말때까또더영차바야며았던";

struct profile {
	lxb_encoding_t encoding;
	const char *
		common; /* letters that are frequent, or stand alone for the encoding's languages */
	uint32_t first, last; /* the script's letters, for alphabets that are not Latin */
};

/* Multi-byte first; where two score the same, the first is taken. */
static const struct profile wides[] = {
	{ LXB_ENCODING_GB18030, hans, 0, 0 },    { LXB_ENCODING_BIG5, hant, 0, 0 },
	{ LXB_ENCODING_EUC_JP, japanese, 0, 0 }, { LXB_ENCODING_SHIFT_JIS, japanese, 0, 0 },
	{ LXB_ENCODING_EUC_KR, korean, 0, 0 },
};
static const struct profile narrows[] = {
	{ LXB_ENCODING_WINDOWS_1252, "éèàçêâîôûùëïüöäßñóíáúåæøœãõÉÀÜÖÄØÅÇ", 0, 0 },
	{ LXB_ENCODING_WINDOWS_1251, "оеаинтсрвлкм", 0x401, 0x45F },
	{ LXB_ENCODING_KOI8_R, "оеаинтсрвлкм", 0x401, 0x45F },
	{ LXB_ENCODING_KOI8_U, "оеаинтсрвлкміїє", 0x401, 0x45F },
	{ LXB_ENCODING_IBM866, "оеаинтсрвлкм", 0x401, 0x45F },
	{ LXB_ENCODING_ISO_8859_5, "оеаинтсрвлкм", 0x401, 0x45F },
	{ LXB_ENCODING_WINDOWS_1253, "αοιετσνηυρπκςόάίέή", 0x386, 0x3CE },
	{ LXB_ENCODING_ISO_8859_7, "αοιετσνηυρπκςόάίέή", 0x386, 0x3CE },
	{ LXB_ENCODING_WINDOWS_1255, "יוהלאמתרבנש", 0x5B0, 0x5F4 },
	{ LXB_ENCODING_WINDOWS_1256, "اليمونترب", 0x600, 0x6FF },
	{ LXB_ENCODING_ISO_8859_6, "اليمونترب", 0x600, 0x6FF },
	{ LXB_ENCODING_WINDOWS_874, "านรกอเงมยลวดทสตะปบคหแจพชขใไโผซถศณธษภ่้ิีัู็์", 0xE01, 0xE5B },
	{ LXB_ENCODING_WINDOWS_1250, "ąćęłńóśźżáčďéěíňřšťúůýžőűöüâăîşţđŁŚŻČŠŽ", 0, 0 },
	{ LXB_ENCODING_ISO_8859_2, "ąćęłńóśźżáčďéěíňřšťúůýžőűöüâăîşţđŁŚŻČŠŽ", 0, 0 },
	{ LXB_ENCODING_WINDOWS_1254, "ğışçöüâİŞĞÇÖÜ", 0, 0 },
	{ LXB_ENCODING_WINDOWS_1257, "āčēģīķļņšūžąęėįųõäöü", 0, 0 },
	{ LXB_ENCODING_WINDOWS_1258, "đăâêôơưáàéèíìóòúù", 0, 0 },
};

/* Characters below U+10000 as a set. */
struct charset_set {
	uint8_t bits[0x10000 / 8];
};

static void set_fill(struct charset_set *set, const char *chars)
{
	struct str s = str_of(chars);

	memset(set, 0, sizeof(*set));
	for (size_t pos = 0; pos < s.len;) {
		uint32_t c = utf8_next(s, &pos);

		if (c > 0x7F && c < 0x10000)
			set->bits[c / 8] |= (uint8_t)(1u << (c % 8));
	}
}

static bool set_has(const struct charset_set *set, uint32_t c)
{
	return c < 0x10000 && (set->bits[c / 8] >> (c % 8) & 1);
}

/* ---- the sample ---- */

struct sample {
	char bytes[SAMPLE_BYTES + 1];
	size_t len, high;
};

/* A byte no encoding of ours has as the second of a character. */
static bool is_break(unsigned char ch)
{
	return ch < 0x30 || (ch >= 0x3A && ch <= 0x3F);
}

/* The pieces of bytes that have something past 127 in them, each with the break behind it. */
static void take_sample(struct str bytes, struct sample *out)
{
	size_t from = 0;

	out->len = out->high = 0;
	bytes = str_sub(bytes, 0, LOOK_BYTES);
	for (size_t i = 0; i < bytes.len && out->len < SAMPLE_BYTES; i++) {
		unsigned char ch = (unsigned char)bytes.ptr[i];
		size_t high = 0, len;

		if (!is_break(ch) && i + 1 < bytes.len && i + 1 - from < SAMPLE_BYTES)
			continue;
		len = i + 1 - from;
		for (size_t k = from; k <= i; k++)
			high += (unsigned char)bytes.ptr[k] >> 7;
		if (high && len <= SAMPLE_BYTES - out->len) {
			memcpy(out->bytes + out->len, bytes.ptr + from, len);
			out->len += len;
			out->high += high;
		}
		from = i + 1;
	}
}

/* Characters of the sample in e; malformed ones are UTF8_BAD. */
static size_t decode_sample(const struct sample *s, lxb_encoding_t encoding, lxb_codepoint_t *out,
			    size_t max)
{
	const lxb_char_t *at = (const lxb_char_t *)s->bytes;
	const lxb_encoding_data_t *e = lxb_encoding_data(encoding);
	lxb_codepoint_t bad = UTF8_BAD;
	lxb_encoding_decode_t ctx;

	lxb_encoding_decode_init(&ctx, e, out, max);
	lxb_encoding_decode_replace_set(&ctx, &bad, 1);
	e->decode(&ctx, &at, at + s->len);
	return lxb_encoding_decode_buf_used(&ctx);
}

size_t charset_high_bytes(struct str bytes)
{
	struct sample s;

	take_sample(bytes, &s);
	return s.high;
}

size_t charset_errors(struct str bytes, lxb_encoding_t e)
{
	lxb_codepoint_t chars[SAMPLE_BYTES + 1];
	struct sample s;
	size_t errors = 0;

	take_sample(bytes, &s);
	for (size_t i = 0, n = decode_sample(&s, e, chars, SAMPLE_BYTES); i < n; i++)
		errors += chars[i] == UTF8_BAD;
	return errors;
}

/* ---- judging ---- */

static int points_of_wide(uint32_t c, const struct charset_set *common)
{
	if (c < 0x80)
		return 0;
	if (c == UTF8_BAD)
		return POINTS_ERROR;
	if (utf8_is_kana(c))
		return c >= 0xFF61 && c <= 0xFF9F ? POINTS_RARE : POINTS_KANA;
	if (set_has(common, c))
		return POINTS_COMMON;
	if (c >= 0xE000 && c <= 0xF8FF)
		return 4 * POINTS_RARE;
	if (c >= 0xAC00 && c <= 0xD7A3)
		return POINTS_HANGUL;
	if (c >= 0x4E00 && c <= 0x9FFF)
		return POINTS_HAN;
	if (utf8_is_cjk(c)) /* punctuation, full-width forms */
		return POINTS_HAN;
	return POINTS_RARE;
}

static int64_t judge_wide(const lxb_codepoint_t *chars, size_t count,
			  const struct charset_set *common)
{
	int64_t points = 0;

	for (size_t i = 0; i < count; i++)
		points += points_of_wide(chars[i], common);
	return points;
}

static bool is_latin_letter(uint32_t c)
{
	return (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) || c == 0x300 || c == 0x301 ||
	       c == 0x303 || c == 0x309 || c == 0x323;
}

static bool is_ascii_letter(uint32_t c)
{
	return c < 0x80 && ch_is_alpha((char)c);
}

/* -1 lower, 1 upper, 0 neither; for the scripts that narrow encodings have. */
static int case_of(uint32_t c)
{
	if (c < 0x80)
		return c >= 'a' && c <= 'z' ? -1 : c >= 'A' && c <= 'Z' ? 1 : 0;
	if (c >= 0xC0 && c <= 0xFF)
		return c == 0xD7 || c == 0xF7 ? 0 : c < 0xDF ? 1 : -1;
	if (c >= 0x100 && c <= 0x137)
		return c & 1 ? -1 : 1;
	if (c >= 0x139 && c <= 0x148)
		return c & 1 ? 1 : -1;
	if (c >= 0x14A && c <= 0x177)
		return c & 1 ? -1 : 1;
	if (c >= 0x179 && c <= 0x17E)
		return c & 1 ? 1 : -1;
	if (c >= 0x391 && c <= 0x3AB)
		return 1;
	if (c >= 0x3AC && c <= 0x3CE)
		return -1;
	if (c >= 0x400 && c <= 0x42F)
		return 1;
	if (c >= 0x430 && c <= 0x45F)
		return -1;
	return 0;
}

static bool is_letter_of(const struct profile *p, uint32_t c)
{
	return p->first ? c >= p->first && c <= p->last : is_latin_letter(c);
}

static bool is_punctuation(uint32_t c)
{
	return c == 0xA0 || c == 0xAB || c == 0xBB || (c >= 0x2013 && c <= 0x2026) || c == 0x20AC ||
	       c == 0x2116 || c == 0xA9 || c == 0xAE || c == 0x2122 || c == 0xB0 || c == 0xA3 ||
	       c == 0xA1 || c == 0xBF || c == 0xB7;
}

static int points_of_narrow(const struct profile *p, uint32_t before, uint32_t c, uint32_t after,
			    const struct charset_set *common)
{
	bool foreign = p->first ? is_ascii_letter(before) || is_ascii_letter(after) : false;
	int points;

	if (c < 0x80)
		return 0;
	if (c == UTF8_BAD || (c >= 0x80 && c < 0xA0))
		return POINTS_ERROR;
	if (is_letter_of(p, c)) {
		points = p->first ? POINTS_LETTER : 0;
		if (set_has(common, c))
			points += POINTS_OFTEN;
		else if (!p->first)
			points += POINTS_STRANGE;
		if (foreign)
			points += POINTS_MIXED;
		/* an accented letter stands among plain ones; a run of them is no Latin */
		if (!p->first && is_latin_letter(before))
			points += POINTS_MIXED / 2;
		if (case_of(before) == -1 && case_of(c) == 1)
			points += POINTS_CASE;
		if (case_of(before) == 1 && case_of(c) == -1 && before >= 0x80 &&
		    case_of(after) == 1)
			points += POINTS_CASE;
		return points;
	}
	if (is_punctuation(c))
		return (is_ascii_letter(before) || is_letter_of(p, before)) && c != 0x2019 &&
				       c != 0x2013 && c != 0x2014 && c != 0x2026 &&
				       (is_ascii_letter(after) || is_letter_of(p, after))
			       ? POINTS_SYMBOL
			       : POINTS_PUNCTUATION;
	return is_letter_of(p, before) || is_letter_of(p, after) ? 2 * POINTS_SYMBOL
								 : POINTS_SYMBOL;
}

/* Stops where the rest cannot come to more than best: `high` characters of it have points. */
static int64_t judge_narrow(const struct profile *p, const lxb_codepoint_t *chars, size_t count,
			    size_t high, const struct charset_set *common, int64_t best)
{
	int64_t points = 0, rest = (int64_t)high * (POINTS_LETTER + POINTS_OFTEN);

	for (size_t i = 0; i < count && points + rest > best; i++) {
		if (chars[i] < 0x80)
			continue;
		points += points_of_narrow(p, i ? chars[i - 1] : ' ', chars[i],
					   i + 1 < count ? chars[i + 1] : ' ', common);
		rest -= POINTS_LETTER + POINTS_OFTEN;
	}
	return points;
}

lxb_encoding_t charset_guess(struct str bytes)
{
	lxb_codepoint_t chars[SAMPLE_BYTES + 1];
	lxb_encoding_t best = LXB_ENCODING_WINDOWS_1252;
	int64_t best_points = INT64_MIN;
	struct charset_set common;
	struct sample s;

	take_sample(bytes, &s);
	for (size_t i = 0; i < sizeof(wides) / sizeof(wides[0]); i++) {
		size_t count = decode_sample(&s, wides[i].encoding, chars, SAMPLE_BYTES);

		set_fill(&common, wides[i].common);
		int64_t points = judge_wide(chars, count, &common);
		if (points > best_points && points > 0) {
			best_points = points;
			best = wides[i].encoding;
		}
	}
	for (size_t i = 0; i < sizeof(narrows) / sizeof(narrows[0]); i++) {
		size_t count = decode_sample(&s, narrows[i].encoding, chars, SAMPLE_BYTES);

		set_fill(&common, narrows[i].common);
		int64_t points =
			judge_narrow(&narrows[i], chars, count, s.high, &common, best_points);
		if (points > best_points) {
			best_points = points;
			best = narrows[i].encoding;
		}
	}
	return best;
}
