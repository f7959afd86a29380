/*
 * Where a clause stands in a text that is not folded. Nearly always a text can be looked through as
 * it is: a Han character has one to three forms that fold to it, a Latin letter four. Only where
 * nothing is found that way, and the text has characters whose folding is less plain, is it folded
 * as a whole.
 */
#include <string.h>

#include "base/mem.h"
#include "store/query.h"
#include "text/fold.h"
#include "text/segment.h"
#include "text/utf8.h"

enum {
	FORMS_MAX = 8,
	SELECTOR = 0xFE0F /* of an emoji's presentation: a mark, which folds to nothing */
};

struct matcher {
	const struct clause *clause;
	struct str forms[FORMS_MAX]; /* of the first unit, where it is CJK */
	size_t form_count;
};

struct matcher *matcher_new(struct arena *mem, const struct clause *c)
{
	struct matcher *m = arena_alloc(mem, sizeof(*m));
	uint32_t others[FORMS_MAX - 1];
	char bytes[4];
	size_t pos = 0;

	m->clause = c;
	if (!c->units[0].cjk)
		return m;
	m->forms[m->form_count++] = c->units[0].text;
	size_t n = fold_han_sources(utf8_next(c->units[0].text, &pos), others, FORMS_MAX - 1);
	for (size_t i = 0; i < n; i++)
		m->forms[m->form_count++] =
			arena_str(mem, str_n(bytes, utf8_put(others[i], bytes)));
	return m;
}

/* The plain folding of one character: ASCII, full width, Han. Others as they are. */
static uint32_t fold_plain(uint32_t c)
{
	if (c >= 0xFF01 && c <= 0xFF5E)
		c -= 0xFEE0;
	if (c < 0x80)
		return c >= 'A' && c <= 'Z' ? c + 32 : c;
	return c >= 0x3400 ? fold_han(c) : c;
}

/* Reads one unit of the text at *pos and compares. */
static bool unit_at(const struct unit *u, struct str text, size_t *pos)
{
	size_t at = *pos, want = 0;

	while (want < u->text.len) {
		if (at >= text.len || fold_plain(utf8_next(text, &at)) != utf8_next(u->text, &want))
			return false;
	}
	if (!u->cjk && at < text.len) { /* a word ends where no letter follows */
		size_t next = at;
		if (segment_is_word(fold_plain(utf8_next(text, &next))))
			return false;
	}
	*pos = at;
	return true;
}

/* Behind what stands between two units; false: a line's end does. */
static bool skip_between(struct str text, size_t *pos)
{
	while (*pos < text.len) {
		size_t next = *pos;
		uint32_t c = fold_plain(utf8_next(text, &next));

		if (c == '\n')
			return false;
		if (c != SELECTOR && (segment_is_cjk(c) || segment_is_word(c)))
			return true;
		*pos = next;
	}
	return true;
}

static bool match_at(const struct clause *c, struct str text, size_t from, size_t *to)
{
	size_t pos = from;

	if (!unit_at(&c->units[0], text, &pos))
		return false;
	for (size_t i = 1; i < c->unit_count; i++) {
		if (!c->units[i].joined && !skip_between(text, &pos))
			return false;
		if (!unit_at(&c->units[i], text, &pos))
			return false;
	}
	*to = pos;
	return true;
}

/* --- places that may be one ------------------------------------------------------------------- */

/* Sixteen bytes of a text at once: each is 0xFF where a comparison held. */
typedef unsigned char sixteen __attribute__((vector_size(16)));

static sixteen load(const char *p)
{
	sixteen v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static sixteen all_of(unsigned char c)
{
	return (sixteen){ 0 } + c;
}

/* The first of them that is set; 16: none. */
static size_t first_set(sixteen v)
{
	uint64_t halves[2];

	memcpy(halves, &v, sizeof(halves));
	if (halves[0])
		return (size_t)__builtin_ctzll(halves[0]) / 8;
	return halves[1] ? 8 + (size_t)__builtin_ctzll(halves[1]) / 8 : 16;
}

/* A character of three or four bytes in [at, limit), or `limit`. memmem is made for longer ones:
 * the first bytes of Han characters are few, and it stops at each. */
static size_t find_character(struct str text, size_t at, size_t limit, struct str form)
{
	size_t last = form.len - 1;
	sixteen first = all_of((unsigned char)form.ptr[0]),
		second = all_of((unsigned char)form.ptr[1]),
		end = all_of((unsigned char)form.ptr[last]);

	for (; limit - at >= 16 + last; at += 16) {
		const char *p = text.ptr + at;
		size_t i = first_set((sixteen)((load(p) == first) & (load(p + 1) == second) &
					       (load(p + last) == end)));

		if (i == 16)
			continue;
		at += i;
		if (memcmp(text.ptr + at, form.ptr, form.len) == 0)
			return at;
		at -= 15; /* and on from behind it */
	}
	const char *p = memmem(text.ptr + at, limit - at, form.ptr, form.len);
	return p ? (size_t)(p - text.ptr) : limit;
}

/* A letter of ASCII (small), its capital, or either in full width; or text.len. */
static size_t find_letter(struct str text, size_t at, unsigned char low, unsigned char high)
{
	enum { WIDE = 0xEF };
	sixteen lows = all_of(low), highs = all_of(high), wides = all_of(WIDE);

	for (; at < text.len; at++) {
		if (text.len - at >= 16) {
			sixteen v = load(text.ptr + at);
			size_t i = first_set((sixteen)((v == lows) | (v == highs) | (v == wides)));

			at += i < 16 ? i : 15;
			if (i == 16)
				continue;
		}
		unsigned char c = (unsigned char)text.ptr[at];
		if (c == low || c == high)
			return at;
		if (c != WIDE || text.len - at < 3)
			continue;
		size_t next = at;
		uint32_t folded = fold_plain(utf8_next(text, &next));
		if (folded == low)
			return at;
	}
	return text.len;
}

/* Before `limit`, where another form has been found. */
static bool find_form(const struct matcher *m, struct str form, struct str text, size_t at,
		      size_t limit, size_t *from, size_t *to)
{
	while ((*from = find_character(text, at, limit, form)) < limit) {
		if (match_at(m->clause, text, *from, to))
			return true;
		at = *from + form.len;
	}
	return false;
}

/* The character before `at`, folded, that is no selector; one where there is none. */
static uint32_t char_before(struct str text, size_t at)
{
	uint32_t c = SELECTOR;

	while (c == SELECTOR && at > 0) {
		size_t next;

		do
			at--;
		while (at > 0 && ((unsigned char)text.ptr[at] & 0xC0) == 0x80);
		next = at;
		c = fold_plain(utf8_next(text, &next));
	}
	return c;
}

static bool word_before(struct str text, size_t at)
{
	uint32_t c = char_before(text, at);

	return c != SELECTOR && segment_is_word(c);
}

static bool find_word(const struct matcher *m, struct str text, size_t at, size_t *from, size_t *to)
{
	unsigned char low = (unsigned char)m->clause->units[0].text.ptr[0];
	unsigned char high = low >= 'a' && low <= 'z' ? (unsigned char)(low - 32) : low;

	for (; at < text.len; at++) {
		if (low < 0x80) {
			at = find_letter(text, at, low, high);
			if (at == text.len)
				return false;
		} else if ((unsigned char)text.ptr[at] != low) {
			continue;
		}
		if (!match_at(m->clause, text, at, to) || word_before(text, at))
			continue;
		*from = at;
		return true;
	}
	return false;
}

static bool find_plain(const struct matcher *m, struct str text, size_t at, size_t *from,
		       size_t *to)
{
	size_t limit = text.len, f, t;
	bool found = false;

	if (!m->form_count)
		return find_word(m, text, at, from, to);
	for (size_t i = 0; i < m->form_count; i++) {
		if (!find_form(m, m->forms[i], text, at, limit, &f, &t))
			continue;
		*from = limit = f;
		*to = t;
		found = true;
	}
	return found;
}

/* Where a selector nearly always stands: behind a heart, or an arrow. It joins what is around it
 * elsewhere. */
static bool is_behind_sign(struct str text, size_t at)
{
	uint32_t c = char_before(text, at);

	return c >= 0x80 && c != SELECTOR && !segment_is_word(c) && !segment_is_cjk(c);
}

/*
 * Is there anything whose folding fold_plain does not know? Signs that become other signs, or stay,
 * do no harm: neither is part of a word.
 */
static bool is_plain(struct str text, size_t at)
{
	static const struct {
		uint32_t from, to;
	} plain[] = {
		{ 0x4E00, 0x9FFF },   { 0x3000, 0x3029 }, { 0xFF01, 0xFF5E }, { 0x2010, 0x2027 },
		{ 0x3041, 0x3096 },   { 0x30A1, 0x30FC }, { 0x3400, 0x4DFF }, { 0xA0, 0xA0 },
		{ 0xA7, 0xA7 },       { 0xA9, 0xA9 },     { 0xAB, 0xAB },     { 0xAE, 0xAE },
		{ 0xB0, 0xB1 },       { 0xB6, 0xB7 },     { 0xBB, 0xBB },     { 0xD7, 0xD7 },
		{ 0xE0, 0xFF },       { 0x2030, 0x203E }, { 0x2190, 0x245F }, { 0x2500, 0x27BF },
		{ 0x1F300, 0x1FAFF },
	};

	while (at < text.len) {
		const unsigned char *p = (const unsigned char *)text.ptr + at;
		size_t start = at, i = 0;

		if (*p < 0x80) {
			at++;
			continue;
		}
		/* U+4000 to U+9FFF: most of what there is. */
		if (*p >= 0xE4 && *p <= 0xE9 && text.len - at >= 3 && (p[1] & 0xC0) == 0x80 &&
		    (p[2] & 0xC0) == 0x80) {
			at += 3;
			continue;
		}
		uint32_t c = utf8_next(text, &at);
		while (i < sizeof(plain) / sizeof(plain[0]) &&
		       (c < plain[i].from || c > plain[i].to))
			i++;
		if (i == sizeof(plain) / sizeof(plain[0]) &&
		    (c != SELECTOR || !is_behind_sign(text, start)))
			return false;
	}
	return true;
}

static bool find_folded(const struct matcher *m, struct str text, size_t at, size_t *from,
			size_t *to)
{
	struct arena mem;
	size_t *places, f, t;

	arena_init(&mem);
	struct str folded = fold_mapped(&mem, str_from(text, at), &places);
	bool found = find_plain(m, folded, 0, &f, &t);
	if (found) {
		*from = at + places[f];
		*to = at + places[t];
		/* Part of what one character stands for: the character. */
		if (*to <= *from)
			*to = *from + 1;
		while (*to < text.len && ((unsigned char)text.ptr[*to] & 0xC0) == 0x80)
			(*to)++;
	}
	arena_fini(&mem);
	return found;
}

bool matcher_find(const struct matcher *m, struct str text, size_t at, size_t *from, size_t *to)
{
	if (find_plain(m, text, at, from, to))
		return true;
	return !is_plain(text, at) && find_folded(m, text, at, from, to);
}

/* --- snippets --------------------------------------------------------------------------------- */

enum { SNIPPET_CHARS = 160, SNIPPET_BEFORE = 40 };

bool matchers_find(struct matcher *const *matchers, size_t count, struct str text, size_t at,
		   size_t *from, size_t *to)
{
	bool found = false;

	for (size_t i = 0; i < count; i++) {
		size_t f, t;

		if (!matcher_find(matchers[i], text, at, &f, &t) ||
		    (found && (f > *from || (f == *from && t <= *to))))
			continue;
		*from = f;
		*to = t;
		found = true;
	}
	return found;
}

/* Back by at most `chars` characters, not over a line's end. */
static size_t step_back(struct str text, size_t at, int chars)
{
	while (at > 0 && text.ptr[at - 1] != '\n' && chars-- > 0)
		do
			at--;
		while (at > 0 && ((unsigned char)text.ptr[at] & 0xC0) == 0x80);
	return at;
}

static size_t step_on(struct str text, size_t at, int chars)
{
	while (at < text.len && chars-- > 0)
		utf8_next(text, &at);
	return at;
}

/* Not in the middle of a word of letters. */
static size_t to_word_start(struct str text, size_t at, size_t before)
{
	size_t start = at;

	if (at == 0 || ch_is_space(text.ptr[at - 1]) || (unsigned char)text.ptr[at] >= 0x80)
		return at;
	while (start < before && ch_is_alnum(text.ptr[start]))
		start++;
	return start;
}

static void add_plain(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if ((unsigned char)c > ' ')
			buf_add_ch(b, c);
		else if (b->len && b->ptr[b->len - 1] != ' ')
			buf_add_ch(b, ' ');
	}
}

struct str make_snippet(struct arena *mem, struct str text, bool found, size_t from, size_t to,
			struct matcher *const *matchers, size_t count)
{
	struct buf b;
	size_t start = found ? to_word_start(text, step_back(text, from, SNIPPET_BEFORE), from) : 0;
	size_t end = step_on(text, start, SNIPPET_CHARS);
	if (found && end < to)
		end = to;
	struct str window = str_sub(text, start, end);
	buf_init(&b, BUF_NO_MAX);
	if (start > 0)
		buf_add(&b, S("…"));
	for (size_t at = 0; at < window.len; at = to) {
		if (!matchers_find(matchers, count, window, at, &from, &to) || to <= from) {
			add_plain(&b, str_from(window, at));
			break;
		}
		add_plain(&b, str_sub(window, at, from));
		buf_add_ch(&b, '\x01');
		add_plain(&b, str_sub(window, from, to));
		buf_add_ch(&b, '\x02');
	}
	if (end < text.len)
		buf_add(&b, S("…"));
	struct str out = arena_str(mem, str_trim(buf_str(&b)));
	buf_fini(&b);
	return out;
}
