/*
 * score - which blocks are the article: the container first, then the blocks in it.
 */
#include <string.h>

#include "base/mem.h"
#include "page/private.h"
#include "text/date.h"

static const uint64_t furniture_kinds =
	CLASS_BIT(CLASS_NAV) | CLASS_BIT(CLASS_RELATED) | CLASS_BIT(CLASS_SHARE) |
	CLASS_BIT(CLASS_COMMENT) | CLASS_BIT(CLASS_AD) | CLASS_BIT(CLASS_NEWSLETTER) |
	CLASS_BIT(CLASS_FOOTER) | CLASS_BIT(CLASS_SIDEBAR) | CLASS_BIT(CLASS_COOKIE) |
	CLASS_BIT(CLASS_BIO) | CLASS_BIT(CLASS_TOC) | CLASS_BIT(CLASS_BREADCRUMB) |
	CLASS_BIT(CLASS_CAPTION) | CLASS_BIT(CLASS_TAGS);

static bool is_candidate(const struct node *n)
{
	return n->flags & NODE_ITEMBODY || n->kinds & CLASS_BIT(CLASS_BODY_SURE) ||
	       (n->kinds & CLASS_BIT(CLASS_BODY) && n->kinds & CLASS_BIT(CLASS_ARTICLE));
}

/* The heaviest element that says it is the body, where it has enough of the page; else where the
 * weight gathers. */
static uint32_t find_container(struct page_extractor *x, const float *sum)
{
	const struct tree *t = &x->tree;
	uint32_t best = 0;
	float best_weight = 0, total = sum[t->block_count];

	for (uint32_t i = 1; i < t->count; i++) {
		const struct node *n = &t->nodes[i];
		float w = sum[n->block_end] - sum[n->block];

		if (!(n->flags & NODE_TEXT) && is_candidate(n) && w > best_weight * 1.05f) {
			best = i;
			best_weight = w;
		}
	}
	if (best && best_weight >= 0.4f * total)
		return best;
	uint32_t at = t->body;
	for (;;) {
		float here = sum[t->nodes[at].block_end] - sum[t->nodes[at].block], top = 0;
		uint32_t child = at + 1, heaviest = 0;

		while (child < t->nodes[at].end) {
			float w = sum[t->nodes[child].block_end] - sum[t->nodes[child].block];
			if (w > top && !(t->nodes[child].flags & NODE_TEXT)) {
				top = w;
				heaviest = child;
			}
			child = t->nodes[child].end;
		}
		if (!heaviest || top < 0.7f * here || t->nodes[heaviest].tag == LXB_TAG_P)
			return at;
		at = heaviest;
	}
}

/* Marks that say "furniture" are not believed on what holds most of the text; `kinds` are the marks
 * that are believed at all. */
static bool is_furniture(const struct tree *t, const struct block *b, uint32_t root, uint64_t kinds,
			 const float *sum)
{
	float total = sum[t->nodes[root].block_end] - sum[t->nodes[root].block];

	for (uint32_t i = b->box; i > root; i = t->nodes[i].parent) {
		const struct node *n = &t->nodes[i];
		float w = sum[n->block_end] - sum[n->block];

		if (w > 0.5f * total)
			break;
		if (n->kinds & kinds && !(n->kinds & CLASS_BIT(CLASS_BODY_SURE)))
			return true;
		if (n->tag == LXB_TAG_NAV || n->tag == LXB_TAG_FOOTER || n->tag == LXB_TAG_ASIDE)
			return true;
	}
	return false;
}

/*
 * In a feed there is little furniture, and a paragraph may well begin with the word of a label
 * ("公開賽共有...", "By noon on Saturday ..."): where it has sentences it is none.
 */
static bool is_prose_by_chance(const struct block *b)
{
	static const uint32_t labels = CUE_BIT(CUE_BYLINE) | CUE_BIT(CUE_DATE) |
				       CUE_BIT(CUE_SHARE) | CUE_BIT(CUE_TOOLS) | CUE_BIT(CUE_TAGS) |
				       CUE_BIT(CUE_CREDIT) | CUE_BIT(CUE_SOURCE);

	return !(b->cues & ~labels) && b->marks > 2 && b->links == 0;
}

/*
 * In a feed's content: comments that are most of the text, none with a date, are what the article
 * is made of (a round of experts, each with a say).
 */
static bool comments_are_text(const struct page_extractor *x, const float *sum)
{
	const struct tree *t = &x->tree;
	float weight = 0;

	for (size_t i = 0; i < t->block_count; i++) {
		const struct block *b = &t->blocks[i];

		if (!(b->kinds & CLASS_BIT(CLASS_COMMENT)))
			continue;
		if (b->chars <= 80 &&
		    (b->cues & CUE_BIT(CUE_DATE) || text_has_clock(block_text(t, b))))
			return false;
		weight += sum[i + 1] - sum[i];
	}
	return weight > 0.5f * sum[t->block_count];
}

/* The first choice, by rules alone; the model knows it as a feature. */
static void keep_by_rules(struct page_extractor *x, const float *sum)
{
	struct tree *t = &x->tree;
	const struct node *root = &t->nodes[x->root];
	uint64_t kinds = furniture_kinds;

	if (x->opt->fragment && comments_are_text(x, sum))
		kinds &= ~CLASS_BIT(CLASS_COMMENT);

	for (size_t i = root->block; i < root->block_end; i++) {
		struct block *b = &t->blocks[i];
		bool link = b->link_chars * 10 > b->chars * 6;

		if (b->flags & (NODE_HIDDEN | NODE_NOSCRIPT | NODE_BUTTON) ||
		    is_furniture(t, b, x->root, kinds, sum))
			continue;
		if (b->tag == LXB_TAG_FIGCAPTION || b->tag == LXB_TAG_H1 || link)
			continue;
		if (b->cues && b->chars < 200 && !(x->opt->fragment && is_prose_by_chance(b)))
			continue;
		b->keep = true;
	}
}

/* A fragment is not judged by the model: only what stands in others of its source, too, goes. */
static void drop_repeated(struct page_extractor *x)
{
	struct tree *t = &x->tree;

	if (!x->furniture)
		return;
	float *shift = arena_array(x->mem, t->block_count + 1, sizeof(*shift));
	furniture_shift(x->furniture, t, shift);
	for (size_t i = 0; i < t->block_count; i++)
		if (shift[i] <= FURNITURE_REPEATED)
			t->blocks[i].keep = false;
}

/* What a block must have to be kept; one made as the article's are. */
static const float keep_bias = 0.3f, sibling_least = -1.5f;

/* How likely each block is the article: the logarithm of the odds, with what was learnt of the
 * source. */
static float *judge_blocks(struct page_extractor *x)
{
	static const float most = 4;
	struct tree *t = &x->tree;
	float *shift = arena_array(x->mem, t->block_count + 1, sizeof(*shift));

	if (x->furniture)
		furniture_shift(x->furniture, t, shift);
	for (size_t i = 0; i < t->block_count; i++) {
		/* One row for all stays in the cache. */
		float one[FEATURE_COUNT], *row = x->rows ? x->rows + i * FEATURE_COUNT : one;

		features_next(x, &x->feature_page, row);
		float z = model_judge(row);
		t->blocks[i].score = (z > most ? most : z < -most ? -most : z) + shift[i];
		shift[i] = t->blocks[i].score;
	}
	return shift;
}

/*
 * Which blocks to keep, given how likely each is: the sequence of kept and dropped that is
 * likeliest as a whole where every change between the two costs something (Viterbi). A doubtful
 * line inside the article stays, one far from it goes. A byte a block: whether it is kept.
 */
static unsigned char *choose_likeliest(struct arena *mem, const float *scores, size_t n, float bias)
{
	static const float change = 0.5f;
	unsigned char *back = arena_alloc(mem, n + 1);
	float in = -change, out = 0;

	for (size_t i = 0; i < n; i++) {
		float z = scores[i] - bias;
		float stay_out = out > in - change ? out : in - change;
		float stay_in = (in > out - change ? in : out - change) + z;

		back[i] = (unsigned char)((in - change > out) | (out - change > in) << 1);
		out = stay_out;
		in = stay_in;
	}
	bool kept = in - change > out;
	for (size_t i = n; i-- > 0;) {
		unsigned char ways = back[i];

		back[i] = kept;
		kept = kept ? !(ways & 2) : ways & 1;
	}
	return back;
}

/* How many characters are kept. */
static size_t keep_likeliest(struct page_extractor *x, const float *scores, float bias)
{
	struct tree *t = &x->tree;
	const unsigned char *kept = choose_likeliest(x->mem, scores, t->block_count, bias);
	size_t chars = 0;

	for (size_t i = 0; i < t->block_count; i++) {
		t->blocks[i].keep = kept[i];
		chars += kept[i] ? t->blocks[i].chars : 0;
	}
	return chars;
}

/* The score of the likeliest block with sentences. */
static float best_prose(const struct tree *t)
{
	float best = -10;

	for (size_t i = 0; i < t->block_count; i++) {
		const struct block *b = &t->blocks[i];

		if (b->marks > 1 && b->chars >= 60 && !b->cues && b->link_chars * 3 < b->chars &&
		    b->score > best)
			best = b->score;
	}
	return best;
}

/* Of a page none of whose blocks is likely enough, what is likeliest: unless that is unlikely, too.
 */
static void keep_by_model(struct page_extractor *x)
{
	static const float doubtful = -0.5f, clear = 1.5f;
	float *scores = judge_blocks(x);

	if (keep_likeliest(x, scores, keep_bias) > 0)
		return;
	float best = best_prose(&x->tree);
	if (best > doubtful)
		(void)keep_likeliest(x, scores, best - clear);
}

bool scores_agree(struct arena *mem, const float *a, const float *b, size_t count)
{
	const unsigned char *by_a = choose_likeliest(mem, a, count, keep_bias),
			    *by_b = choose_likeliest(mem, b, count, keep_bias);
	bool agree = true, any = false;

	for (size_t i = 0; i < count; i++) {
		agree = agree && by_a[i] == by_b[i] &&
			(a[i] > sibling_least) == (b[i] > sibling_least);
		any = any || by_a[i];
	}
	return agree && any;
}

/*
 * Paragraphs made just as nearly all of the article's are, are the article's, also behind a long
 * interruption. Only where the publisher has a class for them: a bare <p> says nothing.
 */
static void keep_siblings(struct page_extractor *x)
{
	struct tree *t = &x->tree;
	uint64_t shape = 0;
	uint32_t same = 0, all = 0;

	for (size_t i = 0; i < t->block_count; i++) {
		const struct block *b = &t->blocks[i];

		if (!b->keep || b->tag != LXB_TAG_P)
			continue;
		uint64_t own = shape_of(t, b);
		all++;
		if (same == 0)
			shape = own;
		same = own == shape ? same + 1 : same - 1;
	}
	same = 0;
	for (size_t i = 0; i < t->block_count; i++)
		same += t->blocks[i].keep && t->blocks[i].tag == LXB_TAG_P &&
			shape_of(t, &t->blocks[i]) == shape;
	if (same < 3 || same * 10 < all * 8)
		return;
	for (size_t i = 0; i < t->block_count; i++) {
		struct block *b = &t->blocks[i];

		if (!b->keep && b->tag == LXB_TAG_P && b->score > sibling_least && b->marks > 1 &&
		    !b->cues && b->links == 0 && shape_is_named(t, b) && shape_of(t, b) == shape)
			b->keep = true;
	}
}

/* The element of a post of another site about a block, as the scripts that dress it up know it; 0:
 * none. */
static uint32_t embedded_post(struct page_extractor *x, const struct block *b)
{
	const struct node *nodes = x->tree.nodes;
	uint32_t i = b->box;

	while (i > 0 && nodes[i].tag != LXB_TAG_BLOCKQUOTE)
		i = nodes[i].parent;
	if (i == 0 || !(nodes[i].kinds & CLASS_BIT(CLASS_QUOTE)))
		return 0;
	struct str word, words = node_attr_id(nodes[i].dom, LXB_DOM_ATTR_CLASS);
	while (str_split(&words, ' ', &word))
		if (vocab_in("embedded-post", name_key(x->mem, word)))
			return i;
	return 0;
}

enum { POST_MAX_BLOCKS = 12, POST_NEAR = 4 };

static bool is_kept_near(const struct tree *t, size_t from, int step)
{
	for (size_t i = from, n = 0; i < t->block_count && n < POST_NEAR; i += (size_t)step, n++)
		if (t->blocks[i].keep)
			return true;
	return false;
}

/* A post that is shown in the midst of the article is quoted by it. */
static void keep_posts(struct page_extractor *x)
{
	struct tree *t = &x->tree;

	for (size_t i = 1; i < t->block_count; i++) {
		struct block *b = &t->blocks[i];
		uint32_t post =
			!b->keep && b->kinds & CLASS_BIT(CLASS_QUOTE) ? embedded_post(x, b) : 0;

		if (!post)
			continue;
		const struct node *n = &t->nodes[post];
		bool inside = n->block_end - n->block <= POST_MAX_BLOCKS && n->block > 0 &&
			      is_kept_near(t, n->block - 1, -1) && is_kept_near(t, n->block_end, 1);
		for (i = n->block; i < n->block_end; i++)
			t->blocks[i].keep = t->blocks[i].keep || inside;
		i = n->block_end - 1;
	}
}

/* What a picture shows is told with the picture. */
static void drop_captions(struct page_extractor *x)
{
	for (size_t i = 0; i < x->tree.block_count; i++)
		if (x->tree.blocks[i].tag == LXB_TAG_FIGCAPTION)
			x->tree.blocks[i].keep = false;
}

static bool is_heading(const struct block *b)
{
	return b->tag >= LXB_TAG_H2 && b->tag <= LXB_TAG_H4;
}

/* A heading next behind a paragraph of the article, in the same element, with more of the article
 * after it. */
static void keep_headings(struct page_extractor *x)
{
	struct tree *t = &x->tree;
	const struct node *nodes = t->nodes;
	size_t last = 0;

	for (size_t i = 0; i < t->block_count; i++)
		last = t->blocks[i].keep ? i : last;
	for (size_t i = 1; i < last; i++) {
		struct block *b = &t->blocks[i], *before = &t->blocks[i - 1];

		if (!b->keep && is_heading(b) && before->keep && before->tag == LXB_TAG_P &&
		    !b->cues && !b->links && b->chars < 200 &&
		    nodes[b->box].parent == nodes[before->box].parent)
			b->keep = true;
	}
}

/* The smallest element that holds all that is kept. */
static void fit_root(struct page_extractor *x)
{
	const struct tree *t = &x->tree;
	size_t first = STR_NONE, last = 0;

	for (size_t i = 0; i < t->block_count; i++)
		if (t->blocks[i].keep) {
			first = first == STR_NONE ? i : first;
			last = i;
		}
	if (first == STR_NONE)
		return;
	uint32_t at = t->nodes[t->blocks[first].first].parent;
	while (at != 0 && !node_within(t, t->blocks[last].last, at))
		at = t->nodes[at].parent;
	x->root = at;
}

/*
 * Hidden parts are no text of the page, unless they are nearly all of it: a body shown by a script,
 * an unclosed display:none around everything, a page made for browsers without scripts.
 */
static void unhide(struct page_extractor *x)
{
	struct tree *t = &x->tree;
	const uint16_t marks[] = { NODE_HIDDEN, NODE_NOSCRIPT };

	for (size_t m = 0; m < 2; m++) {
		uint32_t shown = 0, hidden = 0;

		for (size_t i = 0; i < t->block_count; i++) {
			const struct block *b = &t->blocks[i];
			if (b->marks == 0 || b->chars < 60 || b->link_chars * 2 > b->chars)
				continue;
			if (b->flags & marks[m])
				hidden += b->chars;
			else if (!(b->flags & (NODE_HIDDEN | NODE_NOSCRIPT)))
				shown += b->chars;
		}
		if (hidden < 600 || shown * 3 > hidden)
			continue;
		for (size_t i = 0; i < t->block_count; i++)
			t->blocks[i].flags &= (uint16_t)~marks[m];
	}
}

void body_choose(struct page_extractor *x)
{
	struct tree *t = &x->tree;
	float *sum = arena_array(x->mem, t->block_count + 1, sizeof(*sum));

	unhide(x);
	for (size_t i = 0; i < t->block_count; i++)
		sum[i + 1] = sum[i] + block_weight(&t->blocks[i]);
	x->root = find_container(x, sum);
	keep_by_rules(x, sum);
	x->feature_page = (struct feature_page){ .sum = sum, .title = feature_title(x) };
	if (x->opt->fragment) {
		drop_repeated(x);
		return;
	}
	if (x->keeps_rows)
		x->rows =
			arena_array(x->mem, (t->block_count + 1) * FEATURE_COUNT, sizeof(*x->rows));
	features_prepare(x, &x->feature_page);
	keep_by_model(x);
	keep_siblings(x);
	keep_headings(x);
	keep_posts(x);
	body_choose_entry(x);
	drop_captions(x);
	fit_root(x);
}

enum { HEAD_BLOCKS = 4, HEAD_CHARS = 100, TEXT_CHARS = 200 };

/* A line above the text that is a field of its own: the title again, a date, who wrote it. */
static bool is_head_line(struct page_extractor *x, const struct block *b)
{
	struct str s = block_text(&x->tree, b), title = x->out->article.title;
	struct date d;

	if (title.len && str_eq_nocase(s, title))
		return true;
	if (b->chars > HEAD_CHARS)
		return false;
	return date_parse(s, 0, &d) ||
	       b->cues & (CUE_BIT(CUE_SHARE) | CUE_BIT(CUE_TOOLS) | CUE_BIT(CUE_DATE));
}

static void trim_head(struct page_extractor *x)
{
	struct tree *t = &x->tree;

	for (size_t i = 0, seen = 0; i < t->block_count && seen < HEAD_BLOCKS; i++) {
		struct block *b = &t->blocks[i];

		if (!b->keep)
			continue;
		seen++;
		if (is_head_line(x, b))
			b->keep = false;
		else if (b->chars >= TEXT_CHARS)
			break;
	}
}

enum { TEASER_CHARS = 25 };

static bool is_in_capitals(struct str s)
{
	size_t upper = 0, lower = 0;

	for (size_t i = 0; i < s.len; i++) {
		upper += s.ptr[i] >= 'A' && s.ptr[i] <= 'Z';
		lower += s.ptr[i] >= 'a' && s.ptr[i] <= 'z';
	}
	return upper >= TEASER_CHARS / 2 && lower * 5 < upper;
}

/* A paragraph that is a link in capitals, all of it, points to another article. */
static void drop_teasers(struct page_extractor *x)
{
	for (size_t i = 0; i < x->tree.block_count; i++) {
		struct block *b = &x->tree.blocks[i];

		if (b->keep && (b->tag == LXB_TAG_P || b->tag == LXB_TAG_DIV) &&
		    b->chars >= TEASER_CHARS && b->link_chars * 10 > b->chars * 9 &&
		    is_in_capitals(block_text(&x->tree, b)))
			b->keep = false;
	}
}

void body_trim(struct page_extractor *x)
{
	struct tree *t = &x->tree;

	if (!x->opt->fragment) {
		trim_head(x);
		drop_teasers(x);
	}

	/* A heading with nothing kept behind it heads nothing. */
	for (size_t i = t->block_count; i-- > 0;) {
		struct block *b = &t->blocks[i];
		if (!b->keep)
			continue;
		if (b->tag < LXB_TAG_H1 || b->tag > LXB_TAG_H6)
			break;
		b->keep = false;
	}
}
