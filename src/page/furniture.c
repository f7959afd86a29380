#include "page/furniture.h"

#include <string.h>

#include "base/mem.h"
#include "page/private.h"

enum {
	TEXT_MIN_CHARS = 8,
	PATH_MIN_BLOCKS = 6,
	PAGES_MAX = 60, /* then all counts are halved: what was true last year weighs less */
	/* A text that stood on one page is kept for so many more: what is furniture comes back. */
	ONCE_PAGES = 8,
	DRIFT_PAGES = 5,  /* so many pages in a row that fit nothing: made anew */
	DRIFT_BLOCKS = 8, /* a page of fewer says nothing */
	FIRST_SLOTS = 128,
	SAVE_VERSION = 2
};

struct known {
	uint32_t key;    /* 0: free */
	uint32_t last;   /* page that counted it last */
	uint16_t pages;  /* pages that had it */
	uint16_t kept;   /* for a path: blocks of it that were the article, */
	uint16_t blocks; /* and all of them */
	uint16_t again;  /* blocks of it whose text stood on other pages, too */
};

/* Open addressing; at most three quarters full; slots are a power of two. */
struct table {
	struct known *items;
	size_t count, slots;
};

struct furniture {
	struct table texts, paths;
	uint32_t page; /* running number */
	size_t pages;
	size_t fitted;  /* of them, those made like the ones before */
	size_t strange; /* pages in a row that were not, behind many that were */
	size_t drifts;
};

static void table_init(struct table *t, size_t slots)
{
	*t = (struct table){ mem_array(slots, sizeof(*t->items)), 0, slots };
}

struct furniture *furniture_new(void)
{
	struct furniture *f = mem_alloc(sizeof(*f));

	table_init(&f->texts, FIRST_SLOTS);
	table_init(&f->paths, FIRST_SLOTS);
	return f;
}

void furniture_free(struct furniture **pf)
{
	struct furniture *f = *pf;

	if (!f)
		return;
	mem_free(f->texts.items);
	mem_free(f->paths.items);
	mem_free(f);
	*pf = NULL;
}

size_t furniture_pages(const struct furniture *f)
{
	return f->pages;
}

size_t furniture_drifts(const struct furniture *f)
{
	return f->drifts;
}

static struct known *find(const struct table *t, uint32_t key)
{
	size_t at = key & (t->slots - 1);

	while (t->items[at].key && t->items[at].key != key)
		at = (at + 1) & (t->slots - 1);
	return &t->items[at];
}

/* What was met once, and not lately. */
static bool is_stale(const struct known *e, uint32_t page)
{
	return e->pages == 1 && e->last + ONCE_PAGES <= page;
}

/* Into a table of so many slots, every count divided; what comes to nothing goes, and what is
 * stale. */
static void rebuild(struct table *t, size_t slots, uint16_t divisor, uint32_t page)
{
	struct table fresh;

	table_init(&fresh, slots);
	for (size_t i = 0; i < t->slots; i++) {
		struct known e = t->items[i];

		if (!e.key || is_stale(&e, page))
			continue;
		e.pages /= divisor;
		e.kept /= divisor;
		e.blocks /= divisor;
		e.again /= divisor;
		if (e.pages) {
			*find(&fresh, e.key) = e;
			fresh.count++;
		}
	}
	mem_free(t->items);
	*t = fresh;
}

static void forget(struct furniture *f)
{
	mem_free(f->texts.items);
	mem_free(f->paths.items);
	table_init(&f->texts, FIRST_SLOTS);
	table_init(&f->paths, FIRST_SLOTS);
	f->pages = f->fitted = f->strange = 0;
}

/* --- fingerprints */

static uint32_t add_byte(uint32_t h, char ch)
{
	return (h ^ (uint8_t)ch) * UINT32_C(16777619);
}

/* Does the character at s begin general, CJK or full-width punctuation, or one of Latin-1's? */
static bool is_mark(struct str s)
{
	uint8_t a = (uint8_t)s.ptr[0], b = s.len > 1 ? (uint8_t)s.ptr[1] : 0;

	return a == 0xC2 || (a == 0xE2 && b == 0x80) || (a == 0xE3 && b == 0x80) ||
	       (a == 0xEF && (b == 0xBC || b == 0xBD));
}

/* Letters only, lower case: "3 comments" and "17 Comments!" are one. 0: too short to say anything.
 */
static uint32_t text_key(const struct tree *t, const struct block *b)
{
	struct str s = block_text(t, b);
	uint32_t h = UINT32_C(2166136261);
	bool mark = false;

	if (b->chars < TEXT_MIN_CHARS)
		return 0;
	for (size_t i = 0; i < s.len; i++) {
		uint8_t ch = (uint8_t)s.ptr[i];

		if (ch < 0x80) {
			if (ch_is_alpha(s.ptr[i]))
				h = add_byte(h, ch_lower(s.ptr[i]));
			continue;
		}
		/* Most of them Han, none a mark. */
		if (ch >= 0xE4 && ch <= 0xE9 && s.len - i >= 3) {
			h = add_byte(add_byte(add_byte(h, s.ptr[i]), s.ptr[i + 1]), s.ptr[i + 2]);
			i += 2;
			continue;
		}
		if (ch >= 0xC0)
			mark = is_mark(str_from(s, i));
		if (!mark)
			h = add_byte(h, s.ptr[i]);
	}
	return h | 1;
}

static uint32_t path_key(const struct tree *t, const struct block *b)
{
	uint32_t h = (UINT32_C(2166136261) ^ b->tag) * UINT32_C(16777619);
	int up = 0;

	for (uint32_t i = b->box; i != 0 && up < 5; i = t->nodes[i].parent, up++) {
		struct str class = node_attr_id(t->nodes[i].dom, LXB_DOM_ATTR_CLASS);

		h = (h ^ t->nodes[i].tag) * UINT32_C(16777619);
		for (size_t k = 0; k < class.len && !ch_is_space(class.ptr[k]); k++)
			if (!ch_is_digit(class.ptr[k]))
				h = add_byte(h, class.ptr[k]);
	}
	return h | 1;
}

static struct lesson_block lesson_of(const struct tree *t, const struct block *b)
{
	struct lesson_block l = { .text = text_key(t, b), .score = b->score, .kept = b->keep };

	if (b->marks >= 2 && b->chars > 80 && b->link_chars * 2 < b->chars)
		l.prose = b->chars;
	if (l.text)
		l.path = path_key(t, b);
	return l;
}

void furniture_lesson(const struct tree *t, struct arena *mem, struct lesson *out)
{
	*out = (struct lesson){
		.blocks = arena_array(mem, t->block_count, sizeof(*out->blocks)),
		.count = t->block_count,
	};
	for (size_t i = 0; i < t->block_count; i++) {
		out->blocks[i] = lesson_of(t, &t->blocks[i]);
		out->telling += out->blocks[i].text != 0;
	}
}

/* --- learning */

/* NULL: there is no room. */
static struct known *take(struct table *t, uint32_t key, uint32_t page)
{
	if (t->count * 4 >= t->slots * 3) {
		rebuild(t, t->slots, 1, page);
		if (t->count * 2 >= t->slots && t->slots < FURNITURE_MAX_ENTRIES * 2)
			rebuild(t, t->slots * 2, 1, page);
	}
	struct known *e = find(t, key);
	if (!e->key && t->count < FURNITURE_MAX_ENTRIES) {
		e->key = key;
		t->count++;
	}
	return e->key ? e : NULL;
}

/* How many earlier pages had it. */
static uint32_t count_page(struct known *e, uint32_t page)
{
	if (e->last != page || e->pages == 0) {
		e->last = page;
		e->pages = (uint16_t)(e->pages < UINT16_MAX ? e->pages + 1 : e->pages);
	}
	return e->pages - 1u;
}

/* So many of all pages: more than chance. */
static bool is_many(const struct furniture *f, uint32_t pages)
{
	return pages >= FURNITURE_MIN_PAGES && pages * 10u >= f->pages * 3u;
}

static bool is_repeated(const struct furniture *f, const struct known *e)
{
	return e->key && is_many(f, e->pages);
}

static void halve(struct furniture *f)
{
	rebuild(&f->texts, f->texts.slots, 2, f->page);
	rebuild(&f->paths, f->paths.slots, 2, f->page);
	f->pages /= 2;
	f->fitted /= 2;
}

/* How many of the page's blocks stand where blocks of many pages before stood. */
static size_t count_blocks(struct furniture *f, const struct lesson *lesson)
{
	size_t fitting = 0;

	for (size_t i = 0; i < lesson->count; i++) {
		const struct lesson_block *b = &lesson->blocks[i];

		if (!b->text)
			continue;
		struct known *text = take(&f->texts, b->text, f->page);
		bool again = text && count_page(text, f->page) > 0;
		struct known *path = take(&f->paths, b->path, f->page);

		if (!path || path->blocks == UINT16_MAX)
			continue;
		fitting += is_many(f, count_page(path, f->page));
		path->blocks++;
		path->kept = (uint16_t)(path->kept + b->kept);
		path->again = (uint16_t)(path->again + again);
	}
	return fitting;
}

void furniture_learn(struct furniture *f, const struct lesson *lesson)
{
	if (lesson->telling == 0)
		return;
	if (f->pages >= PAGES_MAX || f->texts.count >= FURNITURE_MAX_ENTRIES ||
	    f->paths.count >= FURNITURE_MAX_ENTRIES)
		halve(f);
	f->page++;
	f->pages++;
	bool fits = count_blocks(f, lesson) * 5 >= lesson->telling;
	f->fitted += fits;
	/*
	 * Once is an odd page, often in a row is a new design: where most pages were alike before.
	 * A source whose pages stand on many sites has none.
	 */
	bool alike = f->fitted >= DRIFT_PAGES && f->fitted * 2 >= f->pages - f->strange;
	if (lesson->telling >= DRIFT_BLOCKS)
		f->strange = !fits && alike ? f->strange + 1 : 0;
	if (f->strange >= DRIFT_PAGES) {
		forget(f);
		f->drifts++;
	}
}

bool furniture_tells(const struct furniture *f, const struct lesson *lesson)
{
	bool tells = false;

	for (size_t i = 0; i < lesson->count && !tells; i++)
		tells = lesson->blocks[i].kept && lesson->blocks[i].text &&
			is_repeated(f, find(&f->texts, lesson->blocks[i].text));
	return tells;
}

/* --- judging */

/* What was learnt of one block, as a shift of the logarithm of its odds. */
static float shift_of(const struct furniture *f, const struct lesson_block *b)
{
	static const float path_repeats = -1.0f, body_path = 0.7f;

	if (!b->text)
		return 0;
	if (is_repeated(f, find(&f->texts, b->text)))
		return FURNITURE_REPEATED;
	const struct known *path = find(&f->paths, b->path);
	if (!path->key || path->blocks < PATH_MIN_BLOCKS || path->pages < FURNITURE_MIN_PAGES)
		return 0;
	if (path->again * 10u >= path->blocks * 7u)
		return path_repeats;
	return path->kept * 10u >= path->blocks * 9u ? body_path : 0;
}

/* How much prose a page has, and how much of it stands on others. */
struct prose {
	uint32_t all, again;
};

static float shift_counted(const struct furniture *f, const struct lesson_block *b,
			   struct prose *prose)
{
	float shift = shift_of(f, b);

	prose->all += b->prose;
	prose->again += shift <= FURNITURE_REPEATED ? b->prose : 0;
	return shift;
}

/* Nothing holds for a page most of whose paragraphs repeat: that is an article met twice, not
 * furniture. */
static void settle_shifts(const struct prose *prose, float *shift, size_t count)
{
	if (prose->again * 2 > prose->all)
		memset(shift, 0, count * sizeof(*shift));
}

void furniture_shift(const struct furniture *f, const struct tree *t, float *shift)
{
	struct prose prose = { 0 };

	if (f->pages < FURNITURE_MIN_PAGES)
		return;
	for (size_t i = 0; i < t->block_count; i++) {
		struct lesson_block b = lesson_of(t, &t->blocks[i]);

		shift[i] = shift_counted(f, &b, &prose);
	}
	settle_shifts(&prose, shift, t->block_count);
}

bool furniture_alters(const struct furniture *f, const struct lesson *lesson, struct arena *mem)
{
	float *before = arena_array(mem, lesson->count + 1, sizeof(*before)),
	      *after = arena_array(mem, lesson->count + 1, sizeof(*after));
	struct prose prose = { 0 };
	bool any = false;

	if (lesson->count == 0)
		return true;
	if (f->pages < FURNITURE_MIN_PAGES)
		return false;
	for (size_t i = 0; i < lesson->count; i++)
		after[i] = shift_counted(f, &lesson->blocks[i], &prose);
	settle_shifts(&prose, after, lesson->count);
	for (size_t i = 0; i < lesson->count; i++) {
		any |= after[i] < 0 || after[i] > 0;
		before[i] = lesson->blocks[i].score;
		after[i] += before[i];
	}
	return any && !(lesson->judged && scores_agree(mem, before, after, lesson->count));
}

/* --- as bytes: a line a fact, so that a store's copy can be read by a person */

static void add_hex(struct buf *out, uint32_t n)
{
	int shift = 28;

	while (shift > 0 && !(n >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		buf_add_ch(out, "0123456789abcdef"[n >> shift & 15]);
}

static void save_table(const struct furniture *f, const struct table *t, char kind, struct buf *out)
{
	for (size_t i = 0; i < t->slots; i++) {
		const struct known *e = &t->items[i];

		if (!e->key || is_stale(e, f->page))
			continue;
		const unsigned numbers[] = { (unsigned)(f->page - e->last), e->pages, e->kept,
					     e->blocks, e->again };

		buf_add_ch(out, kind);
		buf_add_ch(out, ' ');
		add_hex(out, e->key);
		for (int n = 0; n < (kind == 'p' ? 5 : 2); n++) {
			buf_add_ch(out, ' ');
			buf_add_i64(out, numbers[n]);
		}
		buf_add_ch(out, '\n');
	}
}

void furniture_save(const struct furniture *f, struct buf *out)
{
	buf_addf(out, "furniture %d %zu %zu %zu %zu\n", (int)SAVE_VERSION, f->pages, f->fitted,
		 f->strange, f->drifts);
	save_table(f, &f->texts, 't', out);
	save_table(f, &f->paths, 'p', out);
}

static bool to_hex(struct str s, uint32_t *out)
{
	*out = 0;
	if (s.len == 0 || s.len > 8)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char ch = ch_lower(s.ptr[i]);
		int digit = ch_is_digit(ch)          ? ch - '0'
			    : ch >= 'a' && ch <= 'f' ? ch - 'a' + 10
						     : -1;

		if (digit < 0)
			return false;
		*out = *out << 4 | (uint32_t)digit;
	}
	return true;
}

static bool load_line(struct furniture *f, struct str line)
{
	struct str kind = { 0 }, word;
	int64_t n[5] = { 0 };
	uint32_t key = 0;

	if (!str_split(&line, ' ', &kind) || !str_split(&line, ' ', &word) || !to_hex(word, &key) ||
	    !key)
		return false;
	bool text = str_eq(kind, S("t"));
	for (int i = 0; i < (text ? 2 : 5); i++)
		if (!str_split(&line, ' ', &word) || !str_to_i64(word, 0, UINT16_MAX, &n[i]))
			return false;
	struct known *e = take(text ? &f->texts : &f->paths, key, f->page);
	if (e)
		*e = (struct known){ key,
				     f->page - (uint32_t)n[0],
				     (uint16_t)n[1],
				     (uint16_t)n[2],
				     (uint16_t)n[3],
				     (uint16_t)n[4] };
	return text || str_eq(kind, S("p"));
}

int furniture_load(struct furniture *f, struct str bytes, struct err *err)
{
	struct str line, word[6] = { 0 };
	int64_t version = 0, pages = 0, fitted = 0, strange = 0, drifts = 0;
	size_t n = 0;

	forget(f);
	f->drifts = 0;
	f->page = UINT16_MAX; /* above every age */
	if (!str_split(&bytes, '\n', &line))
		return err_set(err, ERR_INPUT, "not what was learnt of a source");
	while (n < 6 && str_split(&line, ' ', &word[n]))
		n++;
	if (n != 6 || !str_eq(word[0], S("furniture")) ||
	    !str_to_i64(word[1], SAVE_VERSION, SAVE_VERSION, &version) ||
	    !str_to_i64(word[2], 0, PAGES_MAX, &pages) ||
	    !str_to_i64(word[3], 0, PAGES_MAX, &fitted) ||
	    !str_to_i64(word[4], 0, DRIFT_PAGES, &strange) ||
	    !str_to_i64(word[5], 0, INT32_MAX, &drifts))
		return err_set(err, ERR_INPUT, "not what was learnt of a source");
	while (str_split(&bytes, '\n', &line))
		if (line.len && !load_line(f, line)) {
			forget(f);
			return err_set(err, ERR_INPUT, "not what was learnt of a source");
		}
	f->pages = (size_t)pages;
	f->fitted = (size_t)fitted;
	f->strange = (size_t)strange;
	f->drifts = (size_t)drifts;
	return 0;
}
