/*
 * shape - features of a block from how it is made (its element and the one above, with their
 * classes, as the publisher wrote them), from where it stands to the element that holds most of the
 * paragraphs, and from the lines that begin an entry (a date, a name) where a page has several.
 */
#include <string.h>

#include "base/mem.h"
#include "page/private.h"

static struct str class_of(const struct node *n)
{
	const lxb_dom_attr_t *a = n->tag ? lxb_dom_interface_element(n->dom)->attr_class : NULL;

	return a && a->value ? str_n((const char *)a->value->data, a->value->length)
			     : (struct str){ 0 };
}

uint64_t shape_of(const struct tree *t, const struct block *b)
{
	const struct node *n = &t->nodes[b->box], *up = &t->nodes[n->parent];

	return attr_hash(class_of(n)) * 31 + attr_hash(class_of(up)) * 7 + n->tag * 1024u + up->tag;
}

bool shape_is_named(const struct tree *t, const struct block *b)
{
	const struct node *n = &t->nodes[b->box];

	return class_of(n).len || class_of(&t->nodes[n->parent]).len;
}

enum { FIRST = F_SHAPE_COUNT };

static float *row_of(float *rows, size_t block)
{
	return rows + block * SHAPE_FEATURES;
}

struct shape {
	uint64_t hash;
	uint32_t count;
	float weight;
};

/* Past these a shape is taken for new: no page can make every look a long one. */
enum { MAX_PROBES = 64 };

static uint32_t find_shape(struct shape *shapes, size_t slots, uint64_t hash)
{
	size_t at = (hash ^ hash >> 29) & (slots - 1);

	for (int probes = 0; shapes[at].count && shapes[at].hash != hash && probes < MAX_PROBES;
	     probes++)
		at = (at + 1) & (slots - 1);
	return (uint32_t)at;
}

static void count_shapes(struct page_extractor *x, const struct feature_page *fp, float *rows)
{
	const struct tree *t = &x->tree;
	size_t n = t->block_count, slots = 64;
	float total = fp->total > 1 ? fp->total : 1;

	while (slots < n * 2)
		slots *= 2;
	struct shape *shapes = arena_array(x->mem, slots, sizeof(*shapes));
	uint32_t *of = arena_array(x->mem, n + 1, sizeof(*of));
	for (size_t i = 0; i < n; i++) {
		uint64_t hash = shape_of(t, &t->blocks[i]);
		struct shape *s = &shapes[of[i] = find_shape(shapes, slots, hash)];

		s->hash = hash;
		row_of(rows, i)[F_SHAPE_ORDER - FIRST] = (float)s->count++;
		s->weight += fp->sum[i + 1] - fp->sum[i];
	}
	for (size_t i = 0; i < n; i++) {
		const struct shape *s = &shapes[of[i]];
		float *f = row_of(rows, i);

		f[F_SHAPE_COUNT - FIRST] = (float)s->count;
		f[F_SHAPE_SHARE - FIRST] = s->weight / total;
		f[F_SAME_PREV - FIRST] = i > 0 && of[i] == of[i - 1];
		f[F_SAME_NEXT - FIRST] = i + 1 < n && of[i] == of[i + 1];
	}
}

/* The element whose own children have most of the weight, those of its children half. */
static uint32_t find_core(struct page_extractor *x, const struct feature_page *fp)
{
	const struct tree *t = &x->tree;
	float *direct = arena_array(x->mem, t->count + 1, sizeof(*direct));
	uint32_t best = t->body;

	for (size_t i = 0; i < t->block_count; i++) {
		float w = fp->sum[i + 1] - fp->sum[i];
		uint32_t box = t->blocks[i].box, parent = t->nodes[box].parent;

		/* Lines between <br> have their text in the element itself. */
		if (t->nodes[box].block_end - t->nodes[box].block > 1)
			parent = box;
		direct[parent] += w;
		direct[t->nodes[parent].parent] += w / 2;
	}
	for (uint32_t i = 1; i < t->count; i++)
		best = direct[i] > direct[best] ? i : best;
	return best;
}

enum { CORE_FAR = 8 };

/* How many elements up from the core the one is that holds the block, too. */
static void core_features(struct page_extractor *x, const struct feature_page *fp, float *rows)
{
	const struct tree *t = &x->tree;
	uint32_t core = find_core(x, fp), at = core;
	const struct node *c = &t->nodes[core];
	float total = fp->total > 1 ? fp->total : 1,
	      share = (fp->sum[c->block_end] - fp->sum[c->block]) / total;
	size_t from = c->block, to = c->block_end;

	for (size_t i = 0; i < t->block_count; i++) {
		float *f = row_of(rows, i);
		bool inside = i >= from && i < to;

		f[F_CORE_UP - FIRST] = inside ? 0 : CORE_FAR;
		f[F_CORE_DOWN - FIRST] =
			inside ? (float)t->nodes[t->blocks[i].box].depth - c->depth : -1;
		f[F_CORE_SIDE - FIRST] = i < from  ? (float)i - (float)from
					 : i >= to ? (float)(i - to + 1)
						   : 0;
		f[F_CORE_SHARE - FIRST] = share;
	}
	for (int up = 1; up < CORE_FAR && at != 0; up++) {
		at = t->nodes[at].parent;
		const struct node *n = &t->nodes[at];
		for (size_t i = n->block; i < from; i++)
			row_of(rows, i)[F_CORE_UP - FIRST] = (float)up;
		for (size_t i = to; i < n->block_end; i++)
			row_of(rows, i)[F_CORE_UP - FIRST] = (float)up;
		from = n->block < from ? n->block : from;
		to = n->block_end > to ? n->block_end : to;
	}
}

enum { STAMP_CHARS = 80, PROSE_CHARS = 80, STAMP_FAR = 50 };

/* A clock or a day in figures: 12:40, 2005-03-21, 3/21/05. */
bool text_has_clock(struct str s)
{
	for (size_t i = 1; i + 2 < s.len; i++)
		if ((s.ptr[i] == ':' || s.ptr[i] == '-' || s.ptr[i] == '/') &&
		    ch_is_digit(s.ptr[i - 1]) && ch_is_digit(s.ptr[i + 1]) &&
		    (ch_is_digit(s.ptr[i + 2]) || (i > 1 && ch_is_digit(s.ptr[i - 2]))))
			return true;
	return false;
}

/* A short line with a date or a name: what an entry of a blog, a post of a forum, a comment begins
 * or ends with. */
static bool is_stamp(const struct tree *t, const struct block *b)
{
	static const uint32_t cues = CUE_BIT(CUE_DATE) | CUE_BIT(CUE_BYLINE) | CUE_BIT(CUE_COMMENT);

	return b->chars > 0 && b->chars <= STAMP_CHARS &&
	       (b->cues & cues || text_has_clock(block_text(t, b)));
}

/* Counted from the first sentences below the title: what stands above them belongs to them. */
static void stamp_features(struct page_extractor *x, const struct feature_page *fp, float *rows)
{
	const struct tree *t = &x->tree;
	size_t stamps = 0, distance = STAMP_FAR, title = fp->title == STR_NONE ? 0 : fp->title;
	bool text = false;

	for (size_t i = 0; i < t->block_count; i++) {
		const struct block *b = &t->blocks[i];
		float *f = row_of(rows, i);
		bool stamp = is_stamp(t, b);

		f[F_STAMP - FIRST] = stamp;
		f[F_STAMPS - FIRST] = (float)(stamps < 20 ? stamps : 20);
		f[F_STAMP_DISTANCE - FIRST] = (float)distance;
		distance += distance < STAMP_FAR;
		if (i < title)
			continue;
		text |= b->marks > 1 && b->chars >= PROSE_CHARS && b->link_chars * 3 < b->chars;
		if (stamp && text)
			stamps++;
		if (stamp)
			distance = 0;
	}
}

float *shape_features(struct page_extractor *x, const struct feature_page *fp)
{
	float *rows =
		arena_array(x->mem, (x->tree.block_count + 1) * SHAPE_FEATURES, sizeof(*rows));

	count_shapes(x, fp, rows);
	core_features(x, fp, rows);
	stamp_features(x, fp, rows);
	return rows;
}

bool shape_is_stamp(const struct feature_page *fp, size_t block)
{
	return row_of(fp->shapes, block)[F_STAMP - FIRST] > 0;
}
