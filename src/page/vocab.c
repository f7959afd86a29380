/*
 * vocab - the words by which pages name their parts and their furniture, read from the embedded
 * vocab/ files.
 *
 * A file has lines `class KIND: word ...`, `cue KIND MODE: phrase | phrase ...`, `role NAME: label
 * | label ...` and `list NAME: entry | entry ...`. Words of classes are compared without separators
 * and case: "post-body", "post_body" and "postBody" are all "postbody", tried besides "post" and
 * "body".
 */
#include <string.h>

#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "page/private.h"
#include "page/vocab_files.h"
#include "text/utf8.h"

static const char *const class_names[CLASS_KINDS] = {
	[CLASS_ARTICLE] = "article",
	[CLASS_BODY] = "body",
	[CLASS_BODY_SURE] = "body-sure",
	[CLASS_MAIN] = "main",
	[CLASS_NAV] = "nav",
	[CLASS_RELATED] = "related",
	[CLASS_SHARE] = "share",
	[CLASS_COMMENT] = "comment",
	[CLASS_AD] = "ad",
	[CLASS_NEWSLETTER] = "newsletter",
	[CLASS_FOOTER] = "footer",
	[CLASS_HEADER] = "header",
	[CLASS_META] = "meta",
	[CLASS_AUTHOR] = "author",
	[CLASS_DATE] = "date",
	[CLASS_TAGS] = "tags",
	[CLASS_CAPTION] = "caption",
	[CLASS_GALLERY] = "gallery",
	[CLASS_SIDEBAR] = "sidebar",
	[CLASS_COOKIE] = "cookie",
	[CLASS_HIDDEN] = "hidden",
	[CLASS_BIO] = "bio",
	[CLASS_TITLE] = "title",
	[CLASS_SUMMARY] = "summary",
	[CLASS_TOC] = "toc",
	[CLASS_TOOLS] = "tools",
	[CLASS_FORM] = "form",
	[CLASS_PLAYER] = "player",
	[CLASS_PROMO] = "promo",
	[CLASS_QUOTE] = "quote",
	[CLASS_CARD] = "card",
	[CLASS_LIST] = "list",
	[CLASS_PAYWALL] = "paywall",
	[CLASS_NOTE] = "note",
	[CLASS_BREADCRUMB] = "breadcrumb",
	[CLASS_WIDGET] = "widget",
	[CLASS_PARAGRAPH] = "paragraph",
	[CLASS_CREDIT] = "credit",
	[CLASS_FACTS] = "facts",
	[CLASS_LIVE] = "live",
	[CLASS_DISCLAIMER] = "disclaimer",
};

static const char *const cue_names[CUE_KINDS] = {
	[CUE_AD] = "ad",           [CUE_RELATED] = "related",
	[CUE_SHARE] = "share",     [CUE_NEWSLETTER] = "newsletter",
	[CUE_COMMENT] = "comment", [CUE_COPYRIGHT] = "copyright",
	[CUE_CREDIT] = "credit",   [CUE_BYLINE] = "byline",
	[CUE_FOLLOW] = "follow",   [CUE_DATE] = "date",
	[CUE_LOGIN] = "login",     [CUE_BIO] = "bio",
	[CUE_COOKIE] = "cookie",   [CUE_TAGS] = "tags",
	[CUE_TOOLS] = "tools",     [CUE_SUPPORT] = "support",
	[CUE_NOTE] = "note",       [CUE_SOURCE] = "source",
	[CUE_CONTACT] = "contact", [CUE_ERROR] = "error",
	[CUE_SUMMARY] = "summary", [CUE_PAYWALL] = "paywall",
};

const char *class_kind_name(int kind)
{
	return class_names[kind];
}

const char *cue_kind_name(int kind)
{
	return cue_names[kind];
}

enum cue_mode { CUE_IS, CUE_STARTS, CUE_ENDS, CUE_HAS, CUE_MODES };
static const char *const mode_names[CUE_MODES] = { "is", "starts", "ends", "has" };

enum {
	MAX_WORD = 40, /* of a class's word */
	MAX_PHRASE = 120,
	CLASS_SLOTS = 8192,
	CUE_KEYS = 1024,
	CUE_IS_MAX = 90, /* a text longer than this is no label */
	CUE_STARTS_MAX = 400,
	CUE_HAS_MAX = 500
};

struct class_word {
	const char *word;
	uint64_t kinds;
	uint32_t hash;
	uint16_t len;
};

struct cue {
	struct str phrase;
	uint32_t kinds;
};

struct vocab {
	struct arena arena;
	struct class_word words[CLASS_SLOTS];
	uint32_t powers[MAX_WORD + 1]; /* of HASH_BASE */
	uint8_t marks[CLASS_SLOTS];    /* of the slots' hashes, 0 for a free one: most words are in
					  none, and this fits the cache */
	size_t word_count;
	struct map exact;         /* folded text -> struct cue: mode "is" */
	uint8_t exact_bits[8192]; /* labels of mode "is", by length and first bytes */
	uint8_t stop_bits[8192];  /* and the words of stops */
	uint8_t fronts[3][8192];  /* first three bytes of the phrases of a mode (last ones for
				     "ends"), hashed, as bits: most texts have none */
	struct list by_key[3][CUE_KEYS]; /* the other modes: struct cue, by their first letters
					    (last ones for "ends") */
	struct map roles, lists, members;
	struct map
		stops; /* word -> the languages (bits, in the order of their list) that have it */
	uint8_t han[LANGUAGE_HAN_COUNT];
};

/* The letters as the figures of a number: that of two words together is made from those of each. */
#define HASH_BASE 16777619u

static uint32_t hash_step(uint32_t h, char ch)
{
	return h * HASH_BASE + (uint8_t)ch;
}

static uint32_t hash_end(uint32_t h)
{
	h = (h ^ h >> 15) * 0x85EBCA6Bu;
	return h ^ h >> 13;
}

static uint32_t hash_word(const char *w, size_t len)
{
	uint32_t h = 0;

	for (size_t i = 0; i < len; i++)
		h = hash_step(h, w[i]);
	return hash_end(h);
}

static uint8_t word_mark(uint32_t hash)
{
	return (uint8_t)(hash >> 24 | 1);
}

/* The slot of a word, or the free one it would stand in; NULL where the table is full. */
static struct class_word *slot_of(const struct vocab *v, const char *w, size_t len, uint32_t h)
{
	for (uint32_t i = 0; i < CLASS_SLOTS; i++) {
		uint32_t at = (h + i) % CLASS_SLOTS;
		const struct class_word *slot = &v->words[at];

		if (v->marks[at] == 0 || (v->marks[at] == word_mark(h) && slot->hash == h &&
					  slot->len == len && memcmp(slot->word, w, len) == 0))
			return (struct class_word *)(uintptr_t)slot;
	}
	return NULL;
}

/* Eight characters of ASCII in lower case, all at once; false: not all are. */
static bool fold_ascii(const char *from, char *to)
{
	static const uint64_t ones = UINT64_C(0x0101010101010101), high = ones * 0x80;
	uint64_t s;

	memcpy(&s, from, 8);
	if (s & high)
		return false;
	/* The high bit of every byte from 'A' on, and not past 'Z', is the bit of its lower case.
	 */
	uint64_t upper = (s + ones * (0x80 - 'A')) & ~(s + ones * (0x7F - 'Z')) & high;
	s |= upper >> 2;
	memcpy(to, &s, 8);
	return true;
}

/* Lower case (ASCII and the Latin, Greek, Cyrillic letters that pair by a fixed distance). */
static struct str fold_phrase(struct str s, char *out, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len && n + 4 < max;) {
		unsigned char ch = (unsigned char)s.ptr[i];

		if (s.len - i >= 8 && n + 12 < max && fold_ascii(s.ptr + i, out + n)) {
			i += 8;
			n += 8;
			continue;
		}
		if (ch < 0x80) {
			out[n++] = ch_lower((char)ch);
			i++;
			continue;
		}
		/* U+3000 to U+CFFF, kana, Han and most of Hangul, have no case. */
		if (ch >= 0xE3 && ch <= 0xEC && s.len - i >= 3 && (s.ptr[i + 1] & 0xC0) == 0x80 &&
		    (s.ptr[i + 2] & 0xC0) == 0x80) {
			memcpy(out + n, s.ptr + i, 3);
			n += 3;
			i += 3;
			continue;
		}
		uint32_t c = utf8_next(s, &i);
		if ((c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3A9) ||
		    (c >= 0x410 && c <= 0x42F))
			c += 32;
		else if (c >= 0x100 && c <= 0x137 && !(c & 1))
			c++;
		else if (c == 0x2019)
			c = '\'';
		else if (c == 0xA0)
			c = ' ';
		n += utf8_put(c, out + n);
	}
	return str_n(out, n);
}

/* A label without what decorates it: "» Related:" is "related". */
static struct str strip_label(struct str s)
{
	while (s.len) {
		size_t i = 0;
		uint32_t c = utf8_next(s, &i);
		if ((c < 0x80 && (ch_is_alnum((char)c) || c == '(' || c == '@' || c == '#')) ||
		    (c >= 0xC0 && !(c >= 0x2000 && c < 0x2E80) && !(c >= 0x3000 && c < 0x3040) &&
		     !(c >= 0xFF00 && c < 0xFF20) && c != UTF8_BAD && c < 0x1F000) ||
		    c == 0xA9)
			break;
		s = str_from(s, i);
	}
	while (s.len) {
		size_t i = s.len - 1;
		while (i > 0 && ((unsigned char)s.ptr[i] & 0xC0) == 0x80)
			i--;
		size_t at = i;
		uint32_t c = utf8_next(s, &at);
		if ((c < 0x80 && (ch_is_alnum((char)c) || c == ')')) ||
		    (c >= 0xC0 && !(c >= 0x2000 && c < 0x2E80) && !(c >= 0x3000 && c < 0x3040) &&
		     !(c >= 0xFF00 && c < 0xFF20) && c != UTF8_BAD && c < 0x1F000))
			break;
		s.len = i;
	}
	return s;
}

static int name_index(const char *const *names, int count, struct str name)
{
	for (int i = 0; i < count; i++)
		if (str_eq(str_of(names[i]), name))
			return i;
	return -1;
}

static void add_class_words(struct vocab *v, int kind, struct str words)
{
	struct str word;

	while (str_split(&words, ' ', &word)) {
		uint32_t hash = hash_word(word.ptr, word.len);
		struct class_word *slot = word.len ? slot_of(v, word.ptr, word.len, hash) : NULL;

		if (!slot || (!slot->word && v->word_count + 1 >= CLASS_SLOTS))
			continue;
		v->word_count += slot->word == NULL;
		slot->word = word.ptr;
		slot->len = (uint16_t)word.len;
		slot->hash = hash;
		v->marks[slot - v->words] = word_mark(slot->hash);
		slot->kinds |= CLASS_BIT(kind);
	}
}

static uint32_t pair_of(const char *at)
{
	return (uint32_t)(unsigned char)at[0] << 8 | (unsigned char)at[1];
}

/* The bucket of a phrase: two letters, or one character of three bytes. */
static uint32_t front_key(struct str s)
{
	uint32_t first = pair_of(s.ptr);

	if ((unsigned char)s.ptr[0] >= 0xE0 && s.len > 2)
		first = first << 8 | (unsigned char)s.ptr[2];
	return (first * 0x9E3779B1u) >> 22;
}

static uint32_t end_key(struct str s)
{
	return (pair_of(s.ptr + s.len - 2) * 0x9E3779B1u) >> 22;
}

/* Where the fronts of a mode tell of the three bytes at p; the third of a text of two is 0. */
static uint32_t front_bit(const char *p, size_t len)
{
	uint32_t three = (uint32_t)(uint8_t)p[0] | (uint32_t)(uint8_t)p[1] << 8;

	if (len > 2)
		three |= (uint32_t)(uint8_t)p[2] << 16;
	return (three * 0x9E3779B1u) >> 16;
}

static uint32_t end_bit(struct str s)
{
	return s.len > 2 ? front_bit(s.ptr + s.len - 3, 3) : front_bit(s.ptr, 2);
}

static uint32_t label_bit(struct str s)
{
	uint32_t first = 0;

	memcpy(&first, s.ptr, s.len < 4 ? s.len : 4);
	return ((first ^ (uint32_t)s.len * 0x9E3779B1u) * 0x85EBCA6Bu) >> 16;
}

static void set_bit(uint8_t *bits, uint32_t at)
{
	bits[at >> 3] |= (uint8_t)(1 << (at & 7));
}

static bool has_bit(const uint8_t *bits, uint32_t at)
{
	return bits[at >> 3] >> (at & 7) & 1;
}

static void add_cue(struct vocab *v, int kind, enum cue_mode mode, struct str phrase)
{
	if (mode == CUE_IS) {
		set_bit(v->exact_bits, label_bit(phrase));
		void **place = map_put(&v->exact, phrase);
		if (!*place)
			*place = arena_alloc(&v->arena, sizeof(struct cue));
		((struct cue *)*place)->kinds |= CUE_BIT(kind);
		return;
	}
	if (phrase.len < 2)
		return;
	uint32_t key = mode == CUE_ENDS ? end_key(phrase) : front_key(phrase);
	struct cue *c = list_add(&v->by_key[mode - 1][key]);
	*c = (struct cue){ phrase, CUE_BIT(kind) };
	if (phrase.len > 2) {
		set_bit(v->fronts[mode - 1],
			mode == CUE_ENDS ? end_bit(phrase) : front_bit(phrase.ptr, phrase.len));
		return;
	}
	/* Whatever stands beside the two. */
	for (int other = 0; other < 256; other++) {
		char three[3] = { phrase.ptr[0], phrase.ptr[1], (char)other };

		if (mode == CUE_ENDS) {
			three[0] = (char)other;
			memcpy(three + 1, phrase.ptr, 2);
		}
		set_bit(v->fronts[mode - 1], front_bit(three, 3));
	}
	set_bit(v->fronts[mode - 1], front_bit(phrase.ptr, 2));
}

static void add_member(struct vocab *v, struct str list, struct str entry)
{
	void **place = map_put(&v->lists, list);
	if (!*place)
		*place = arena_alloc(&v->arena, 2 * sizeof(struct strs));
	struct strs *l = *place;
	size_t *cap = (size_t *)(void *)(l + 1);

	strs_add(&v->arena, l, cap, entry);
	*map_put(&v->members, arena_strf(&v->arena, "%.*s\n%.*s", STR_FMT(list), STR_FMT(entry))) =
		l;
}

/* Words of one line's left side: "cue related is". */
static void add_line(struct vocab *v, struct str line)
{
	size_t colon = str_find_ch(line, ':');
	struct str left = str_sub(line, 0, colon), right = str_trim(str_from(line, colon + 1)),
		   part[3] = { 0 };
	char folded[MAX_PHRASE];

	if (colon == STR_NONE)
		return;
	for (int i = 0; i < 3 && str_split(&left, ' ', &part[i]); i++)
		;
	if (str_eq(part[0], S("class"))) {
		int kind = name_index(class_names, CLASS_KINDS, part[1]);
		if (kind >= 0)
			add_class_words(v, kind, right);
		return;
	}
	int kind = name_index(cue_names, CUE_KINDS, part[1]),
	    mode = name_index(mode_names, CUE_MODES, part[2]);
	struct str entry;
	while (str_split(&right, '|', &entry)) {
		entry = arena_str(&v->arena, fold_phrase(str_trim(entry), folded, sizeof(folded)));
		if (entry.len == 0)
			continue;
		if (str_eq(part[0], S("cue")) && kind >= 0 && mode >= 0)
			add_cue(v, kind, (enum cue_mode)mode, entry);
		else if (str_eq(part[0], S("role")))
			*map_put(&v->roles, entry) =
				(void *)(uintptr_t)arena_cstr(&v->arena, part[1]);
		else if (str_eq(part[0], S("list")))
			add_member(v, arena_str(&v->arena, part[1]), entry);
	}
}

/* Which languages a word stands for is asked of every word of a text: one look, not one a language.
 */
static void add_stops(struct vocab *v)
{
	const struct strs *languages = vocab_list(v, "languages");

	for (size_t k = 0; k < languages->count && k < 64; k++) {
		struct str name = arena_strf(&v->arena, "stop-%.*s", STR_FMT(languages->items[k]));
		const struct strs *words = vocab_list(v, name.ptr);

		for (size_t i = 0; i < words->count; i++) {
			char folded[MAX_PHRASE];
			struct str word = fold_phrase(words->items[i], folded, sizeof(folded));
			void **place = map_put(&v->stops, arena_str(&v->arena, word));

			set_bit(v->stop_bits, label_bit(word));
			*place = (void *)((uintptr_t)*place | (uintptr_t)1 << k);
		}
	}
}

struct vocab *vocab_new(void)
{
	struct vocab *v = mem_alloc(sizeof(*v));

	arena_init(&v->arena);
	map_init(&v->exact);
	map_init(&v->roles);
	map_init(&v->lists);
	map_init(&v->members);
	map_init(&v->stops);
	for (int m = 0; m < 3; m++)
		for (int i = 0; i < CUE_KEYS; i++)
			list_init(&v->by_key[m][i], sizeof(struct cue));
	for (const struct vocab_file *f = vocab_files; f->name; f++) {
		struct str rest = str_n((const char *)f->bytes, f->len), line;

		if (!str_has_suffix(str_of(f->name), S(".txt")))
			continue;
		while (str_split(&rest, '\n', &line))
			if (line.len && line.ptr[0] != '#')
				add_line(v, line);
	}
	add_stops(v);
	language_mark_han(v->han);
	v->powers[0] = 1;
	for (int i = 1; i <= MAX_WORD; i++)
		v->powers[i] = v->powers[i - 1] * HASH_BASE;
	return v;
}

void vocab_free(struct vocab **pv)
{
	struct vocab *v = *pv;

	if (!v)
		return;
	map_fini(&v->exact);
	map_fini(&v->roles);
	map_fini(&v->lists);
	map_fini(&v->members);
	map_fini(&v->stops);
	for (int m = 0; m < 3; m++)
		for (int i = 0; i < CUE_KEYS; i++)
			list_fini(&v->by_key[m][i]);
	arena_fini(&v->arena);
	mem_free(v);
	*pv = NULL;
}

/* ---- classes */

/*
 * The letters of one token, in lower case and without what parted them, so that the last word, the
 * last two and all of them together are ranges of it, and their hashes come of the words'.
 */
struct token_scan {
	const struct vocab *v;
	char text[4 * MAX_WORD];
	size_t len, word, previous;         /* where the word begins, and the one before */
	uint32_t hash;                      /* of the word so far */
	uint32_t previous_hash, whole_hash; /* of those that ended */
	size_t words;
	bool too_long; /* all words together, to be any */
	uint64_t kinds;
};

static void start_token(struct token_scan *s)
{
	s->len = s->word = s->previous = s->words = 0;
	s->hash = s->whole_hash = 0;
	s->too_long = false;
}

static void look_up(struct token_scan *s, size_t from, uint32_t hash)
{
	const struct class_word *slot =
		slot_of(s->v, s->text + from, s->len - from, hash_end(hash));

	if (slot && s->v->marks[slot - s->v->words])
		s->kinds |= slot->kinds;
}

static void end_word(struct token_scan *s)
{
	size_t len = s->len - s->word;
	uint32_t hash = s->hash, power = s->v->powers[len];

	if (len == 0)
		return;
	s->hash = 0;
	if (len == MAX_WORD) { /* no word: as if it were not there */
		s->len = s->word;
		return;
	}
	look_up(s, s->word, hash);
	if (s->words)
		look_up(s, s->previous, s->previous_hash * power + hash);
	s->words++;
	s->previous = s->word;
	s->word = s->len;
	s->previous_hash = hash;
	s->whole_hash = s->whole_hash * power + hash;
	if (s->len > 3 * MAX_WORD) { /* room for the next; nothing so long is in the table */
		s->len -= s->previous;
		memmove(s->text, s->text + s->previous, s->len);
		s->previous = 0;
		s->word = s->len;
		s->too_long = true;
	}
}

static void end_token(struct token_scan *s)
{
	if (s->words > 2 && !s->too_long)
		look_up(s, 0, s->whole_hash);
	start_token(s);
}

/* The letters from i on that are of one word, which begins there: in "postBody" it ends before the
 * B. */
static size_t add_letters(struct token_scan *s, struct str value, size_t i)
{
	bool lower = false;

	for (; i < value.len && ch_is_alpha(value.ptr[i]); i++) {
		char ch = ch_lower(value.ptr[i]);

		if (lower && ch != value.ptr[i])
			break;
		lower = ch == value.ptr[i];
		if (s->len - s->word == MAX_WORD)
			continue;
		s->text[s->len++] = ch;
		s->hash = hash_step(s->hash, ch);
	}
	return i;
}

uint64_t vocab_class(const struct vocab *v, struct str value)
{
	struct token_scan s;

	s.v = v;
	s.kinds = 0;
	start_token(&s);
	for (size_t i = 0; i < value.len;) {
		if (ch_is_alpha(value.ptr[i])) {
			i = add_letters(&s, value, i);
			end_word(&s);
		} else if (ch_is_space(value.ptr[i++])) {
			end_token(&s);
		}
	}
	end_token(&s);
	return s.kinds;
}

/* ---- cues */

static uint32_t cues_with_prefix(const struct vocab *v, struct str s)
{
	const struct list *l = &v->by_key[CUE_STARTS - 1][s.len > 1 ? front_key(s) : 0];
	uint32_t kinds = 0;

	if (s.len < 2 || !has_bit(v->fronts[CUE_STARTS - 1], front_bit(s.ptr, s.len)))
		return 0;
	for (size_t i = 0; i < l->count; i++) {
		const struct cue *c = list_at(l, i);
		if (!str_has_prefix(s, c->phrase))
			continue;
		/* "ad" starts "ad: ..." and not "administration". */
		bool whole = c->phrase.len == s.len ||
			     !ch_is_alnum(c->phrase.ptr[c->phrase.len - 1]) ||
			     !ch_is_alnum(s.ptr[c->phrase.len]);
		if (whole)
			kinds |= c->kinds;
	}
	return kinds;
}

static uint32_t cues_with_suffix(const struct vocab *v, struct str s)
{
	const struct list *l = &v->by_key[CUE_ENDS - 1][s.len > 1 ? end_key(s) : 0];
	uint32_t kinds = 0;

	if (s.len < 2 || !has_bit(v->fronts[CUE_ENDS - 1], end_bit(s)))
		return 0;
	for (size_t i = 0; i < l->count; i++) {
		const struct cue *c = list_at(l, i);
		if (str_has_suffix(s, c->phrase))
			kinds |= c->kinds;
	}
	return kinds;
}

static uint32_t cues_inside(const struct vocab *v, struct str s)
{
	uint32_t kinds = 0;

	for (size_t at = 0; at + 1 < s.len; at++) {
		if (has_bit(v->fronts[CUE_HAS - 1], front_bit(s.ptr + at, s.len - at))) {
			struct str rest = str_from(s, at);
			const struct list *l = &v->by_key[CUE_HAS - 1][front_key(rest)];

			for (size_t i = 0; i < l->count; i++) {
				const struct cue *c = list_at(l, i);
				if (str_has_prefix(rest, c->phrase))
					kinds |= c->kinds;
			}
		}
		/* At the start of a word only, where the script has words. */
		while (at + 1 < s.len && ch_is_alnum(s.ptr[at]) && ch_is_alnum(s.ptr[at + 1]))
			at++;
	}
	return kinds;
}

uint32_t vocab_cues(const struct vocab *v, struct str text)
{
	char folded[CUE_HAS_MAX + 8];
	uint32_t kinds = 0;

	if (text.len == 0 || text.len > CUE_HAS_MAX)
		return 0;
	struct str s = fold_phrase(text, folded, sizeof(folded)), label = strip_label(s);
	if (s.len == 0)
		return 0;
	if (label.len && label.len <= CUE_IS_MAX && has_bit(v->exact_bits, label_bit(label))) {
		void **place = map_get(&v->exact, label);
		if (place)
			kinds |= ((struct cue *)*place)->kinds;
	}
	if (s.len <= CUE_STARTS_MAX) {
		kinds |= cues_with_prefix(v, s);
		if (label.len && label.ptr != s.ptr)
			kinds |= cues_with_prefix(v, label);
		kinds |= cues_with_suffix(v, s);
	}
	return kinds | cues_inside(v, s);
}

struct str vocab_role(const struct vocab *v, struct str label)
{
	char folded[MAX_PHRASE];
	struct str key = strip_label(fold_phrase(label, folded, sizeof(folded)));
	void **place = label.len < MAX_PHRASE && key.len ? map_get(&v->roles, key) : NULL;

	return place ? str_of(*place) : (struct str){ 0 };
}

bool vocab_in(const struct vocab *v, const char *list, struct str word)
{
	char key[2 * MAX_PHRASE];
	size_t n = strlen(list);

	if (word.len == 0 || word.len >= MAX_PHRASE - 8)
		return false;
	memcpy(key, list, n);
	key[n++] = '\n';
	struct str folded = fold_phrase(word, key + n, sizeof(key) - n);
	return map_get(&v->members, str_n(key, n + folded.len)) != NULL;
}

uint64_t vocab_stop(const struct vocab *v, struct str word)
{
	char folded[MAX_PHRASE];

	if (word.len >= MAX_PHRASE - 8)
		return 0;
	word = fold_phrase(word, folded, sizeof(folded));
	void **place = has_bit(v->stop_bits, label_bit(word)) ? map_get(&v->stops, word) : NULL;

	return place ? (uint64_t)(uintptr_t)*place : 0;
}

const uint8_t *vocab_han(const struct vocab *v)
{
	return v->han;
}

const struct strs *vocab_list(const struct vocab *v, const char *list)
{
	static const struct strs none;
	void **place = map_get(&v->lists, str_of(list));

	return place ? *place : &none;
}

bool vocab_ends(const struct vocab *v, const char *list, struct str s)
{
	const struct strs *ends = vocab_list(v, list);

	for (size_t i = 0; i < ends->count; i++)
		if (str_has_suffix(s, ends->items[i]))
			return true;
	return false;
}
