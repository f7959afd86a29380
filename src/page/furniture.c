#include "page/furniture.h"

#include <string.h>

#include "base/mem.h"
#include "page/private.h"

enum {
	TEXT_MIN_CHARS = 8,
	PATH_MIN_BLOCKS = 6,
	PAGES_MAX = 60,  /* then all counts are halved: what was true last year weighs less */
	DRIFT_PAGES = 8, /* so many pages in a row that fit nothing: made anew */
	FIRST_SLOTS = 1024,
	SAVE_VERSION = 1
};

struct known {
	uint64_t key;    /* 0: free */
	uint32_t last;   /* page that counted it last */
	uint16_t pages;  /* pages that had it */
	uint16_t kept;   /* for a path: blocks of it that were the article, */
	uint16_t blocks; /* and all of them */
	uint16_t again;  /* blocks of it whose text stood on other pages, too */
};

/* Open addressing; at most half full. */
struct table {
	struct known *items;
	size_t count, slots;
};

struct furniture {
	struct table texts, paths;
	uint32_t page; /* running number */
	size_t pages;
	size_t strange; /* pages in a row that fitted nothing */
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

static struct known *find(const struct table *t, uint64_t key)
{
	size_t at = (size_t)(key >> 1) % t->slots;

	while (t->items[at].key && t->items[at].key != key)
		at = (at + 1) % t->slots;
	return &t->items[at];
}

/* Into a table of so many slots, every count divided; what comes to nothing goes. */
static void rebuild(struct table *t, size_t slots, uint16_t divisor)
{
	struct table fresh;

	table_init(&fresh, slots);
	for (size_t i = 0; i < t->slots; i++) {
		struct known e = t->items[i];

		e.pages /= divisor;
		e.kept /= divisor;
		e.blocks /= divisor;
		e.again /= divisor;
		if (e.key && e.pages) {
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
	f->pages = f->strange = 0;
}

/* Letters only, lower case: "3 comments" and "17 Comments!" are one. 0: too short to say anything.
 */
static uint64_t text_key(const struct tree *t, const struct block *b)
{
	struct str s = block_text(t, b);
	uint64_t h = UINT64_C(1469598103934665603);

	if (b->chars < TEXT_MIN_CHARS)
		return 0;
	for (size_t i = 0; i < s.len; i++)
		if (ch_is_alpha(s.ptr[i]) || (unsigned char)s.ptr[i] >= 0xC3)
			h = (h ^ (uint8_t)ch_lower(s.ptr[i])) * UINT64_C(1099511628211);
	return h | 1;
}

static uint64_t path_key(const struct tree *t, const struct block *b)
{
	uint64_t h = UINT64_C(1469598103934665603) ^ b->tag;
	int up = 0;

	for (uint32_t i = b->box; i != 0 && up < 5; i = t->nodes[i].parent, up++) {
		struct str class = node_attr_id(t->nodes[i].dom, LXB_DOM_ATTR_CLASS);

		h = (h ^ t->nodes[i].tag) * UINT64_C(1099511628211);
		for (size_t k = 0; k < class.len && !ch_is_space(class.ptr[k]); k++)
			if (!ch_is_digit(class.ptr[k]))
				h = (h ^ (uint8_t) class.ptr[k]) * UINT64_C(1099511628211);
	}
	return h | 1;
}

static struct known *take(struct table *t, uint64_t key)
{
	if (t->count * 2 >= t->slots && t->count < FURNITURE_MAX_ENTRIES)
		rebuild(t, t->slots * 2, 1);
	struct known *e = find(t, key);
	if (!e->key && t->count < FURNITURE_MAX_ENTRIES) {
		e->key = key;
		t->count++;
	}
	return e->key ? e : NULL;
}

static void count_page(struct known *e, uint32_t page)
{
	if (e->last == page)
		return;
	e->last = page;
	e->pages = (uint16_t)(e->pages < UINT16_MAX ? e->pages + 1 : e->pages);
}

static bool is_repeated(const struct furniture *f, const struct known *e)
{
	return e->key && e->pages >= FURNITURE_MIN_PAGES && e->pages * 10u >= f->pages * 3u;
}

void furniture_learn(struct furniture *f, const struct tree *t)
{
	size_t known = 0, blocks = 0;

	if (f->pages >= PAGES_MAX || f->texts.count >= FURNITURE_MAX_ENTRIES ||
	    f->paths.count >= FURNITURE_MAX_ENTRIES) {
		rebuild(&f->texts, f->texts.slots, 2);
		rebuild(&f->paths, f->paths.slots, 2);
		f->pages /= 2;
	}
	f->page++;
	for (size_t i = 0; i < t->block_count; i++) {
		const struct block *b = &t->blocks[i];
		uint64_t key = text_key(t, b);

		if (!key)
			continue;
		blocks++;
		struct known *text = take(&f->texts, key);
		struct known *path = take(&f->paths, path_key(t, b));
		bool again = text && text->pages > 0 && text->last != f->page;
		known += path && path->pages > 0 && path->last != f->page;
		if (text)
			count_page(text, f->page);
		if (path && path->blocks < UINT16_MAX) {
			count_page(path, f->page);
			path->blocks++;
			path->kept = (uint16_t)(path->kept + b->keep);
			path->again = (uint16_t)(path->again + again);
		}
	}
	f->pages++;
	/* A page none of whose paths was seen before: once is an odd page, often in a row is a new
	 * design. */
	f->strange = blocks >= 10 && known == 0 && f->pages > 1 ? f->strange + 1 : 0;
	if (f->strange >= DRIFT_PAGES) {
		forget(f);
		f->drifts++;
	}
}

/*
 * What was learnt, as a shift of the logarithm of the odds of every block. Nothing for a page most
 * of whose paragraphs repeat: that is an article met twice, not furniture.
 */
void furniture_shift(const struct furniture *f, const struct tree *t, float *shift)
{
	static const float repeated = -6.0f, path_repeats = -1.0f, body_path = 0.7f;
	uint32_t again = 0, all = 0;

	if (f->pages < FURNITURE_MIN_PAGES)
		return;
	for (size_t i = 0; i < t->block_count; i++) {
		const struct block *b = &t->blocks[i];
		uint64_t key = text_key(t, b);
		const struct known *text = key ? find(&f->texts, key) : NULL;
		const struct known *path = key ? find(&f->paths, path_key(t, b)) : NULL;
		bool prose = b->marks >= 2 && b->chars > 80 && b->link_chars * 2 < b->chars;

		all += prose ? b->chars : 0;
		if (text && is_repeated(f, text)) {
			shift[i] = repeated;
			again += prose ? b->chars : 0;
		} else if (path && path->key && path->blocks >= PATH_MIN_BLOCKS &&
			   path->pages >= FURNITURE_MIN_PAGES) {
			if (path->again * 10u >= path->blocks * 7u)
				shift[i] = path_repeats;
			else if (path->kept * 10u >= path->blocks * 9u)
				shift[i] = body_path;
		}
	}
	if (again * 2 > all)
		for (size_t i = 0; i < t->block_count; i++)
			shift[i] = 0;
}

/* ---- as bytes: a line a fact, so that a store's copy can be read by a person */

static void save_table(const struct table *t, char kind, struct buf *out)
{
	for (size_t i = 0; i < t->slots; i++) {
		const struct known *e = &t->items[i];

		/* What one page had once is not worth its line. */
		if (e->key && e->pages > 1)
			buf_addf(out, "%c %llx %u %u %u %u\n", kind, (unsigned long long)e->key,
				 e->pages, e->kept, e->blocks, e->again);
	}
}

void furniture_save(const struct furniture *f, struct buf *out)
{
	buf_addf(out, "furniture %d %zu %zu\n", (int)SAVE_VERSION, f->pages, f->drifts);
	save_table(&f->texts, 't', out);
	save_table(&f->paths, 'p', out);
}

static bool to_hex(struct str s, uint64_t *out)
{
	*out = 0;
	if (s.len == 0 || s.len > 16)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char ch = ch_lower(s.ptr[i]);
		int digit = ch_is_digit(ch)          ? ch - '0'
			    : ch >= 'a' && ch <= 'f' ? ch - 'a' + 10
						     : -1;

		if (digit < 0)
			return false;
		*out = *out << 4 | (uint64_t)digit;
	}
	return true;
}

static bool load_line(struct furniture *f, struct str line)
{
	struct str kind = { 0 }, word;
	int64_t n[4] = { 0 };
	uint64_t key = 0;

	if (!str_split(&line, ' ', &kind) || !str_split(&line, ' ', &word) || !to_hex(word, &key) ||
	    !key)
		return false;
	for (int i = 0; i < 4; i++)
		if (!str_split(&line, ' ', &word) || !str_to_i64(word, 0, UINT16_MAX, &n[i]))
			return false;
	bool text = str_eq(kind, S("t"));
	struct known *e = text ? take(&f->texts, key) : take(&f->paths, key);
	if (e)
		*e = (struct known){
			key, 0, (uint16_t)n[0], (uint16_t)n[1], (uint16_t)n[2], (uint16_t)n[3]
		};
	return text || str_eq(kind, S("p"));
}

int furniture_load(struct furniture *f, struct str bytes, struct err *err)
{
	struct str line, word[4] = { 0 };
	int64_t version = 0, pages = 0, drifts = 0;
	size_t n = 0;

	forget(f);
	f->drifts = 0;
	if (!str_split(&bytes, '\n', &line))
		return err_set(err, ERR_INPUT, "not what was learnt of a source");
	while (n < 4 && str_split(&line, ' ', &word[n]))
		n++;
	if (n != 4 || !str_eq(word[0], S("furniture")) ||
	    !str_to_i64(word[1], SAVE_VERSION, SAVE_VERSION, &version) ||
	    !str_to_i64(word[2], 0, PAGES_MAX, &pages) ||
	    !str_to_i64(word[3], 0, INT32_MAX, &drifts))
		return err_set(err, ERR_INPUT, "not what was learnt of a source");
	while (str_split(&bytes, '\n', &line))
		if (line.len && !load_line(f, line)) {
			forget(f);
			return err_set(err, ERR_INPUT, "not what was learnt of a source");
		}
	f->pages = (size_t)pages;
	f->drifts = (size_t)drifts;
	return 0;
}
