/*
 * vocab - the words by which pages name their parts and their furniture: what the tables that
 * script/vocab.c made of the files in vocab/ say of a text.
 *
 * Words of classes are compared without separators and case: "post-body", "post_body" and
 * "postBody" are all "postbody", tried besides "post" and "body".
 */
#include <string.h>

#include "page/private.h"
#include "page/tables.h"
#include "text/utf8.h"

enum {
	MAX_WORD = 40,   /* of a class's word */
	CUE_IS_MAX = 90, /* a text longer than this is no label */
	CUE_STARTS_MAX = 400,
	CUE_HAS_MAX = 500
};

static struct str text_of(const struct vocab_phrase *p)
{
	return str_n(vocab_text + p->off, p->len);
}

/* What a table has for a word; NULL: nothing. */
static const struct vocab_phrase *find(enum vocab_table table, struct str w, uint32_t hash)
{
	const struct vocab_range *t = &vocab_tables[table];
	uint8_t mark = word_mark(hash);

	for (uint32_t at = hash & t->mask;; at = (at + 1) & t->mask) {
		uint8_t here = vocab_marks[t->first + at];

		if (here == 0)
			return NULL;
		if (here != mark)
			continue;
		const struct vocab_phrase *p = &vocab_phrases[vocab_slots[t->first + at]];
		if (str_eq(text_of(p), w))
			return p;
	}
}

static bool has_bit(enum vocab_filter filter, uint32_t at)
{
	return vocab_filters[filter][at >> 3] >> (at & 7) & 1;
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

/* ---- classes */

/*
 * The letters of one token, in lower case and without what parted them, so that the last word, the
 * last two and all of them together are ranges of it, and their hashes come of the words'.
 */
struct token_scan {
	char text[4 * MAX_WORD];
	size_t len, word, previous; /* where the word begins, and the one before */
	uint32_t hash, power;       /* of the word so far; HASH_BASE as often as it has letters */
	uint32_t previous_hash, whole_hash; /* of those that ended */
	size_t words;
	bool too_long; /* all words together, to be any */
	uint64_t kinds;
};

static void start_token(struct token_scan *s)
{
	s->len = s->word = s->previous = s->words = 0;
	s->hash = s->whole_hash = 0;
	s->power = 1;
	s->too_long = false;
}

static void look_up(struct token_scan *s, size_t from, uint32_t hash)
{
	const struct vocab_phrase *p =
		find(TABLE_CLASS, str_n(s->text + from, s->len - from), hash_end(hash));

	s->kinds |= p ? p->value : 0;
}

static void end_word(struct token_scan *s)
{
	size_t len = s->len - s->word;
	uint32_t hash = s->hash, power = s->power;

	if (len == 0)
		return;
	s->hash = 0;
	s->power = 1;
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
		s->power *= HASH_BASE;
	}
	return i;
}

uint64_t vocab_class(struct str value)
{
	struct token_scan s;

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

/* The phrases of a mode that a key has. */
static const struct vocab_phrase *phrases_of(enum cue_mode mode, uint32_t key, size_t *count)
{
	const uint16_t *from = &vocab_cue_keys[mode][key];

	*count = (size_t)(from[1] - from[0]);
	return &vocab_cue_phrases[from[0]];
}

static uint32_t cues_with_prefix(struct str s)
{
	uint32_t kinds = 0;
	size_t count;

	if (s.len < 2 || !has_bit(FILTER_STARTS, front_bit(s.ptr, s.len)))
		return 0;
	const struct vocab_phrase *p = phrases_of(CUE_STARTS, front_key(s), &count);
	for (size_t i = 0; i < count; i++, p++) {
		struct str phrase = text_of(p);

		if (!str_has_prefix(s, phrase))
			continue;
		/* "ad" starts "ad: ..." and not "administration". */
		bool whole = phrase.len == s.len || !ch_is_alnum(phrase.ptr[phrase.len - 1]) ||
			     !ch_is_alnum(s.ptr[phrase.len]);
		if (whole)
			kinds |= (uint32_t)p->value;
	}
	return kinds;
}

static uint32_t cues_with_suffix(struct str s)
{
	uint32_t kinds = 0;
	size_t count;

	if (s.len < 2 || !has_bit(FILTER_ENDS, end_bit(s)))
		return 0;
	const struct vocab_phrase *p = phrases_of(CUE_ENDS, end_key(s), &count);
	for (size_t i = 0; i < count; i++, p++)
		if (str_has_suffix(s, text_of(p)))
			kinds |= (uint32_t)p->value;
	return kinds;
}

/*
 * Where a phrase may begin: at a character, of a word at the first one only. Without a branch a
 * byte: words are of any length.
 */
static size_t find_starts(struct str s, uint16_t *starts)
{
	enum { LETTER = 1, OTHER = 2 };
	static const uint8_t kinds[256] = {
		['!' ... '/'] = OTHER,
		['0' ... '9'] = LETTER,
		[':' ... '`'] = OTHER,
		['a' ... 'z'] = LETTER,
		['{' ... '~'] = OTHER,
		[0xC0 ... 0xFF] = OTHER, /* not in the midst of a character */
	};
	unsigned before = 0;
	size_t count = 0;

	for (size_t i = 0; i + 1 < s.len; i++) {
		unsigned kind = kinds[(uint8_t)s.ptr[i]];

		starts[count] = (uint16_t)i;
		count += (kind & ~before) != 0;
		before = kind & LETTER;
	}
	return count;
}

static uint32_t cues_inside(struct str s)
{
	uint16_t starts[CUE_HAS_MAX + 8];
	size_t count = find_starts(s, starts), likely = 0;
	uint32_t kinds = 0;

	for (size_t i = 0; i < count; i++) {
		uint16_t at = starts[i];

		starts[likely] = at;
		likely += has_bit(FILTER_HAS, front_bit(s.ptr + at, s.len - at));
	}
	for (size_t i = 0; i < likely; i++) {
		struct str rest = str_from(s, starts[i]);
		size_t n;
		const struct vocab_phrase *p = phrases_of(CUE_HAS, front_key(rest), &n);

		for (; n > 0; n--, p++)
			if (str_has_prefix(rest, text_of(p)))
				kinds |= (uint32_t)p->value;
	}
	return kinds;
}

uint32_t vocab_cues(struct str text)
{
	char folded[CUE_HAS_MAX + 8];
	uint32_t kinds = 0;

	if (text.len == 0 || text.len > CUE_HAS_MAX)
		return 0;
	struct str s = fold_phrase(text, folded, sizeof(folded)), label = strip_label(s);
	if (s.len == 0)
		return 0;
	if (label.len && label.len <= CUE_IS_MAX && has_bit(FILTER_LABEL, label_bit(label))) {
		const struct vocab_phrase *p = find(TABLE_LABEL, label, hash_word(label));
		if (p)
			kinds |= (uint32_t)p->value;
	}
	if (s.len <= CUE_STARTS_MAX) {
		kinds |= cues_with_prefix(s);
		if (label.len && label.ptr != s.ptr)
			kinds |= cues_with_prefix(label);
		kinds |= cues_with_suffix(s);
	}
	return kinds | cues_inside(s);
}

/* ---- roles, lists and common words */

struct str vocab_role(struct str label)
{
	char folded[FOLD_MAX];

	if (label.len >= FOLD_MAX)
		return (struct str){ 0 };
	struct str key = strip_label(fold_phrase(label, folded, sizeof(folded)));
	const struct vocab_phrase *p = key.len ? find(TABLE_ROLE, key, hash_word(key)) : NULL;
	return p ? vocab_roles[p->value] : (struct str){ 0 };
}

bool vocab_in(const char *list, struct str word)
{
	char bytes[2 * FOLD_MAX];
	size_t n = strlen(list);

	if (word.len == 0 || word.len >= FOLD_MAX - 8)
		return false;
	memcpy(bytes, list, n);
	bytes[n++] = '\n';
	struct str key = str_n(bytes, n + fold_phrase(word, bytes + n, sizeof(bytes) - n).len);
	return find(TABLE_MEMBER, key, hash_word(key)) != NULL;
}

uint64_t vocab_stop(struct str word)
{
	char folded[FOLD_MAX];

	if (word.len >= FOLD_MAX - 8)
		return 0;
	word = fold_phrase(word, folded, sizeof(folded));
	if (!has_bit(FILTER_STOP, label_bit(word)))
		return 0;
	const struct vocab_phrase *p = find(TABLE_STOP, word, hash_word(word));
	return p ? p->value : 0;
}

const struct vocab_list *vocab_list(const char *list)
{
	static const struct vocab_list none;
	struct str name = str_of(list);
	const struct vocab_phrase *p = find(TABLE_LIST, name, hash_word(name));

	return p ? &vocab_lists[p->value] : &none;
}

bool vocab_ends(const char *list, struct str s)
{
	const struct vocab_list *ends = vocab_list(list);

	for (size_t i = 0; i < ends->count; i++)
		if (str_has_suffix(s, ends->items[i]))
			return true;
	return false;
}
