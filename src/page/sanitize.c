/*
 * lexbor parses the fragment as a browser would (guard.h bounds it), the tree is walked once, and
 * what may stay is written anew (writer.h). Nothing of the input's markup is copied: only text, and
 * attributes checked one by one.
 *
 * Ids are kept where a link of the same fragment leads to them, under a prefix of ours, so that
 * they cannot clash with the page's own. Whether a link and its target both survive is known only
 * at the end: then the fragment is written again with those that did, until none is missing.
 */
#include "page/sanitize.h"

#include <string.h>

#include <lexbor/html/html.h>

#include "base/map.h"
#include "base/mem.h"
#include "page/address.h"
#include "page/attrs.h"
#include "page/embed.h"
#include "page/guard.h"
#include "page/image.h"
#include "page/rules.h"
#include "page/writer.h"
#include "text/url.h"
#include "text/utf8.h"

#define ID_PREFIX "in-"

enum {
	MAX_ID = 100,
	MAX_ROUNDS = 4,         /* of writing again for ids; then without any */
	MAX_NOSCRIPT = 1 << 16, /* bytes of escaped markup read out of one <noscript> */
	NEAR_NODES = 64         /* looked through for an image beside a <noscript> */
};

struct anchor {
	bool wanted;          /* a link leads to it */
	bool there;           /* an element has it */
	bool linked, written; /* and both were written in this round */
};

struct sanitizer {
	lxb_html_parser_t *parser;
	lxb_html_document_t *document;
	struct guard guard;
	struct writer writer;
	struct arena arena;
	struct map anchors;                 /* by id with prefix; of this fragment */
	const struct sanitize_steps *steps; /* what is walked; NULL: a tree */
	uint32_t ends[WRITER_MAX_DEPTH];    /* of the steps that the writer has open */
	bool plain;
	struct str base;
	struct str base_page; /* base without its fragment; empty: none */
};

struct sanitizer *sanitize_new(void)
{
	struct sanitizer *s = mem_alloc(sizeof(*s));

	s->parser = lxb_html_parser_create();
	s->document = lxb_html_document_create();
	if (!s->document || lxb_html_parser_init(s->parser) != LXB_STATUS_OK)
		mem_alloc((size_t)-1 /
			  4); /* out of memory: ends the process with the usual words */
	guard_init(&s->guard);
	writer_init(&s->writer);
	arena_init(&s->arena);
	return s;
}

void sanitize_free(struct sanitizer **sp)
{
	struct sanitizer *s = *sp;

	if (!s)
		return;
	lxb_html_document_destroy(s->document);
	guard_fini(&s->guard);
	lxb_html_parser_destroy(s->parser);
	writer_fini(&s->writer);
	arena_fini(&s->arena);
	mem_free(s);
	*sp = NULL;
}

void sanitize_set_plain(struct sanitizer *s, bool plain)
{
	s->plain = plain;
}

static bool is_element(const lxb_dom_node_t *node, lxb_tag_id_t tag)
{
	return node->type == LXB_DOM_NODE_TYPE_ELEMENT && node->local_name == tag &&
	       node->ns == LXB_NS_HTML;
}

static struct str text_of(lxb_dom_node_t *node)
{
	const lexbor_str_t *data = &((lxb_dom_character_data_t *)node)->data;

	return str_n((const char *)data->data, data->length);
}

/* For elements that lexbor has no number for. */
static bool is_named(lxb_dom_node_t *node, struct str name)
{
	const lxb_char_t *p;
	size_t len = 0;

	if (node->type != LXB_DOM_NODE_TYPE_ELEMENT)
		return false;
	p = lxb_dom_element_local_name(lxb_dom_interface_element(node), &len);
	return str_eq(str_n((const char *)p, len), name);
}

/* The next in document order that is not in node; NULL at the end of root. */
static lxb_dom_node_t *after_node(lxb_dom_node_t *node, const lxb_dom_node_t *root)
{
	while (node != root && !node->next)
		node = node->parent;
	return node == root ? NULL : node->next;
}

static lxb_dom_node_t *next_node(lxb_dom_node_t *node, const lxb_dom_node_t *root)
{
	return node->first_child ? node->first_child : after_node(node, root);
}

/* --- ids
 * ------------------------------------------------------------------------------------------------
 */

/* The id as we write it; empty where it is none we write. */
static struct str id_written(struct sanitizer *s, struct str id)
{
	if (!id.len || id.len > MAX_ID)
		return str_n(NULL, 0);
	for (size_t i = 0; i < id.len; i++) {
		char ch = id.ptr[i];

		if (!ch_is_alnum(ch) && ch != '-' && ch != '_' && ch != '.' && ch != ':')
			return str_n(NULL, 0);
	}
	if (str_has_prefix(id, S(ID_PREFIX)))
		return id;
	return arena_strf(&s->arena, ID_PREFIX "%.*s", STR_FMT(id));
}

/* The id a link inside the fragment leads to; empty for any other link. */
static struct str id_linked(struct sanitizer *s, struct str href)
{
	href = address_stripped(&s->arena, href);
	if (s->base_page.len && str_has_prefix(href, s->base_page))
		href = str_from(href, s->base_page.len);
	if (href.len < 2 || *href.ptr != '#')
		return str_n(NULL, 0);
	return id_written(s, url_unescape(&s->arena, str_from(href, 1)));
}

static struct str id_of(struct sanitizer *s, lxb_dom_element_t *el)
{
	struct str id = attr_of(el, S("id"));

	if (!id.len && is_element(lxb_dom_interface_node(el), LXB_TAG_A))
		id = attr_of(el, S("name"));
	return id_written(s, id);
}

static struct anchor *anchor_put(struct sanitizer *s, struct str id)
{
	void **place;

	if (!s->anchors.cap)
		map_init(&s->anchors);
	place = map_put(&s->anchors, id);
	if (!*place)
		*place = arena_alloc(&s->arena, sizeof(struct anchor));
	return *place;
}

static struct anchor *anchor_get(struct sanitizer *s, struct str id)
{
	void **place = s->anchors.count && id.len ? map_get(&s->anchors, id) : NULL;

	return place ? *place : NULL;
}

static void want_anchor(struct sanitizer *s, lxb_dom_node_t *link)
{
	struct str id = id_linked(s, attr_of(lxb_dom_interface_element(link), S("href")));

	if (id.len)
		anchor_put(s, id)->wanted = true;
}

static void see_anchor(struct sanitizer *s, lxb_dom_node_t *element)
{
	struct anchor *a = anchor_get(s, id_of(s, lxb_dom_interface_element(element)));

	if (a)
		a->there = true;
}

static void find_anchors(struct sanitizer *s, lxb_dom_node_t *root)
{
	for (lxb_dom_node_t *n = root; n; n = next_node(n, root))
		if (is_element(n, LXB_TAG_A))
			want_anchor(s, n);
	if (!s->anchors.count)
		return;
	for (lxb_dom_node_t *n = root; n; n = next_node(n, root))
		if (n->type == LXB_DOM_NODE_TYPE_ELEMENT)
			see_anchor(s, n);
}

static void find_anchors_of_steps(struct sanitizer *s)
{
	const struct sanitize_step *items = s->steps->items;

	for (size_t i = 0; i < s->steps->count; i++)
		if (items[i].node && is_element(items[i].node, LXB_TAG_A))
			want_anchor(s, items[i].node);
	for (size_t i = 0; s->anchors.count && i < s->steps->count; i++)
		if (items[i].node)
			see_anchor(s, items[i].node);
}

/* The id to write on this element, marked as written; empty: none. */
static struct str id_take(struct sanitizer *s, lxb_dom_element_t *el)
{
	struct anchor *a;
	struct str id;

	if (!s->anchors.count)
		return str_n(NULL, 0);
	id = id_of(s, el);
	a = anchor_get(s, id);
	if (!a || !a->wanted || !a->there || a->written)
		return str_n(NULL, 0);
	return id;
}

/* Leaves as wanted what was linked and written; true where that was everything. */
static bool anchors_settled(struct sanitizer *s)
{
	bool settled = true;

	for (size_t i = 0; i < s->anchors.cap; i++) {
		struct anchor *a = s->anchors.slots[i].used ? s->anchors.slots[i].value : NULL;

		if (!a)
			continue;
		if (a->wanted && a->there && (!a->linked || !a->written)) {
			a->wanted = false;
			settled = false;
		}
		a->linked = a->written = false;
	}
	return settled;
}

static void anchors_forget(struct sanitizer *s)
{
	for (size_t i = 0; i < s->anchors.cap; i++) {
		if (s->anchors.slots[i].used)
			((struct anchor *)s->anchors.slots[i].value)->wanted = false;
	}
}

/* --- elements
 * ------------------------------------------------------------------------------------------- */

static void write_id(struct sanitizer *s, struct str id)
{
	if (!id.len)
		return;
	writer_attr(&s->writer, S("id"), id);
	anchor_get(s, id)->written = true;
}

/* Ends a start tag; what others lead to is written even where it is empty: <a name=x></a>. */
static void end_tag(struct sanitizer *s, struct str id)
{
	write_id(s, id);
	writer_opened(&s->writer);
	if (id.len)
		writer_keep(&s->writer);
}

/* Attributes common to all, and those of the rule the element is written by. */
static void write_attrs(struct sanitizer *s, lxb_dom_element_t *el, const struct rule *r)
{
	for (lxb_dom_attr_t *at = lxb_dom_element_first_attribute(el); at;
	     at = lxb_dom_element_next_attribute(at)) {
		struct str name = attr_name(at), value = attr_value(at);
		const struct attr_rule *ar = attr_rule_of(name);

		if (!ar || (ar->attrs && !(ar->attrs & r->attrs)) || !attr_value_ok(ar, value))
			continue;
		if (ar->check == CHECK_FLAG) {
			writer_attr_flag(&s->writer, ar->name);
			continue;
		}
		if (ar->check == CHECK_URL)
			value = address_safe(&s->arena, s->base, value, SCHEME_WEB);
		if (!writer_is_blank(value))
			writer_attr(&s->writer, ar->name, value);
	}
}

static void open_plain(struct sanitizer *s, lxb_dom_node_t *node)
{
	lxb_dom_element_t *el = lxb_dom_interface_element(node);
	const struct rule *r = writer_open(&s->writer, node->local_name, node);

	if (!r)
		return;
	write_attrs(s, el, r);
	end_tag(s, id_take(s, el));
}

static bool has_common_attr(lxb_dom_element_t *el)
{
	for (lxb_dom_attr_t *at = lxb_dom_element_first_attribute(el); at;
	     at = lxb_dom_element_next_attribute(at)) {
		const struct attr_rule *ar = attr_rule_of(attr_name(at));

		if (ar && !ar->attrs && attr_value_ok(ar, attr_value(at)))
			return true;
	}
	return false;
}

/* A <span> says nothing but by its attributes; any element we do not write stays as one where its
 * id is needed. */
static void open_span(struct sanitizer *s, lxb_dom_node_t *node)
{
	lxb_dom_element_t *el = lxb_dom_interface_element(node);
	struct str id = id_take(s, el);

	if (!id.len && !(is_element(node, LXB_TAG_SPAN) && has_common_attr(el)))
		return;
	if (!writer_open(&s->writer, LXB_TAG_SPAN, node))
		return;
	write_attrs(s, el, rule_of(LXB_TAG_SPAN));
	end_tag(s, id);
}

static void write_rel(struct sanitizer *s)
{
	if (!s->plain)
		writer_attr(&s->writer, S("rel"), S("nofollow noopener noreferrer"));
}

static void open_link(struct sanitizer *s, lxb_dom_node_t *node)
{
	lxb_dom_element_t *el = lxb_dom_interface_element(node);
	struct str href = attr_of(el, S("href"));
	struct str id = s->anchors.count ? id_linked(s, href) : str_n(NULL, 0);
	struct anchor *to = anchor_get(s, id);
	const struct rule *r;

	if (to && to->wanted && to->there) {
		href = arena_strf(&s->arena, "#%.*s", STR_FMT(id));
	} else {
		to = NULL;
		href = address_safe(&s->arena, s->base, href, SCHEME_WEB | SCHEME_OTHER);
		if (href.len && *href.ptr == '#')
			href.len = 0;
	}
	if (!href.len) {
		open_span(s, node);
		return;
	}
	r = writer_open(&s->writer, LXB_TAG_A, node);
	if (!r)
		return;
	writer_attr(&s->writer, S("href"), href);
	write_attrs(s, el, r);
	if (!to)
		write_rel(s);
	end_tag(s, id_take(s, el));
	/* A link without a text leads somewhere all the same: a reader of feeds may want it. */
	if (s->plain)
		writer_keep(&s->writer);
	if (to) {
		to->linked = true;
		writer_keep(&s->writer);
	}
}

static void write_number(struct sanitizer *s, struct str name, int n)
{
	if (n > 0)
		writer_attr(&s->writer, name, arena_strf(&s->arena, "%d", n));
}

static lxb_dom_node_t *image_in(lxb_dom_node_t *node);

static lxb_dom_node_t *element_beside(lxb_dom_node_t *node, bool forward)
{
	do {
		node = forward ? node->next : node->prev;
	} while (node && (node->type == LXB_DOM_NODE_TYPE_COMMENT ||
			  (node->type == LXB_DOM_NODE_TYPE_TEXT && !str_trim(text_of(node)).len)));
	return node && node->type == LXB_DOM_NODE_TYPE_ELEMENT ? node : NULL;
}

static void write_image(struct sanitizer *s, lxb_dom_node_t *node)
{
	struct image im;

	image_read(&s->arena, lxb_dom_interface_element(node), s->base, &im);
	if (im.tracker)
		return;
	if (!im.src.len) {
		lxb_dom_node_t *next = element_beside(node, true);

		/* a placeholder: its fallback follows (no step is one), or at least it says what it
		 * would have shown */
		if (writer_is_blank(im.alt) ||
		    (!s->steps && next && is_element(next, LXB_TAG_NOSCRIPT) && image_in(next)))
			return;
	}
	if (!writer_open(&s->writer, LXB_TAG_IMG, node))
		return;
	if (im.src.len)
		writer_attr(&s->writer, S("src"), im.src);
	if (!writer_is_blank(im.alt))
		writer_attr(&s->writer, S("alt"), im.alt);
	if (!writer_is_blank(im.title))
		writer_attr(&s->writer, S("title"), im.title);
	write_number(s, S("width"), im.width);
	write_number(s, S("height"), im.height);
	write_id(s, id_take(s, lxb_dom_interface_element(node)));
	if (!s->plain && im.src.len) {
		writer_attr(&s->writer, S("loading"), S("lazy"));
		writer_attr(&s->writer, S("referrerpolicy"), S("no-referrer"));
	}
	writer_opened(&s->writer);
}

/* A link in the place of a frame or a player, none where that is a part of this page; a paragraph
 * of its own where there is room for one. */
static void write_link(struct sanitizer *s, struct str url, struct str text)
{
	const void *link = &s->writer, *paragraph = &s->guard;

	if (str_has_prefix(address_stripped(&s->arena, url), S("#")))
		return;
	url = address_safe(&s->arena, s->base, url, SCHEME_WEB);
	if (!url.len)
		return;
	text = str_trim(text);
	if (writer_in_flow(&s->writer) && writer_open(&s->writer, LXB_TAG_P, paragraph))
		writer_opened(&s->writer);
	if (writer_open(&s->writer, LXB_TAG_A, link)) {
		writer_attr(&s->writer, S("href"), url);
		write_rel(s);
		writer_opened(&s->writer);
		writer_text(&s->writer, writer_is_blank(text) ? url : text);
		writer_close(&s->writer, link);
	}
	writer_close(&s->writer, paragraph);
}

/* True where the element's own content is to be written in its place. */
static bool write_embed(struct sanitizer *s, lxb_dom_node_t *node)
{
	static const struct str sources[] = { STR("src"), STR("data-src"), STR("data"),
					      STR("data-lazy-src") };
	lxb_dom_element_t *el = lxb_dom_interface_element(node);

	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		struct str url =
			address_safe(&s->arena, s->base, attr_of(el, sources[i]), SCHEME_WEB);

		url = embed_address(&s->arena, url);
		if (url.len) {
			write_link(s, url, attr_of(el, S("title")));
			return false;
		}
	}
	return is_element(node, LXB_TAG_OBJECT); /* a frame's content is raw text */
}

static void write_media(struct sanitizer *s, lxb_dom_node_t *node)
{
	lxb_dom_element_t *el = lxb_dom_interface_element(node);
	struct str url = attr_of(el, S("src"));

	for (lxb_dom_node_t *n = node->first_child; n && !url.len; n = n->next) {
		if (is_element(n, LXB_TAG_SOURCE))
			url = attr_of(lxb_dom_interface_element(n), S("src"));
	}
	write_link(s, url, attr_of(el, S("title")));
}

/* --- <noscript>
 * ------------------------------------------------------------------------------------------- */

static lxb_dom_node_t *image_in(lxb_dom_node_t *node)
{
	lxb_dom_node_t *n = node;

	for (int i = 0; n && i < NEAR_NODES; i++, n = next_node(n, node)) {
		if (is_element(n, LXB_TAG_IMG))
			return n;
	}
	return NULL;
}

static bool shows_image(struct sanitizer *s, lxb_dom_node_t *node)
{
	lxb_dom_node_t *img = node ? image_in(node) : NULL;
	struct image im;

	if (!img || is_element(node, LXB_TAG_NOSCRIPT))
		return false;
	image_read(&s->arena, lxb_dom_interface_element(img), s->base, &im);
	return im.src.len > 0;
}

static bool has_image_near(struct sanitizer *s, lxb_dom_node_t *node)
{
	return shows_image(s, element_beside(node, false)) ||
	       shows_image(s, element_beside(node, true));
}

/* Written by a browser with scripting on, the markup in a <noscript> is one escaped text. */
static void read_escaped(struct sanitizer *s, lxb_dom_node_t *node)
{
	lxb_dom_node_t *child = node->first_child, *root;
	struct str text;

	if (!child || child->next || child->type != LXB_DOM_NODE_TYPE_TEXT)
		return;
	text = str_trim(text_of(child));
	if (text.len < 4 || text.len > MAX_NOSCRIPT || *text.ptr != '<')
		return;
	root = guard_parse_fragment(&s->guard, s->parser, s->document, arena_str(&s->arena, text));
	if (!root)
		return;
	lxb_dom_node_remove_wo_events(child);
	while (root->first_child) {
		child = root->first_child;
		lxb_dom_node_remove_wo_events(child);
		lxb_dom_node_insert_child_wo_events(node, child);
	}
}

/* True where its content is to be written: not where it repeats an image that stands beside it. */
static bool noscript_stays(struct sanitizer *s, lxb_dom_node_t *node)
{
	return !(image_in(node) && has_image_near(s, node));
}

/* --- the walk
 * ---------------------------------------------------------------------------------------------- */

/* Formulas: their characters in a row, or what the author says they say. */
static void write_formula(struct sanitizer *s, lxb_dom_node_t *math)
{
	struct str alt = attr_of(lxb_dom_interface_element(math), S("alttext"));

	if (alt.len) {
		writer_text(&s->writer, alt);
		return;
	}
	for (lxb_dom_node_t *n = math->first_child; n;) {
		bool is_formula = n->type != LXB_DOM_NODE_TYPE_ELEMENT || n->ns == LXB_NS_MATH;

		if (n->type == LXB_DOM_NODE_TYPE_TEXT)
			writer_text(&s->writer, str_trim(text_of(n)));
		n = is_formula && !is_named(n, S("annotation")) ? next_node(n, math)
								: after_node(n, math);
	}
}

static bool is_amp_image(lxb_dom_node_t *node)
{
	return is_named(node, S("amp-img")) || is_named(node, S("amp-anim"));
}

/* True where what is in the element is to be walked too. */
static bool enter_element(struct sanitizer *s, lxb_dom_node_t *node)
{
	if (node->ns != LXB_NS_HTML) {
		if (node->ns == LXB_NS_MATH)
			write_formula(s, node);
		return false;
	}
	switch (rule_of(node->local_name)->act) {
	case ACT_KEEP: open_plain(s, node); return true;
	case ACT_LINK: open_link(s, node); return true;
	case ACT_SPACE:
		writer_text(&s->writer, S(" "));
		open_span(s, node);
		return true;
	case ACT_SPAN: open_span(s, node); return true;
	case ACT_IMAGE: write_image(s, node); return false;
	case ACT_EMBED: return write_embed(s, node);
	case ACT_MEDIA: write_media(s, node); return false;
	case ACT_NOSCRIPT: read_escaped(s, node); return noscript_stays(s, node);
	case ACT_DROP: return false;
	default:
		if (node->local_name >= LXB_TAG__LAST_ENTRY && is_amp_image(node)) {
			write_image(s, node);
			return false;
		}
		open_span(s, node);
		return true;
	}
}

static void walk(struct sanitizer *s, lxb_dom_node_t *root)
{
	lxb_dom_node_t *node = root->first_child;

	while (node) {
		bool down = false;

		if (node->type == LXB_DOM_NODE_TYPE_TEXT)
			writer_text(&s->writer, text_of(node));
		else if (node->type == LXB_DOM_NODE_TYPE_ELEMENT)
			down = enter_element(s, node);
		if (down && node->first_child) {
			node = node->first_child;
			continue;
		}
		writer_close(&s->writer, node);
		while (!node->next) {
			node = node->parent;
			if (!node || node == root)
				return;
			writer_close(&s->writer, node);
		}
		node = node->next;
	}
}

/* As walk, over steps: what was opened is closed before the first that does not stand in it. */
static void walk_steps(struct sanitizer *s)
{
	const struct sanitize_step *step = s->steps->items, *last = step + s->steps->count;
	struct writer *w = &s->writer;

	while (step < last) {
		const struct sanitize_step *at = step++;
		const void *node = at->node ? (const void *)at->node : at;
		bool down = true;

		while (w->depth && s->ends[w->depth - 1] <= at->at)
			writer_close(w, w->stack[w->depth - 1].node);
		if (!at->end) {
			writer_text(w, str_sub(s->steps->texts, at->from, at->from + at->len));
			continue;
		}
		if (at->node)
			down = enter_element(s, at->node);
		else if (writer_open(w, LXB_TAG_P, node))
			writer_opened(w);
		if (w->depth && w->stack[w->depth - 1].node == node)
			s->ends[w->depth - 1] = at->end;
		while (!down && step < last && step->at < at->end)
			step++;
	}
	while (w->depth)
		writer_close(w, w->stack[w->depth - 1].node);
}

/* Of a tree (root), else of the steps. */
static void write_rounds(struct sanitizer *s, lxb_dom_node_t *root, struct buf *out)
{
	size_t start = out->len;

	for (int round = 0;; round++) {
		writer_start(&s->writer, out);
		if (root)
			walk(s, root);
		else
			walk_steps(s);
		if (!s->anchors.count || anchors_settled(s))
			break;
		buf_truncate(out, start);
		if (round == MAX_ROUNDS)
			anchors_forget(s);
	}
	if (s->anchors.cap)
		map_fini(&s->anchors);
}

static void start(struct sanitizer *s, struct str base)
{
	struct err ignored;
	struct url url;

	arena_reset(&s->arena);
	s->base = base;
	s->base_page = str_n(NULL, 0);
	if (url_is_http(base) && url_parse(&s->arena, base, &url, &ignored) == 0) {
		size_t hash = str_find_ch(url.href, '#');

		s->base = url.href;
		s->base_page = hash == STR_NONE ? url.href : str_sub(url.href, 0, hash);
	}
}

static void forget_tree(struct sanitizer *s)
{
	lxb_html_document_clean(s->document);
	guard_clean(&s->guard);
}

/* `out` is as it was where something did not fit. */
static int finish(struct buf *out, size_t start_len, bool dropped_before, struct err *err)
{
	bool dropped = out->dropped;

	out->dropped = dropped_before;
	if (!dropped)
		return 0;
	buf_truncate(out, start_len);
	return err_set(err, ERR_LIMIT, "more than %zu bytes of sanitized HTML", out->max);
}

int sanitize_html(struct sanitizer *s, struct str html, struct str base, struct buf *out,
		  struct err *err)
{
	size_t start_len = out->len;
	bool dropped = out->dropped;
	lxb_dom_node_t *root;

	if (html.len > SANITIZE_MAX_BYTES)
		return err_set(err, ERR_LIMIT, "more than %d bytes of HTML", SANITIZE_MAX_BYTES);
	out->dropped = false;
	if (str_find_ch(html, '<') == STR_NONE && str_find_ch(html, '&') == STR_NONE &&
	    utf8_valid(html)) {
		writer_start(&s->writer, out);
		writer_text(&s->writer, html);
	} else {
		start(s, base);
		html = utf8_clean(&s->arena, html);
		root = guard_parse_fragment(&s->guard, s->parser, s->document, html);
		if (!root) {
			forget_tree(s);
			out->dropped = dropped;
			return err_set(err, ERR_INPUT, "the HTML could not be parsed");
		}
		if (str_find_ch(html, '#') != STR_NONE)
			find_anchors(s, root);
		write_rounds(s, root, out);
		forget_tree(s);
	}
	return finish(out, start_len, dropped, err);
}

int sanitize_steps(struct sanitizer *s, const struct sanitize_steps *steps, struct str base,
		   struct buf *out, struct err *err)
{
	size_t start_len = out->len;
	bool dropped = out->dropped;

	out->dropped = false;
	start(s, base);
	s->steps = steps;
	find_anchors_of_steps(s);
	write_rounds(s, NULL, out);
	s->steps = NULL;
	return finish(out, start_len, dropped, err);
}
