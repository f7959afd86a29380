/*
 * features - what is known of a block before it is judged, as numbers: its text, its place, its
 * neighbours, its kind.
 *
 * The judgement (model.c) names features as feature_name does. A new one goes at the end of its
 * group; the model is then to be trained again (docs/HACKING.md).
 */
#include <math.h>
#include <string.h>

#include "page/private.h"
#include "text/utf8.h"

static float log2_of(float n)
{
	return log2f(1 + n);
}

float block_weight(const struct block *b)
{
	static const uint64_t aside =
		CLASS_BIT(CLASS_NAV) | CLASS_BIT(CLASS_RELATED) | CLASS_BIT(CLASS_COMMENT) |
		CLASS_BIT(CLASS_AD) | CLASS_BIT(CLASS_NEWSLETTER) | CLASS_BIT(CLASS_FOOTER) |
		CLASS_BIT(CLASS_SIDEBAR) | CLASS_BIT(CLASS_COOKIE) | CLASS_BIT(CLASS_BIO) |
		CLASS_BIT(CLASS_TOC) | CLASS_BIT(CLASS_BREADCRUMB) | CLASS_BIT(CLASS_CAPTION) |
		CLASS_BIT(CLASS_TAGS) | CLASS_BIT(CLASS_SHARE);

	if (b->chars < 20 || b->flags & (NODE_HIDDEN | NODE_NOSCRIPT | NODE_BUTTON))
		return 0;
	float links = (float)b->link_chars / (float)b->chars,
	      w = (float)b->chars * (1 - links) * (1 - links);

	if (b->marks == 0)
		w *= 0.2f;
	if (b->kinds & aside)
		w *= 0.2f;
	/* A cell of a table that is the page's layout holds paragraphs. */
	if (b->tag == LXB_TAG_LI || (b->tag == LXB_TAG_TD && (b->chars < 120 || b->marks < 3)))
		w *= 0.6f;
	else if (b->tag != LXB_TAG_P && b->tag != LXB_TAG_DIV && b->tag != LXB_TAG_TD)
		w *= 0.4f;
	return w;
}

static float tag_code(uint16_t tag)
{
	switch (tag) {
	case LXB_TAG_P: return 10;
	case LXB_TAG_DIV: return 9;
	case LXB_TAG_BLOCKQUOTE: return 8;
	case LXB_TAG_PRE: return 7;
	case LXB_TAG_LI: return 6;
	case LXB_TAG_DD:
	case LXB_TAG_DT: return 5;
	case LXB_TAG_TD:
	case LXB_TAG_TH: return 4;
	case LXB_TAG_H1:
	case LXB_TAG_H2:
	case LXB_TAG_H3:
	case LXB_TAG_H4:
	case LXB_TAG_H5:
	case LXB_TAG_H6: return 3;
	case LXB_TAG_FIGCAPTION:
	case LXB_TAG_CAPTION: return 2;
	default: return 1;
	}
}

/* How the text ends: 4 a sentence, 3 a colon, 2 "...", 1 a quote or bracket, 0 otherwise. */
static float end_code(struct str s)
{
	if (s.len == 0)
		return 0;
	size_t i = s.len - 1;
	while (i > 0 && ((unsigned char)s.ptr[i] & 0xC0) == 0x80)
		i--;
	size_t at = i;
	uint32_t c = utf8_next(s, &at);
	switch (c) {
	case '.': return s.len > 3 && s.ptr[s.len - 2] == '.' ? 2 : 4;
	case '!':
	case '?':
	case 0x3002:
	case 0xFF01:
	case 0xFF1F:
	case 0x964:
	case 0x61F:
	case 0x6D4: return 4;
	case ':':
	case 0xFF1A: return 3;
	case 0x2026: return 2;
	case '"':
	case ')':
	case '\'':
	case 0x201D:
	case 0x300D:
	case 0xFF09:
	case 0xBB:
	case 0x2019:
	case ']': return 1;
	default: return 0;
	}
}

/* How it starts: 3 an upper-case letter, 2 lower, 1 a digit, 0 a mark, 4 another script. */
static float start_code(struct str s)
{
	if (s.len == 0)
		return 0;
	size_t i = 0;
	uint32_t c = utf8_next(s, &i);
	if (c >= 'A' && c <= 'Z')
		return 3;
	if (c >= 'a' && c <= 'z')
		return 2;
	if (c >= '0' && c <= '9')
		return 1;
	return c >= 0xC0 && !(c >= 0x2000 && c < 0x2E80) && !(c >= 0x3000 && c < 0x3040) ? 4 : 0;
}

static bool starts_alike(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;

	n = n > 60 ? 60 : n;
	return n >= 12 && memcmp(a.ptr, b.ptr, n) == 0;
}

/* Bytes of a text by their kind. */
struct byte_counts {
	size_t digits, upper, wide; /* wide: the first of three that are mostly a Han character */
};

static struct byte_counts count_bytes(struct str s)
{
	enum {
		PIECE = 255
	}; /* so many fit into the counters of a byte, which the compiler adds
	      sixteen at a time */
	struct byte_counts n = { 0 };

	for (; s.len; s = str_from(s, PIECE)) {
		size_t piece = s.len < PIECE ? s.len : PIECE;
		uint8_t digits = 0, upper = 0, wide = 0;

		for (size_t i = 0; i < piece; i++) {
			uint8_t ch = (uint8_t)s.ptr[i];

			digits = (uint8_t)(digits + ((uint8_t)(ch - '0') < 10));
			upper = (uint8_t)(upper + ((uint8_t)(ch - 'A') < 26));
			wide = (uint8_t)(wide + ((uint8_t)(ch - 0xE3) < 7));
		}
		n.digits += digits;
		n.upper += upper;
		n.wide += wide;
	}
	return n;
}

static void own_features(struct page_extractor *x, const struct block *b, float *f)
{
	struct str s = block_text(&x->tree, b);
	struct byte_counts n = count_bytes(s);
	float chars = b->chars ? (float)b->chars : 1;

	f[F_CHARS] = (float)b->chars;
	f[F_LINKS] = (float)b->link_chars / chars;
	f[F_LINK_COUNT] = b->links;
	f[F_MARKS] = b->marks;
	f[F_MARK_RATE] = (float)b->marks * 100 / chars;
	f[F_WORDS] = b->words;
	f[F_STRONG] = (float)b->strong_chars / chars;
	f[F_TAG] = tag_code(b->tag);
	f[F_HEADING] =
		b->tag >= LXB_TAG_H1 && b->tag <= LXB_TAG_H6 ? (float)(b->tag - LXB_TAG_H1 + 1) : 0;
	f[F_BREAKS] = b->breaks;
	f[F_END] = end_code(s);
	f[F_START] = start_code(s);
	f[F_DIGITS] = (float)n.digits / chars;
	f[F_UPPER] = (float)n.upper / chars;
	struct str title = x->out->article.title;
	f[F_TITLE] = title.len && (str_eq_nocase(s, title) || starts_alike(s, title));
	f[F_SUMMARY] = starts_alike(s, x->meta.description) || starts_alike(s, x->ld.description);
	f[F_CJK] = n.wide * 3 > s.len;
	f[F_CUE_ANY] = b->cues != 0;
	f[F_HIDDEN] = (b->flags & NODE_HIDDEN) != 0;
	f[F_NOSCRIPT] = (b->flags & NODE_NOSCRIPT) != 0;
	f[F_FIRST_LINK] = b->link_chars && x->tree.nodes[b->first].link_chars > 0;
	f[F_LAST_LINK] = b->link_chars && x->tree.nodes[b->last].link_chars > 0;
	for (uint32_t cues = b->cues; cues; cues &= cues - 1)
		f[F_CUES + __builtin_ctz(cues)] = 1;
}

enum { IN = F_IN_ITEMBODY, IN_COUNT = F_IN_QUOTE + 1 - IN };

/*
 * What an element and all above it say of what stands in them. A block's is that of the parent of
 * its first text; blocks come in the order of the document, so that those of the way down to the
 * last one are kept, by depth, and most of the way to the next is there already.
 */
struct feature_place {
	uint32_t node;
	uint32_t list, article; /* the nearest */
	uint32_t titled;        /* the nearest that holds the headline */
	uint32_t outer, inner;  /* groups of like siblings */
	uint64_t kinds;
	uint64_t local; /* of what holds no more than half of the page's weight */
	uint64_t
		apart; /* of what holds more, but not the title: ten times its length of comments */
	float in[IN_COUNT];
};

/* The outermost of several says how much of the page it holds. */
static void mark_once(float *in, float mark)
{
	if (*in == 0)
		*in = mark;
}

/* What the element by itself adds. */
static void enter_place(const struct tree *t, const struct feature_page *fp, uint32_t i,
			struct feature_place *p)
{
	const struct node *n = &t->nodes[i];
	float w = fp->sum[n->block_end] - fp->sum[n->block], *in = p->in,
	      large = w > 0.5f * fp->total ? 1 : 2;

	p->node = i;
	p->kinds |= n->kinds;
	if (w <= 0.5f * fp->total)
		p->local |= n->kinds;
	else if (!fp->title_path[i])
		p->apart |= n->kinds;
	switch (n->tag) {
	case LXB_TAG_ARTICLE:
		in[F_IN_ARTICLE - IN] += 1;
		p->article = i;
		break;
	case LXB_TAG_MAIN: in[F_IN_MAIN - IN] = 1; break;
	case LXB_TAG_ASIDE: mark_once(&in[F_IN_ASIDE - IN], large); break;
	case LXB_TAG_NAV: in[F_IN_NAV - IN] = 1; break;
	case LXB_TAG_FOOTER: mark_once(&in[F_IN_FOOTER - IN], large); break;
	case LXB_TAG_HEADER: mark_once(&in[F_IN_HEADER - IN], large); break;
	case LXB_TAG_FORM: mark_once(&in[F_IN_FORM - IN], large); break;
	case LXB_TAG_TABLE: mark_once(&in[F_IN_TABLE - IN], large); break;
	case LXB_TAG_FIGURE: in[F_IN_FIGURE - IN] = 1; break;
	case LXB_TAG_BLOCKQUOTE: in[F_IN_QUOTE - IN] = 1; break;
	case LXB_TAG_UL:
	case LXB_TAG_OL:
	case LXB_TAG_DL:
		in[F_IN_LIST - IN] += 1;
		p->list = i;
		break;
	default: break;
	}
	if (n->flags & NODE_ITEMBODY)
		in[F_IN_ITEMBODY - IN] = 1;
	if (n->kinds & CLASS_BIT(CLASS_BODY_SURE) && w > 0.25f * fp->total)
		in[F_IN_SURE - IN] = 1;
	if (fp->groups[i].count >= 2) {
		p->outer = p->outer ? p->outer : i;
		p->inner = i;
	}
	if (fp->title_path[i])
		p->titled = i;
}

static const struct feature_place *place_of(const struct tree *t, const struct feature_page *fp,
					    uint32_t node)
{
	size_t depth = t->nodes[node].depth;
	size_t known = depth;

	for (uint32_t i = node; i != 0 && fp->places[known].node != i; i = t->nodes[i].parent)
		fp->places[known--].node = i;
	for (; known < depth; known++) {
		uint32_t i = fp->places[known + 1].node;

		fp->places[known + 1] = fp->places[known];
		enter_place(t, fp, i, &fp->places[known + 1]);
	}
	return &fp->places[depth];
}

static void place_features(struct page_extractor *x, const struct block *b,
			   const struct feature_place *p, float *f)
{
	const struct tree *t = &x->tree;

	memcpy(&f[F_IN_ITEMBODY], p->in, sizeof(p->in));
	for (uint64_t kinds = p->kinds; kinds; kinds &= kinds - 1) {
		int k = __builtin_ctzll(kinds);

		f[F_KINDS + k] = p->local & CLASS_BIT(k) ? 2 : p->apart & CLASS_BIT(k) ? 3 : 1;
	}
	f[F_KIND_ANY] = p->local != 0;
	if (p->list) {
		const struct node *n = &t->nodes[p->list];
		float items = (float)(n->block_end - n->block);

		f[F_LIST_LINKS] = n->chars ? (float)n->link_chars / (float)n->chars : 0;
		f[F_LIST_ITEMS] = items;
		f[F_LIST_CHARS] = items > 0 ? (float)n->chars / items : 0;
	}
	f[F_DEPTH] = t->nodes[b->box].depth;
}

static float weight_of(const struct tree *t, const struct feature_page *fp, uint32_t node)
{
	return fp->sum[t->nodes[node].block_end] - fp->sum[t->nodes[node].block];
}

static void container_features(struct page_extractor *x, const struct feature_page *fp,
			       size_t index, const struct feature_place *place, float *f)
{
	const struct tree *t = &x->tree;
	const struct block *b = &t->blocks[index];
	uint32_t parent = t->nodes[b->box].parent, grand = t->nodes[parent].parent;
	const struct node *p = &t->nodes[parent], *g = &t->nodes[grand], *root = &t->nodes[x->root];
	float total = fp->total > 1 ? fp->total : 1;
	float root_w = fp->sum[root->block_end] - fp->sum[root->block];

	f[F_IN_ROOT] = index >= root->block && index < root->block_end;
	f[F_ROOT_DEPTH] =
		f[F_IN_ROOT] != 0 ? (float)t->nodes[b->box].depth - (float)root->depth : -1;
	f[F_BEFORE] = fp->sum[index] / total;
	f[F_AFTER] = (fp->sum[t->block_count] - fp->sum[index + 1]) / total;
	f[F_PAGE_POS] = (float)index / (float)t->block_count;
	f[F_ROOT_SHARE] = root_w / total;
	size_t h1 = x->h1 ? t->nodes[x->h1].block : 0;
	f[F_BEFORE_H1] = x->h1 && index < h1;
	f[F_AFTER_H1] = x->h1 ? (float)index - (float)h1 : 0;
	f[F_PARENT_SHARE] = (fp->sum[p->block_end] - fp->sum[p->block]) / total;
	f[F_GRAND_SHARE] = (fp->sum[g->block_end] - fp->sum[g->block]) / total;
	f[F_PARENT_LINKS] = p->chars ? (float)p->link_chars / (float)p->chars : 0;
	f[F_GRAND_LINKS] = g->chars ? (float)g->link_chars / (float)g->chars : 0;
	f[F_SIBLINGS] = (float)(p->block_end - p->block);
	f[F_ARTICLES] = (float)fp->articles;
	f[F_PAGE_BLOCKS] = log2_of((float)t->block_count);
	f[F_PAGE_W] = log2_of(fp->total);
	if (place->article)
		f[F_ARTICLE_SHARE] = weight_of(t, fp, place->article) / total;
	const struct feature_path *path = &fp->paths[fp->path_of[index]];
	float n = path->count ? (float)path->count : 1;
	f[F_PATH_COUNT] = (float)path->count;
	f[F_PATH_CHARS] = (float)path->chars / n;
	f[F_PATH_LINKS] = path->chars ? (float)path->link_chars / (float)path->chars : 0;
	f[F_PATH_SHARE] = path->weight / total;
	f[F_REPEAT] = fp->repeated[index];
}

static void neighbour_features(struct page_extractor *x, const struct feature_page *fp, size_t i,
			       float *f)
{
	const struct tree *t = &x->tree;
	size_t n = t->block_count;

	if (i > 0) {
		const struct block *p = &t->blocks[i - 1];
		f[F_PREV_CHARS] = (float)p->chars;
		f[F_PREV_LINKS] = p->chars ? (float)p->link_chars / (float)p->chars : 0;
		f[F_PREV_W] = fp->sum[i] - fp->sum[i - 1];
		f[F_PREV_HEADING] = p->tag >= LXB_TAG_H1 && p->tag <= LXB_TAG_H6;
		f[F_PREV_CUES] = p->cues != 0;
	}
	if (i + 1 < n) {
		const struct block *p = &t->blocks[i + 1];
		f[F_NEXT_CHARS] = (float)p->chars;
		f[F_NEXT_LINKS] = p->chars ? (float)p->link_chars / (float)p->chars : 0;
		f[F_NEXT_W] = fp->sum[i + 2] - fp->sum[i + 1];
		f[F_NEXT_HEADING] = p->tag >= LXB_TAG_H1 && p->tag <= LXB_TAG_H6;
		f[F_NEXT_CUES] = p->cues != 0;
	}
	size_t from = i > 5 ? i - 5 : 0, to = i + 6 < n ? i + 6 : n;
	f[F_AROUND_W] = fp->sum[to] - fp->sum[from];
	f[F_AFTER_W] = fp->sum[i + 4 < n ? i + 4 : n] - fp->sum[i + 1];
	f[F_BEFORE_W] = fp->sum[i] - fp->sum[i > 3 ? i - 3 : 0];
}

/* The last heading's cues, and how many cues of furniture headings came inside the container so
 * far. */
static void heading_features(struct page_extractor *x, struct feature_page *fp, size_t index,
			     float *f)
{
	static const uint32_t tail = CUE_BIT(CUE_RELATED) | CUE_BIT(CUE_COMMENT) |
				     CUE_BIT(CUE_SHARE) | CUE_BIT(CUE_NEWSLETTER) |
				     CUE_BIT(CUE_TAGS) | CUE_BIT(CUE_BIO) | CUE_BIT(CUE_FOLLOW) |
				     CUE_BIT(CUE_CONTACT);
	const struct tree *t = &x->tree;
	const struct block *b = &t->blocks[index];
	bool heading = b->tag >= LXB_TAG_H1 && b->tag <= LXB_TAG_H6;
	bool label = b->chars < 60 && b->cues & tail;

	f[F_HEAD_CUES] = fp->head_cues & tail ? 2 : fp->head_cues != 0;
	f[F_HEAD_DISTANCE] = (float)(fp->head_distance < 50 ? fp->head_distance : 50);
	f[F_TAIL_CUE] = (float)(fp->tails < 20 ? fp->tails : 20);
	fp->head_distance++;
	if (heading || label) {
		fp->head_cues = b->cues;
		fp->head_distance = 0;
	}
	if (index >= t->nodes[x->root].block)
		fp->tails += label;
}

static uint32_t path_hash(const struct tree *t, const struct block *b)
{
	uint32_t h = 2166136261u;
	int up = 0;

	for (uint32_t i = b->box; i != 0 && up < 4; i = t->nodes[i].parent, up++) {
		h = (h ^ t->nodes[i].tag) * 16777619u;
		h = (h ^ (uint32_t)t->nodes[i].kinds) * 16777619u;
		h = (h ^ (uint32_t)(t->nodes[i].kinds >> 32)) * 16777619u;
	}
	return h;
}

/* The hash is no secret: past these a text is taken for new, so that no page can make every look a
 * long one. */
enum { MAX_PROBES = 64 };

/* Groups blocks by path and marks texts seen before on the page, by open addressing over both
 * hashes. */
static void group_blocks(struct page_extractor *x, struct feature_page *fp)
{
	const struct tree *t = &x->tree;
	size_t slots = 64;

	while (slots < t->block_count * 2)
		slots *= 2;
	uint32_t *by_path = arena_array(x->mem, slots, sizeof(*by_path)),
		 *by_text = arena_array(x->mem, slots, sizeof(*by_text));
	for (size_t i = 0; i < t->block_count; i++) {
		const struct block *b = &t->blocks[i];
		uint32_t h = path_hash(t, b);
		size_t at = h & (slots - 1);

		while (by_path[at] && fp->paths[by_path[at] - 1].hash != h)
			at = (at + 1) & (slots - 1);
		if (!by_path[at]) {
			fp->paths[fp->path_count].hash = h;
			by_path[at] = (uint32_t)++fp->path_count;
		}
		fp->path_of[i] = by_path[at] - 1;
		struct feature_path *p = &fp->paths[fp->path_of[i]];
		p->count++;
		p->chars += b->chars;
		p->link_chars += b->link_chars;
		p->weight += fp->sum[i + 1] - fp->sum[i];
		struct str s = block_text(t, b);
		int probes = 0;
		at = attr_hash(s) & (slots - 1);
		while (by_text[at] && probes < MAX_PROBES &&
		       !str_eq(block_text(t, &t->blocks[by_text[at] - 1]), s)) {
			at = (at + 1) & (slots - 1);
			probes++;
		}
		if (by_text[at] && probes < MAX_PROBES) {
			fp->repeated[i] = 2;
			if (!fp->repeated[by_text[at] - 1])
				fp->repeated[by_text[at] - 1] = 1;
		} else if (!by_text[at])
			by_text[at] = (uint32_t)i + 1;
	}
}

/* What an articleBody may be searched for all blocks: a page's of 100 KB for 10,000 blocks. */
enum { MAX_LD_BYTES = 1 << 20, MAX_LD_STEPS = 1 << 30 };

static bool is_of_key(char ch)
{
	return ch_is_alnum(ch) || (unsigned char)ch >= 0xC3;
}

/* JSON-LD's articleBody, white space and marks apart. */
static void fold_ld_body(struct page_extractor *x, struct feature_page *fp)
{
	struct str body = str_sub(x->ld.body, 0, MAX_LD_BYTES);

	if (body.len < 200)
		return;
	char *key = arena_alloc(x->mem, body.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < body.len; i++)
		if (is_of_key(body.ptr[i]))
			key[n++] = body.ptr[i];
	fp->ld_body = str_n(key, n);
	fp->ld_blocks = MAX_LD_STEPS / (n + 1);
}

/* Whether a block stands in it: by its first characters. */
static void ld_features(const struct feature_page *fp, size_t index, struct str s, float *f)
{
	char piece[64];
	size_t len = 0;

	if (!fp->ld_body.ptr || index >= fp->ld_blocks)
		return;
	for (size_t k = 0; k < s.len && len < 40; k++)
		if (is_of_key(s.ptr[k]))
			piece[len++] = s.ptr[k];
	f[F_LD_BODY] = len < 12 ? 1 : str_contains(fp->ld_body, str_n(piece, len)) ? 3 : 2;
}

static uint32_t look_hash(const struct node *n)
{
	struct str class = node_attr_id(n->dom, LXB_DOM_ATTR_CLASS);
	uint32_t h = 2166136261u ^ n->tag;

	/* Letters only: "comment-17 odd" and "comment-18 even" should be alike, but parity words
	 * differ; the first word decides. */
	for (size_t i = 0; i < class.len && !ch_is_space(class.ptr[i]); i++)
		if (!ch_is_digit(class.ptr[i]))
			h = (h ^ (uint8_t) class.ptr[i]) * 16777619u;
	return h;
}

enum { GROUP_MIN_CHARS = 60, GROUP_MAX_CHILDREN = 400 };

/* Like siblings among the children of one node. */
static void group_children(const struct tree *t, struct feature_page *fp, uint32_t parent)
{
	uint32_t index[GROUP_MAX_CHILDREN], hash[GROUP_MAX_CHILDREN];
	size_t n = 0;

	for (uint32_t i = parent + 1; i < t->nodes[parent].end && n < GROUP_MAX_CHILDREN;
	     i = t->nodes[i].end) {
		const struct node *k = &t->nodes[i];
		if (!(k->flags & NODE_BLOCK) || k->chars < GROUP_MIN_CHARS || k->tag == LXB_TAG_P ||
		    (k->tag >= LXB_TAG_H1 && k->tag <= LXB_TAG_H6))
			continue;
		index[n] = i;
		hash[n++] = look_hash(k);
	}
	for (size_t a = 0; a < n; a++) {
		struct feature_group *g = &fp->groups[index[a]];
		if (g->count)
			continue;
		uint16_t count = 0;
		float weight = 0;
		for (size_t b = a; b < n; b++)
			if (hash[b] == hash[a]) {
				const struct node *k = &t->nodes[index[b]];
				fp->groups[index[b]].order = count++;
				weight += fp->sum[k->block_end] - fp->sum[k->block];
			}
		for (size_t b = a; b < n; b++)
			if (hash[b] == hash[a]) {
				fp->groups[index[b]].count = count;
				fp->groups[index[b]].weight = weight;
			}
	}
}

static void group_nodes(struct page_extractor *x, struct feature_page *fp)
{
	const struct tree *t = &x->tree;

	fp->groups = arena_array(x->mem, t->count + 1, sizeof(*fp->groups));
	for (uint32_t i = t->body; i < t->count; i++)
		if (t->nodes[i].block_end - t->nodes[i].block >= 2 &&
		    t->nodes[i].flags & NODE_BLOCK)
			group_children(t, fp, i);
}

/* The outermost and the innermost group of like siblings a block stands in; where it stands to the
 * title. */
static void group_features(struct page_extractor *x, const struct feature_page *fp, size_t index,
			   const struct feature_place *place, float *f)
{
	const struct tree *t = &x->tree;
	float total = fp->total > 1 ? fp->total : 1;

	if (place->outer) {
		const struct feature_group *outer = &fp->groups[place->outer],
					   *inner = &fp->groups[place->inner];

		f[F_REP_COUNT] = outer->count;
		f[F_REP_ORDER] = outer->order;
		f[F_REP_SHARE] =
			outer->weight > 0 ? weight_of(t, fp, place->outer) / outer->weight : 0;
		f[F_REP_GROUP] = outer->weight / total;
		f[F_REP_DEEP] = inner->count;
		f[F_REP_DEEP_ORDER] = inner->order;
	}
	f[F_TITLE_DEPTH] = -1;
	if (fp->title == STR_NONE)
		return;
	f[F_TITLE_SHARE] = weight_of(t, fp, place->titled) / total;
	f[F_TITLE_DEPTH] = (float)(t->nodes[place->node].depth - t->nodes[place->titled].depth);
	f[F_TITLE_SIDE] = (float)index - (float)fp->title;
}

size_t feature_title(const struct page_extractor *x)
{
	const struct tree *t = &x->tree;
	struct str title = x->out->article.title;

	if (x->h1 && t->nodes[x->h1].block < t->nodes[x->h1].block_end)
		return t->nodes[x->h1].block;
	for (size_t i = 0; i < t->block_count && title.len; i++)
		if (str_eq_nocase(block_text(t, &t->blocks[i]), title))
			return i;
	return STR_NONE;
}

/* What the rules by hand (score.c) would keep, and their share around. */
static void rule_features(struct page_extractor *x, size_t index, float *f)
{
	const struct tree *t = &x->tree;
	size_t from = index > 5 ? index - 5 : 0,
	       to = index + 6 < t->block_count ? index + 6 : t->block_count;
	float kept = 0;

	for (size_t k = from; k < to; k++)
		kept += t->blocks[k].keep;
	f[F_RULE] = t->blocks[index].keep;
	f[F_RULE_SHARE] = kept / (float)(to - from);
}

static size_t deepest(const struct tree *t)
{
	size_t depth = 0;

	for (size_t i = 0; i < t->block_count; i++) {
		size_t d = t->nodes[t->blocks[i].first].depth;

		depth = d > depth ? d : depth;
	}
	return depth;
}

void features_prepare(struct page_extractor *x, struct feature_page *fp)
{
	struct tree *t = &x->tree;

	fp->total = fp->sum[t->block_count];
	fp->paths = arena_array(x->mem, t->block_count + 1, sizeof(*fp->paths));
	fp->path_of = arena_array(x->mem, t->block_count + 1, sizeof(*fp->path_of));
	fp->repeated = arena_array(x->mem, t->block_count + 1, 1);
	for (uint32_t i = 1; i < t->count; i++)
		fp->articles +=
			t->nodes[i].tag == LXB_TAG_ARTICLE && !(t->nodes[i].flags & NODE_TEXT);
	fp->title_path = arena_array(x->mem, t->count + 1, 1);
	for (uint32_t i = fp->title == STR_NONE ? 0 : t->blocks[fp->title].box; i != 0;
	     i = t->nodes[i].parent)
		fp->title_path[i] = 1;
	group_blocks(x, fp);
	group_nodes(x, fp);
	fp->shapes = shape_features(x, fp);
	fp->places = arena_array(x->mem, deepest(t) + 1, sizeof(*fp->places));
	fold_ld_body(x, fp);
}

void features_next(struct page_extractor *x, struct feature_page *fp, float *f)
{
	const struct tree *t = &x->tree;
	size_t i = fp->next++;
	const struct block *b = &t->blocks[i];
	const struct feature_place *place = place_of(t, fp, t->nodes[b->first].parent);

	memset(f, 0, FEATURE_COUNT * sizeof(*f));
	own_features(x, b, f);
	place_features(x, b, place, f);
	container_features(x, fp, i, place, f);
	neighbour_features(x, fp, i, f);
	group_features(x, fp, i, place, f);
	heading_features(x, fp, i, f);
	ld_features(fp, i, block_text(t, b), f);
	rule_features(x, i, f);
	memcpy(&f[F_SHAPE_COUNT], fp->shapes + i * SHAPE_FEATURES, SHAPE_FEATURES * sizeof(*f));
}
