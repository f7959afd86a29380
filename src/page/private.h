/*
 * private - what the files of page share: the page as arrays, the vocabulary, and the steps of an
 * extraction.
 *
 * A page is walked once. What the walk finds stands in two arrays: `nodes` (elements and texts in
 * document order, a subtree is a range) and `blocks` (runs of text no block element interrupts).
 * Every later step is arithmetic on them; only meta and render go back to lexbor's tree.
 */
#ifndef DIBAO_PAGE_PRIVATE_H
#define DIBAO_PAGE_PRIVATE_H

#include <jansson.h>
#include <lexbor/dom/dom.h>
#include <lexbor/html/html.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/list.h"
#include "base/str.h"
#include "page/furniture.h"
#include "page/guard.h"
#include "page/page.h"
#include "page/sanitize.h"

/* ---- vocabulary: src/page/vocab/NAME.txt */

/* What the words of a class, an id, a role ... say about an element. */
enum class_kind {
	CLASS_ARTICLE,
	CLASS_BODY,
	CLASS_BODY_SURE,
	CLASS_MAIN,
	CLASS_NAV,
	CLASS_RELATED,
	CLASS_SHARE,
	CLASS_COMMENT,
	CLASS_AD,
	CLASS_NEWSLETTER,
	CLASS_FOOTER,
	CLASS_HEADER,
	CLASS_META,
	CLASS_AUTHOR,
	CLASS_DATE,
	CLASS_TAGS,
	CLASS_CAPTION,
	CLASS_GALLERY,
	CLASS_SIDEBAR,
	CLASS_COOKIE,
	CLASS_HIDDEN,
	CLASS_BIO,
	CLASS_TITLE,
	CLASS_SUMMARY,
	CLASS_TOC,
	CLASS_TOOLS,
	CLASS_FORM,
	CLASS_PLAYER,
	CLASS_PROMO,
	CLASS_QUOTE,
	CLASS_CARD,
	CLASS_LIST,
	CLASS_PAYWALL,
	CLASS_NOTE,
	CLASS_BREADCRUMB,
	CLASS_WIDGET,
	CLASS_PARAGRAPH,
	CLASS_CREDIT,
	CLASS_FACTS,
	CLASS_LIVE,
	CLASS_DISCLAIMER,
	CLASS_KINDS
};
#define CLASS_BIT(kind) ((uint64_t)1 << (kind))

/* What a short text says about itself. */
enum cue_kind {
	CUE_AD,
	CUE_RELATED,
	CUE_SHARE,
	CUE_NEWSLETTER,
	CUE_COMMENT,
	CUE_COPYRIGHT,
	CUE_CREDIT,
	CUE_BYLINE,
	CUE_FOLLOW,
	CUE_DATE,
	CUE_LOGIN,
	CUE_BIO,
	CUE_COOKIE,
	CUE_TAGS,
	CUE_TOOLS,
	CUE_SUPPORT,
	CUE_NOTE,
	CUE_SOURCE,
	CUE_CONTACT,
	CUE_ERROR,
	CUE_SUMMARY,
	CUE_PAYWALL,
	CUE_KINDS
};
#define CUE_BIT(kind) ((uint32_t)1 << (kind))

const char *class_kind_name(int kind);
const char *cue_kind_name(int kind);

/* The kinds of one attribute's words: "post-body articleText" and "post_body" alike. */
uint64_t vocab_class(struct str value);
/* The cues of a block's text, already squeezed. */
uint32_t vocab_cues(struct str text);
/* The role a credit's label stands for ("譯者", "Photos by"): "translator"; empty: no label of a
 * credit. */
struct str vocab_role(struct str label);
/* Whether a word is in a list: months, publishers' words ... `list` as the file names it. */
bool vocab_in(const char *list, struct str word);
/* Whether a text ends with an entry of a list, as the file writes it. */
bool vocab_ends(const char *list, struct str s);
/* The languages of the list "languages", as bits, whose list of common words has the word. */
uint64_t vocab_stop(struct str word);

struct vocab_list {
	const struct str *items;
	size_t count;
};

/* All entries of a list, in order. */
const struct vocab_list *vocab_list(const char *list);

/* 1: only Traditional Chinese writes the character, 2: only Simplified; from U+4E00. */
enum { LANGUAGE_HAN_COUNT = 0x5200 };
void language_mark_han(uint8_t table[LANGUAGE_HAN_COUNT]);

/* ---- the page as arrays */

enum node_flag {
	NODE_HIDDEN = 1, /* hidden, aria-hidden, display:none */
	NODE_NOSCRIPT = 2,
	NODE_BLOCK = 4, /* a block element */
	NODE_TEXT = 8,
	NODE_KEEP = 16, /* operator's rule */
	NODE_DROP = 32,
	NODE_BUTTON = 64,
	NODE_ITEMBODY = 128, /* itemprop=articleBody */
	NODE_LINK = 256,     /* <a href> */
	/* it has the attribute, whatever it says: most have not, and are not looked through for it
	 */
	NODE_ITEMPROP = 512,
	NODE_REL = 1024,
	NODE_DATED = 2048 /* datetime, pubdate */
};

struct node {
	lxb_dom_node_t *dom;
	uint32_t parent, end;              /* its subtree is [own index, end) */
	uint32_t chars, link_chars, marks; /* of its subtree, hidden parts not counted */
	uint32_t block, block_end;         /* blocks of its subtree */
	uint16_t tag;
	uint16_t depth;
	uint16_t flags; /* enum node_flag; HIDDEN, NOSCRIPT are inherited */
	uint64_t kinds; /* of its own words */
	uint64_t above; /* and of those of all it stands in */
};

struct block {
	uint32_t first, last; /* its first and last text node */
	uint32_t box;         /* the nearest block element */
	uint32_t off, len;    /* its text in tree.text */
	uint32_t chars;       /* characters but spaces; CJK count as two */
	uint32_t link_chars;
	uint32_t strong_chars;
	uint16_t marks; /* sentence ends and commas */
	uint16_t links;
	uint16_t words;
	uint16_t tag; /* what it is: P, H2, LI, TD, PRE, FIGCAPTION, BLOCKQUOTE, DIV ... */
	uint16_t flags;
	uint16_t breaks; /* <br> just before it */
	bool keep;
	uint32_t cues;
	uint64_t kinds; /* own and all above */
	float score;
};

struct tree {
	struct node *nodes;
	size_t count, cap;
	struct block *blocks;
	size_t block_count, block_cap;
	struct buf text;
	uint32_t body; /* index of <body>, or of the root */
	uint32_t total_chars;
};

struct str block_text(const struct tree *t, const struct block *b);

/* ---- one extraction */

/* Fields of JSON-LD, merged over all scripts and nodes. */
struct person_list {
	struct person *items;
	size_t count, cap;
};

struct ld {
	struct str headline, alternative, description, section, language, image, publisher, body,
		url, licence, page_name;
	struct str published, modified;
	struct person_list authors;
	struct strs keywords;
	size_t keyword_cap;
	bool has_article; /* an Article, NewsArticle ... was there */
	bool paywalled;
};

/* Fields of <meta>, <link>, <title>, <html lang>. */
struct meta {
	struct str html_lang, title_tag, og_title, tw_title, meta_title, description, og_site,
		app_name, section, canonical, og_url, image, published, modified, licence,
		publisher, content_language, refresh, og_type;
	struct person_list authors;
	struct strs keywords, news_keywords, tags;
	size_t keyword_cap, news_cap, tag_cap;
	struct strs feeds;
	struct page_feed *feed_items;
	size_t feed_count, feed_cap;
	struct str base;
	size_t ld_count, ld_cap;
	lxb_dom_node_t **ld_scripts;
	lxb_dom_node_t **state_scripts; /* application/json and big assignments: hydration state */
	size_t state_count, state_cap;
};

/* What is known of a block, as numbers (features.c). */
enum feature {
	F_CHARS,
	F_LINKS,
	F_LINK_COUNT,
	F_MARKS,
	F_MARK_RATE,
	F_WORDS,
	F_STRONG,
	F_TAG,
	F_HEADING,
	F_BREAKS,
	F_END,
	F_START,
	F_DIGITS,
	F_UPPER,
	F_TITLE,
	F_SUMMARY,
	F_REPEAT,
	F_LD_BODY,
	F_IN_ROOT,
	F_ROOT_DEPTH,
	F_BEFORE,
	F_AFTER,
	F_PAGE_POS,
	F_BEFORE_H1,
	F_AFTER_H1,
	F_PARENT_SHARE,
	F_GRAND_SHARE,
	F_PARENT_LINKS,
	F_GRAND_LINKS,
	F_PATH_COUNT,
	F_PATH_CHARS,
	F_PATH_LINKS,
	F_PATH_SHARE,
	F_SIBLINGS,
	F_PREV_CHARS,
	F_PREV_LINKS,
	F_PREV_W,
	F_NEXT_CHARS,
	F_NEXT_LINKS,
	F_NEXT_W,
	F_NEXT_HEADING,
	F_PREV_HEADING,
	F_AROUND_W,
	F_AFTER_W,
	F_BEFORE_W,
	F_HEAD_CUES,
	F_HEAD_DISTANCE,
	F_TAIL_CUE,
	F_NEXT_CUES,
	F_PREV_CUES,
	F_IN_ITEMBODY,
	F_IN_SURE,
	F_IN_ARTICLE,
	F_IN_MAIN,
	F_IN_ASIDE,
	F_IN_NAV,
	F_IN_FOOTER,
	F_IN_HEADER,
	F_IN_FORM,
	F_IN_TABLE,
	F_IN_FIGURE,
	F_IN_LIST,
	F_IN_QUOTE,
	F_LIST_LINKS,
	F_LIST_ITEMS,
	F_LIST_CHARS,
	F_DEPTH,
	F_HIDDEN,
	F_NOSCRIPT,
	F_ARTICLE_SHARE,
	F_ARTICLES,
	F_PAGE_BLOCKS,
	F_PAGE_W,
	F_ROOT_SHARE,
	F_FIRST_LINK,
	F_LAST_LINK,
	F_CJK,
	F_CUE_ANY,
	F_KIND_ANY,
	F_REP_COUNT,
	F_REP_ORDER,
	F_REP_SHARE,
	F_REP_GROUP,
	F_REP_DEEP,
	F_REP_DEEP_ORDER,
	F_TITLE_SHARE,
	F_TITLE_DEPTH,
	F_TITLE_SIDE,
	F_RULE,
	F_RULE_SHARE,
	F_SHAPE_COUNT,
	F_SHAPE_SHARE,
	F_SHAPE_ORDER,
	F_SAME_PREV,
	F_SAME_NEXT,
	F_CORE_UP,
	F_CORE_DOWN,
	F_CORE_SIDE,
	F_CORE_SHARE,
	F_STAMP,
	F_STAMPS,
	F_STAMP_DISTANCE,
	F_CUES,
	F_KINDS = F_CUES + CUE_KINDS,
	FEATURE_COUNT = F_KINDS + CLASS_KINDS
};
/* Those of shape.c stand in a row. */
enum { SHAPE_FEATURES = F_STAMP_DISTANCE + 1 - F_SHAPE_COUNT };

struct feature_path {
	uint32_t hash, count, chars, link_chars;
	float weight;
};

/* An element among siblings of the same tag and class that carry text, as comments and teasers do.
 */
struct feature_group {
	uint16_t count, order;
	float weight; /* of all of them */
};

/* Of the page as a whole. */
struct feature_page {
	float *sum; /* running sum of block_weight: block_count + 1 of them */
	float total;
	size_t articles;
	struct feature_path *paths; /* blocks of one class path */
	uint32_t *path_of;
	size_t path_count;
	unsigned char *repeated;
	struct feature_group *groups; /* by node: like siblings */
	struct feature_place *places; /* by depth: of the elements about the block at hand */
	size_t title;                 /* the block of the title, or STR_NONE */
	struct str ld_body;           /* articleBody's letters, looked for in so many blocks */
	size_t ld_blocks;
	float *shapes; /* shape_features */
	/* of the blocks that came so far */
	size_t next, head_distance, tails;
	uint32_t head_cues;
	unsigned char *title_path; /* by node: whether it holds the title's block */
};
struct page_extractor {
	bool keeps_rows; /* for the training: */
	float *rows;     /* features of the page's blocks, in mem */
	struct feature_page feature_page;
	lxb_html_document_t *doc;
	struct guard guard;
	uint8_t han[LANGUAGE_HAN_COUNT]; /* as language_mark_han set it */
	struct sanitizer *sanitizer;
	struct tree tree;
	struct buf scratch;
	struct list steps;                 /* struct sanitize_step: what goes out as HTML */
	struct buf texts;                  /* of those steps */
	const struct furniture *furniture; /* borrowed; NULL: nothing learnt */
	void *class_cache;
	uint32_t root; /* the container of the body */
	/* of the page at hand */
	struct arena *mem;
	const struct page_options *opt;
	struct page_result *out;
	struct meta meta;
	struct ld ld;
	struct str url;        /* what relative links resolve against */
	uint32_t h1;           /* node of the headline, or 0 */
	struct str home_name;  /* what a <h1> calls the site */
	struct str state_date; /* of publication, as the page's data has it */
	bool title_is_weak;    /* nothing but <title> names the page */
	bool title_is_alone;   /* and nothing in the page says what it says */
	bool is_fragment;      /* opt->fragment, for when opt is gone */
	bool from_state;       /* the tree is not the page's markup, but what its data had */
	struct str reporters;  /* named by the dateline: 江映禾、方立人 */
};

/* tree.c: parses UTF-8 and fills x->tree. ERR_LIMIT past the ceilings. */
int tree_parse(struct page_extractor *x, struct str html, struct err *err);
int tree_walk(struct page_extractor *x, struct err *err);
void tree_fini(struct page_extractor *x);
bool tree_is_block(uint16_t tag);
struct str node_attr(const lxb_dom_node_t *node, const char *name);
/* Of an attribute's value; for tables of this process. */
uint64_t attr_hash(struct str s);
struct str node_attr_id(const lxb_dom_node_t *node, lxb_dom_attr_id_t id);
/* The squeezed text of a subtree, in mem. */
struct str node_text(struct page_extractor *x, uint32_t index);
struct str dom_text(struct arena *mem, lxb_dom_node_t *node); /* raw, of one script or title */
struct str script_text(struct page_extractor *x, lxb_dom_node_t *script);
bool node_within(const struct tree *t, uint32_t index, uint32_t ancestor);
bool node_has_above(const struct tree *t, uint32_t index, uint16_t tag);

/* meta.c, jsonld.c: what the page says about itself. */
void meta_read(struct page_extractor *x);
void ld_read(struct page_extractor *x);
json_t *json_lenient(struct arena *mem, struct str s); /* NULL: no JSON, even mended */
void strs_add(struct arena *mem, struct strs *list, size_t *cap, struct str s);
void people_add(struct arena *mem, struct person_list *list, struct str role, struct str name,
		struct str url);

/* title.c, date.c, people.c, topics.c, language.c: fields. */
void field_title(struct page_extractor *x);
void field_title_again(struct page_extractor *x); /* once the body is chosen */
/* Letters and digits only, lower case, in mem: "CNN.com" and "cnn com" are one. */
struct str name_key(struct arena *mem, struct str s);
void field_dates(struct page_extractor *x);
void dateline_read(struct page_extractor *x);
void field_people(struct page_extractor *x);
void field_topics(struct page_extractor *x);
void field_language(struct page_extractor *x);
void field_image(struct page_extractor *x);
void field_rest(struct page_extractor *x);

/* han.c: names as Chinese reports give them. */
bool han_is_name(struct str s); /* and nothing else */
/* The names at the front of a run that ends with the place; empty where it is no such run. */
struct str han_reporters(struct str s, struct str *place);
/* The names in a line that has no label for them; empty: none. */
struct str han_byline(struct str line);

/* "chars", "cue:ad", "class:nav" */
struct str feature_name(int feature, struct arena *mem);
float block_weight(const struct block *b);
/* The block of the headline, or STR_NONE. */
size_t feature_title(const struct page_extractor *x);
/* sum and title are filled. */
void features_prepare(struct page_extractor *x, struct feature_page *fp);
/* The features of the next block, in the order of the page. */
void features_next(struct page_extractor *x, struct feature_page *fp, float *row);

/* shape.c: what a block's making, the element with most of the paragraphs, and lines that begin an
 * entry tell of it. */
float *shape_features(struct page_extractor *x, const struct feature_page *fp);
bool shape_is_stamp(const struct feature_page *fp, size_t block);
/* How a block is made: its element and the one above, with their classes; whether they have any. */
uint64_t shape_of(const struct tree *t, const struct block *b);
/* A clock or a day in figures: 12:40, 2005-03-21, 3/21/05. */
bool text_has_clock(struct str s);
bool shape_is_named(const struct tree *t, const struct block *b);

/* score.c: marks the blocks that are the article (block.keep), and x->root. */
void body_choose(struct page_extractor *x);
/* model.c: how likely a block is the article, by its features: the logarithm of the odds. */
float model_judge(const float *row);

/* Whether two judgements of the same blocks surely come to the same article. */
bool scores_agree(struct arena *mem, const float *a, const float *b, size_t count);

/* furniture.c: what the page at hand teaches; what was learnt as a shift of each block's odds,
 * FURNITURE_REPEATED for a text that repeats. */
#define FURNITURE_REPEATED (-6.0f)
void furniture_lesson(const struct tree *t, struct arena *mem, struct lesson *out);
void furniture_shift(const struct furniture *f, const struct tree *t, float *shift);

/* entries.c: of several texts of one make (entries of a blog, posts, comments), the article's
 * alone. */
void body_choose_entry(struct page_extractor *x);

/* cut.c: line filters and the cut after the article, on what is kept. */
void body_trim(struct page_extractor *x);
/* selector.c: the operator's rules. */
void selector_mark(struct page_extractor *x);
void selector_apply(struct page_extractor *x);
/* render.c: what is kept as text and as HTML. */
void render_text(struct page_extractor *x, struct buf *out);
void render_html(struct page_extractor *x, struct buf *out);
/* state.c: the article as HTML out of the page's JSON, where that has more than so many characters;
 * else empty. */
struct str state_article(struct page_extractor *x, size_t more_than);
/* bytes.c: what bytes are that are no page: "a PDF document"; NULL where they may be one. */
const char *bytes_kind(struct str b);
/* code.c: "a style sheet", as bytes_kind; for whole pages only: a post may be code. */
const char *code_kind(struct str b);
/* kind.c: what stands in place of an article. */
enum page_kind kind_judge(struct page_extractor *x);

#endif
