/*
 * tree - bytes to arrays: lexbor parses, one walk fills nodes and blocks.
 *
 * The guard stands between: ten megabytes of <b> are a legal document of three million elements.
 */
#include <string.h>

#include "base/mem.h"
#include "page/private.h"
#include "text/utf8.h"

enum {
	MAX_DEPTH = 800 /* what is deeper is not looked into */
};

bool tree_is_block(uint16_t tag)
{
	switch (tag) {
	case LXB_TAG_ADDRESS:
	case LXB_TAG_ARTICLE:
	case LXB_TAG_ASIDE:
	case LXB_TAG_BLOCKQUOTE:
	case LXB_TAG_BODY:
	case LXB_TAG_CAPTION:
	case LXB_TAG_CENTER:
	case LXB_TAG_DD:
	case LXB_TAG_DETAILS:
	case LXB_TAG_DIALOG:
	case LXB_TAG_DIR:
	case LXB_TAG_DIV:
	case LXB_TAG_DL:
	case LXB_TAG_DT:
	case LXB_TAG_FIELDSET:
	case LXB_TAG_FIGCAPTION:
	case LXB_TAG_FIGURE:
	case LXB_TAG_FOOTER:
	case LXB_TAG_FORM:
	case LXB_TAG_H1:
	case LXB_TAG_H2:
	case LXB_TAG_H3:
	case LXB_TAG_H4:
	case LXB_TAG_H5:
	case LXB_TAG_H6:
	case LXB_TAG_HEADER:
	case LXB_TAG_HGROUP:
	case LXB_TAG_HR:
	case LXB_TAG_HTML:
	case LXB_TAG_LI:
	case LXB_TAG_LISTING:
	case LXB_TAG_MAIN:
	case LXB_TAG_MENU:
	case LXB_TAG_NAV:
	case LXB_TAG_NOSCRIPT:
	case LXB_TAG_OL:
	case LXB_TAG_P:
	case LXB_TAG_PLAINTEXT:
	case LXB_TAG_PRE:
	case LXB_TAG_SEARCH:
	case LXB_TAG_SECTION:
	case LXB_TAG_SUMMARY:
	case LXB_TAG_TABLE:
	case LXB_TAG_TBODY:
	case LXB_TAG_TD:
	case LXB_TAG_TFOOT:
	case LXB_TAG_TH:
	case LXB_TAG_THEAD:
	case LXB_TAG_TR:
	case LXB_TAG_UL:
	case LXB_TAG_XMP:
	case LXB_TAG_BUTTON:
	case LXB_TAG_LEGEND: return true;
	default:
		/* Elements HTML does not know wrap blocks far more often than words. */
		return tag >= LXB_TAG__LAST_ENTRY;
	}
}

/* Elements whose content is no text of the page. */
static bool is_opaque(uint16_t tag)
{
	switch (tag) {
	case LXB_TAG_SCRIPT:
	case LXB_TAG_STYLE:
	case LXB_TAG_TEMPLATE:
	case LXB_TAG_SVG:
	case LXB_TAG_SELECT:
	case LXB_TAG_DATALIST:
	case LXB_TAG_IFRAME:
	case LXB_TAG_CANVAS:
	case LXB_TAG_TEXTAREA:
	case LXB_TAG_HEAD:
	case LXB_TAG_OBJECT:
	case LXB_TAG_AUDIO:
	case LXB_TAG_NOEMBED:
	case LXB_TAG_NOFRAMES: return true;
	default: return false;
	}
}

struct str block_text(const struct tree *t, const struct block *b)
{
	return b->len ? str_n(t->text.ptr + b->off, b->len) : (struct str){ 0 };
}

struct str node_attr_id(const lxb_dom_node_t *node, lxb_dom_attr_id_t id)
{
	if (node->type != LXB_DOM_NODE_TYPE_ELEMENT)
		return (struct str){ 0 };
	for (lxb_dom_attr_t *a = ((const lxb_dom_element_t *)(const void *)node)->first_attr; a;
	     a = a->next)
		if (a->node.local_name == id)
			return a->value ? str_n((const char *)a->value->data, a->value->length)
					: (struct str){ 0 };
	return (struct str){ 0 };
}

struct str node_attr(const lxb_dom_node_t *node, const char *name)
{
	size_t len = 0;

	if (node->type != LXB_DOM_NODE_TYPE_ELEMENT)
		return (struct str){ 0 };
	const lxb_char_t *v = lxb_dom_element_get_attribute(
		(lxb_dom_element_t *)(uintptr_t)node, (const lxb_char_t *)name, strlen(name), &len);
	return str_n((const char *)v, v ? len : 0);
}

struct str dom_text(struct arena *mem, lxb_dom_node_t *node)
{
	lxb_dom_node_t *child = node->first_child;

	if (!child)
		return (struct str){ 0 };
	if (!child->next && child->type == LXB_DOM_NODE_TYPE_TEXT) {
		lexbor_str_t *s = &lxb_dom_interface_character_data(child)->data;
		return str_n((const char *)s->data, s->length);
	}
	size_t len = 0;
	lxb_char_t *text = lxb_dom_node_text_content(node, &len);
	return text ? arena_str(mem, str_n((const char *)text, len)) : (struct str){ 0 };
}

struct str script_text(struct page_extractor *x, lxb_dom_node_t *script)
{
	struct str raw = guard_script(&x->guard, script);
	size_t n = 0;

	if (raw.len == 0)
		return dom_text(x->mem, script);
	if (str_find_ch(raw, '\r') == STR_NONE)
		return raw;
	/* What parsing would have made of it (13.2.3.5). */
	char *text = arena_alloc(x->mem, raw.len);
	for (size_t i = 0; i < raw.len; i++) {
		if (raw.ptr[i] == '\r' && i + 1 < raw.len && raw.ptr[i + 1] == '\n')
			continue;
		text[n++] = raw.ptr[i] == '\r' ? '\n' : raw.ptr[i];
	}
	return str_n(text, n);
}

bool node_within(const struct tree *t, uint32_t index, uint32_t ancestor)
{
	return index >= ancestor && index < t->nodes[ancestor].end;
}

bool node_has_above(const struct tree *t, uint32_t index, uint16_t tag)
{
	for (uint32_t i = index; i != 0; i = t->nodes[i].parent)
		if (t->nodes[i].tag == tag)
			return true;
	return false;
}

int tree_parse(struct page_extractor *x, struct str html, struct err *err)
{
	lxb_html_document_clean(x->doc);
	guard_clean(&x->guard);
	if (!guard_parse_document(&x->guard, x->doc, html))
		return err_set(err, ERR_LIMIT, "page could not be parsed");
	return 0;
}

/* ---- the walk */

/*
 * Kinds by the hash of an attribute's value, kept from page to page: a site's pages share their
 * classes. Two values of one hash are as good as impossible, and would only make a part of a page
 * look like another.
 */
enum { CACHE_SLOTS = 4096 };

struct class_slot {
	uint64_t hash;
	uint64_t kinds;
};

struct walk {
	struct page_extractor *x;
	struct tree *t;
	uint32_t box; /* the nearest block element */
	uint32_t link_depth, strong_depth, pre_depth, button_depth;
	bool open;  /* the last block may be gone on with */
	bool space; /* white space is due before the next character */
	uint32_t breaks;
	bool wrapped;  /* that white space is a line's end in the source */
	bool has_word; /* inside a word */
};

uint64_t attr_hash(struct str s)
{
	uint64_t h = UINT64_C(0x9E3779B97F4A7C15) ^ s.len, word;
	size_t i = 0;

	for (; i + sizeof(word) <= s.len; i += sizeof(word)) {
		memcpy(&word, s.ptr + i, sizeof(word));
		h = (h ^ word) * UINT64_C(0x9FB21C651E98DF25);
		h ^= h >> 29;
	}
	word = 0;
	if (i < s.len)
		memcpy(&word, s.ptr + i, s.len - i);
	h = (h ^ word) * UINT64_C(0x9FB21C651E98DF25);
	return h ^ h >> 32;
}

static uint64_t class_kinds(struct page_extractor *x, struct str value)
{
	struct class_slot *slots = x->class_cache;

	if (value.len == 0)
		return 0;
	uint64_t h = attr_hash(value);
	struct class_slot *slot = &slots[h % CACHE_SLOTS];
	if (slot->hash != h)
		*slot = (struct class_slot){ h, vocab_class(value) };
	return slot->kinds;
}

static struct str attr_value(const lxb_dom_attr_t *a)
{
	return a->value ? str_n((const char *)a->value->data, a->value->length) : (struct str){ 0 };
}

static bool is_display_none(struct str style)
{
	size_t at = str_find_nocase(style, S("display"));

	if (at == STR_NONE)
		return false;
	struct str rest = str_trim(str_from(style, at + 7));
	if (rest.len == 0 || rest.ptr[0] != ':')
		return false;
	return str_has_prefix_nocase(str_trim(str_from(rest, 1)), S("none"));
}

/* Attributes by name that name no id of lexbor's: one look-up for all of them. */
static void read_named_attr(struct page_extractor *x, lxb_dom_attr_t *a, struct node *n)
{
	size_t len = 0;
	const char *name = (const char *)lxb_dom_attr_local_name(a, &len);
	struct str key = str_n(name, len), value = attr_value(a);

	if (len < 3)
		return;
	switch (name[0]) {
	case 'a':
		if (str_eq(key, S("aria-hidden")) && str_eq_nocase(value, S("true")))
			n->flags |= NODE_HIDDEN;
		else if (str_eq(key, S("aria-label")) && value.len < 40)
			n->kinds |= class_kinds(x, value) &
				    ~(CLASS_BIT(CLASS_BODY) | CLASS_BIT(CLASS_BODY_SURE));
		break;
	case 'h':
		if (str_eq(key, S("hidden")) && !str_eq(value, S("false")))
			n->flags |= NODE_HIDDEN;
		break;
	case 'i':
		if (str_eq(key, S("itemprop"))) {
			n->flags |= NODE_ITEMPROP;
			if (str_eq_nocase(value, S("articleBody")))
				n->flags |= NODE_ITEMBODY;
			n->kinds |= class_kinds(x, value);
		}
		break;
	case 'r':
		if (str_eq(key, S("role")))
			n->kinds |= class_kinds(x, value);
		else if (str_eq(key, S("rel")))
			n->flags |= NODE_REL;
		break;
	case 'p':
		if (str_eq(key, S("pubdate")))
			n->flags |= NODE_DATED;
		break;
	case 'd':
		if (str_eq(key, S("datetime")))
			n->flags |= NODE_DATED;
		if (str_eq(key, S("data-testid")) || str_eq(key, S("data-component")) ||
		    str_eq(key, S("data-component-name")) || str_eq(key, S("data-qa")) ||
		    str_eq(key, S("data-type")) || str_eq(key, S("data-module")) ||
		    str_eq(key, S("data-name")))
			n->kinds |= class_kinds(x, value);
		break;
	default: break;
	}
}

static void read_attrs(struct page_extractor *x, lxb_dom_element_t *el, struct node *n)
{
	for (lxb_dom_attr_t *a = el->first_attr; a; a = a->next) {
		switch (a->node.local_name) {
		case LXB_DOM_ATTR_CLASS:
		case LXB_DOM_ATTR_ID: n->kinds |= class_kinds(x, attr_value(a)); break;
		case LXB_DOM_ATTR_STYLE:
			if (is_display_none(attr_value(a)))
				n->flags |= NODE_HIDDEN;
			break;
		default:
			if (a->node.local_name >= LXB_DOM_ATTR__LAST_ENTRY)
				read_named_attr(x, a, n);
		}
	}
	if (n->tag >= LXB_TAG__LAST_ENTRY) {
		size_t len = 0;
		const lxb_char_t *name = lxb_dom_element_local_name(el, &len);

		n->kinds |= class_kinds(x, str_n((const char *)name, len));
	}
	/* The words of <html> and <body> speak of the site ("has-sidebar"), not of a part of it. */
	if (n->tag == LXB_TAG_BODY || n->tag == LXB_TAG_HTML)
		n->kinds = 0;
}

static struct node *add_node(struct tree *t, lxb_dom_node_t *dom, uint32_t parent)
{
	if (t->count == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 4096;
		t->nodes = mem_realloc(t->nodes, t->cap * sizeof(*t->nodes));
	}
	struct node *n = &t->nodes[t->count++];
	*n = (struct node){ .dom = dom,
			    .parent = parent,
			    .end = (uint32_t)t->count,
			    .tag = (uint16_t)(dom->local_name < UINT16_MAX ? dom->local_name
									   : LXB_TAG__LAST_ENTRY),
			    .block = (uint32_t)t->block_count,
			    .block_end = (uint32_t)t->block_count };
	return n;
}

static void close_block(struct walk *w)
{
	w->open = false;
	w->space = false;
	w->has_word = false;
}

/* What a block is, by the nearest element that says so. */
static uint16_t block_tag(const struct tree *t, uint32_t box)
{
	for (uint32_t i = box; i != 0; i = t->nodes[i].parent) {
		uint16_t tag = t->nodes[i].tag;

		switch (tag) {
		case LXB_TAG_P:
		case LXB_TAG_H1:
		case LXB_TAG_H2:
		case LXB_TAG_H3:
		case LXB_TAG_H4:
		case LXB_TAG_H5:
		case LXB_TAG_H6:
		case LXB_TAG_LI:
		case LXB_TAG_TD:
		case LXB_TAG_TH:
		case LXB_TAG_PRE:
		case LXB_TAG_FIGCAPTION:
		case LXB_TAG_CAPTION:
		case LXB_TAG_DT:
		case LXB_TAG_DD:
		case LXB_TAG_BLOCKQUOTE:
		case LXB_TAG_BUTTON: return tag;
		case LXB_TAG_ARTICLE:
		case LXB_TAG_SECTION:
		case LXB_TAG_MAIN:
		case LXB_TAG_BODY:
		case LXB_TAG_ASIDE:
		case LXB_TAG_NAV:
		case LXB_TAG_HEADER:
		case LXB_TAG_FOOTER:
		case LXB_TAG_FIGURE: return LXB_TAG_DIV;
		default: break;
		}
	}
	return LXB_TAG_DIV;
}

static struct block *block_for_text(struct walk *w, uint32_t node)
{
	struct tree *t = w->t;

	if (w->open)
		return &t->blocks[t->block_count - 1];
	if (t->block_count == t->block_cap) {
		t->block_cap = t->block_cap ? t->block_cap * 2 : 1024;
		t->blocks = mem_realloc(t->blocks, t->block_cap * sizeof(*t->blocks));
	}
	struct block *b = &t->blocks[t->block_count++];
	*b = (struct block){ .first = node,
			     .box = w->box,
			     .off = (uint32_t)t->text.len,
			     .tag = block_tag(t, w->box),
			     .flags = t->nodes[node].flags,
			     .breaks = (uint16_t)(w->breaks < 9 ? w->breaks : 9) };
	w->open = true;
	w->space = false;
	w->has_word = false;
	w->breaks = 0;
	return b;
}

static bool is_mark(uint32_t c)
{
	switch (c) {
	case '.':
	case ',':
	case '!':
	case '?':
	case ';':
	case 0x3002:
	case 0xFF0C:
	case 0xFF01:
	case 0xFF1F:
	case 0x3001:
	case 0xFF1B:
	case 0x061F:
	case 0x060C:
	case 0x0964:
	case 0x06D4:
	case 0xFF0E:
	case 0x2026: return true;
	default: return false;
	}
}

/* What the walk counts of a text. */
struct counts {
	uint32_t chars, marks, words;
};

/* One character behind those of the open block; ASCII is the fast way. */
static void add_char(struct walk *w, struct block *b, uint32_t c, const char *bytes, size_t len,
		     struct counts *n)
{
	struct buf *text = &w->t->text;

	/*
	 * add_text has made room for all it may write. A line's end between two ideographs is where
	 * an editor broke the line, no space (CSS Text 3, 4.1.3).
	 */
	bool none = w->wrapped && c >= 0x2E80 && utf8_is_cjk(c) && text->len >= b->off + 3 &&
		    (unsigned char)text->ptr[text->len - 3] >= 0xE3;
	if (w->space && text->len > b->off && !none)
		text->ptr[text->len++] = ' ';
	w->space = w->wrapped = false;
	for (size_t i = 0; i < len; i++)
		text->ptr[text->len++] = bytes[i];
	n->chars += c >= 0x2E80 && utf8_is_cjk(c) ? 2 : 1;
	n->marks += is_mark(c);
	bool word = c >= 0x80 ? !utf8_is_cjk(c) : ch_is_alnum((char)c);
	if (word && !w->has_word)
		n->words++;
	w->has_word = word;
}

/*
 * What add_char does of the printable characters of ASCII, and the spaces between them, in a run:
 * most of any text. What counts of a character stands in one number, so that it is one addition.
 */
enum { ASCII_MARKS_AT = 24, ASCII_RUN = 1 << 20 };
#define ASCII_PRINTS UINT64_C(1)
#define ASCII_MARK   (ASCII_PRINTS | UINT64_C(1) << ASCII_MARKS_AT)
#define ASCII_WORD   (ASCII_PRINTS | UINT64_C(1) << 63)

static const uint64_t ascii_weights[256] = {
	['!'] = ASCII_MARK,           ['"' ... '+'] = ASCII_PRINTS, [','] = ASCII_MARK,
	['-'] = ASCII_PRINTS,         ['.'] = ASCII_MARK,           ['/'] = ASCII_PRINTS,
	['0' ... '9'] = ASCII_WORD,   [':'] = ASCII_PRINTS,         [';'] = ASCII_MARK,
	['<' ... '>'] = ASCII_PRINTS, ['?'] = ASCII_MARK,           ['@'] = ASCII_PRINTS,
	['A' ... 'Z'] = ASCII_WORD,   ['[' ... '`'] = ASCII_PRINTS, ['a' ... 'z'] = ASCII_WORD,
	['{' ... '~'] = ASCII_PRINTS,
};

/* Where the run ends. The only branch of a byte is to leave: no processor foresees the spaces. */
static size_t add_ascii(struct walk *w, struct str s, size_t i, struct counts *n)
{
	struct buf *text = &w->t->text;
	size_t from = i, end = s.len - i < ASCII_RUN ? s.len : i + ASCII_RUN;
	uint64_t sum = 0, words = 0, before = (uint64_t)w->has_word << 63,
		 weight = ascii_weights[(unsigned char)s.ptr[i]];
	int joint = w->pre_depth ? -1 : ' '; /* a single space, but at the end: what follows is not
						known yet */

	for (; i < end; i++) {
		uint64_t next = i + 1 < end ? ascii_weights[(unsigned char)s.ptr[i + 1]] : 0;

		if (!(weight | (s.ptr[i] == joint ? next : 0)))
			break;
		words += (weight & ~before) >> 63;
		sum += weight;
		before = weight;
		weight = next;
	}
	memcpy(text->ptr + text->len, s.ptr + from, i - from);
	text->len += i - from;
	n->chars += (uint32_t)(sum & ((1 << ASCII_MARKS_AT) - 1));
	n->marks += (uint32_t)(sum >> ASCII_MARKS_AT & ((1 << ASCII_MARKS_AT) - 1));
	n->words += (uint32_t)words;
	w->has_word = before >> 63;
	return i;
}

/* An ideograph of U+4E00 to U+9FFF, or one of 、 。 ， between them; `mark` says which. */
static inline bool is_common_han(const unsigned char *p, bool *mark)
{
	uint32_t three = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];

	*mark = three == 0xE38081 || three == 0xE38082 || three == 0xEFBC8C;
	return *mark || (three >= 0xE4B880 && three <= 0xE9BFBF && (three & 0xC0C0) == 0x8080);
}

/* What add_char does of them, in a run. */
static size_t add_han(struct walk *w, struct str s, size_t i, struct counts *n)
{
	struct buf *text = &w->t->text;
	char *out = text->ptr + text->len;
	size_t from = i;
	bool mark;

	for (; s.len - i >= 3 && is_common_han((const unsigned char *)s.ptr + i, &mark); i += 3) {
		memcpy(out, s.ptr + i, 3);
		out += 3;
		n->marks += mark;
	}
	if (i > from)
		w->has_word = false;
	n->chars += (uint32_t)(i - from) / 3 * 2;
	text->len = (size_t)(out - text->ptr);
	return i;
}

/* Most texts of a page are line's ends and indents of its source. */
static size_t skip_white(struct walk *w, struct str s, size_t i)
{
	size_t from = i;

	while (i < s.len && (unsigned char)s.ptr[i] <= ' ')
		i++;
	w->wrapped |= !w->breaks && memchr(s.ptr + from, '\n', i - from);
	w->space = true;
	w->has_word = false;
	return i;
}

static void add_text(struct walk *w, uint32_t index, struct str s)
{
	struct tree *t = w->t;
	struct block *b = NULL;
	struct counts n = { 0 };

	/* A space may stand before the first character; every other byte was one here too. */
	if (!buf_room(&t->text, s.len + 1))
		return;
	for (size_t i = 0; i < s.len;) {
		unsigned char ch = (unsigned char)s.ptr[i];
		size_t from = i;
		uint32_t c = ch;

		if (b && !w->space && (ascii_weights[ch] || ch == ' ')) {
			i = add_ascii(w, s, i, &n);
			if (i > from)
				continue;
		}
		if (b && !w->space && ch >= 0xE3) {
			i = add_han(w, s, i, &n);
			if (i > from)
				continue;
		}
		if (ch <= ' ' && !w->pre_depth) {
			i = skip_white(w, s, i);
			continue;
		}
		if (ch < 0x80)
			i++;
		else
			c = utf8_next(s, &i);
		if (ch <= ' ' || (c >= 0x80 && utf8_is_space(c)) || c == 0xAD) {
			if (w->pre_depth && c == '\n' && (b || w->open)) {
				b = b ? b : block_for_text(w, index);
				buf_add_ch(&t->text, '\n');
			} else if (w->pre_depth && c == ' ' && (b || w->open)) {
				b = b ? b : block_for_text(w, index);
				buf_add_ch(&t->text, ' ');
			} else if (c != 0xAD && c != 0x200B && c != 0xFEFF) {
				w->wrapped |= c == '\n' && !w->breaks;
				w->space = true;
			}
			/* An indent after a line break starts a paragraph: <br>　　 */
			if ((c == 0x3000 || c == 0xA0) && w->breaks && w->open && !b)
				close_block(w);
			w->has_word = c == 0xAD ? w->has_word : false;
			continue;
		}
		if (!b) {
			bool gap = w->space || (w->breaks && w->open);

			b = block_for_text(w, index);
			w->space = gap;
			w->breaks = 0;
		}
		add_char(w, b, c, s.ptr + from, i - from, &n);
	}
	if (!b)
		return;
	b->last = index;
	b->len = (uint32_t)t->text.len - b->off;
	b->chars += n.chars;
	b->marks = (uint16_t)(b->marks + n.marks > UINT16_MAX ? UINT16_MAX : b->marks + n.marks);
	b->words = (uint16_t)(b->words + n.words > UINT16_MAX ? UINT16_MAX : b->words + n.words);
	if (w->link_depth)
		b->link_chars += n.chars;
	if (w->strong_depth)
		b->strong_chars += n.chars;
	t->nodes[index].chars = n.chars;
	t->nodes[index].marks = n.marks;
	t->nodes[index].link_chars = w->link_depth ? n.chars : 0;
}

static void enter(struct walk *w, uint32_t index)
{
	struct node *n = &w->t->nodes[index];

	switch (n->tag) {
	case LXB_TAG_A:
		/* An <a name> never closed is no link around the rest of the page. */
		if (!node_attr_id(n->dom, LXB_DOM_ATTR_HREF).len)
			break;
		n->flags |= NODE_LINK;
		if (w->link_depth++ == 0 && w->open)
			w->t->blocks[w->t->block_count - 1].links++;
		break;
	case LXB_TAG_B:
	case LXB_TAG_STRONG: w->strong_depth++; break;
	case LXB_TAG_PRE:
	case LXB_TAG_XMP:
	case LXB_TAG_LISTING:
	case LXB_TAG_PLAINTEXT: w->pre_depth++; break;
	case LXB_TAG_BR:
		w->space = true;
		if (++w->breaks >= 2)
			close_block(w);
		break;
	case LXB_TAG_NOSCRIPT: n->flags |= NODE_NOSCRIPT; break;
	case LXB_TAG_BUTTON: n->flags |= NODE_BUTTON; break;
	default: break;
	}
	if (tree_is_block(n->tag)) {
		n->flags |= NODE_BLOCK;
		close_block(w);
		w->breaks = 0;
		w->box = index;
	}
}

static void leave(struct walk *w, uint32_t index)
{
	struct tree *t = w->t;
	struct node *n = &t->nodes[index];

	n->end = (uint32_t)t->count;
	n->block_end = (uint32_t)t->block_count;
	switch (n->tag) {
	case LXB_TAG_A: w->link_depth -= (n->flags & NODE_LINK) != 0; break;
	case LXB_TAG_B:
	case LXB_TAG_STRONG: w->strong_depth--; break;
	case LXB_TAG_PRE:
	case LXB_TAG_XMP:
	case LXB_TAG_LISTING:
	case LXB_TAG_PLAINTEXT: w->pre_depth--; break;
	default: break;
	}
	if (n->flags & NODE_BLOCK) {
		close_block(w);
		w->box = n->parent;
		while (w->box != 0 && !(t->nodes[w->box].flags & NODE_BLOCK))
			w->box = t->nodes[w->box].parent;
	}
	if (index != 0 && !(n->flags & NODE_HIDDEN)) {
		struct node *p = &t->nodes[n->parent];

		p->chars += n->chars;
		p->link_chars += n->link_chars;
		p->marks += n->marks;
	}
}

/* What a generator of sites links a heading to itself with; it is no word of the heading. */
static bool is_anchor_mark(const struct walk *w, uint32_t parent, struct str s)
{
	static const struct str marks[] = { STR("#"), STR("¶"), STR("§"), STR("🔗"), STR("⚓") };
	const struct node *nodes = w->t->nodes;
	bool mark = false;

	s = str_trim(s);
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		mark |= str_eq(s, marks[i]);
	while (mark && parent > 0 && nodes[parent].tag != LXB_TAG_A)
		parent = nodes[parent].parent;
	return mark &&
	       str_find_ch(node_attr_id(nodes[parent].dom, LXB_DOM_ATTR_HREF), '#') != STR_NONE;
}

enum { ANCHOR_MARK_MAX = 16 };

/* An element or text into the array; false: not gone into. */
static bool visit(struct walk *w, lxb_dom_node_t *dom, uint32_t parent, uint32_t *index)
{
	struct tree *t = w->t;

	if (dom->type != LXB_DOM_NODE_TYPE_ELEMENT && dom->type != LXB_DOM_NODE_TYPE_TEXT)
		return false;
	struct node *n = add_node(t, dom, parent);
	*index = (uint32_t)t->count - 1;
	n->depth = (uint16_t)(t->nodes[parent].depth + 1);
	n->flags = t->nodes[parent].flags & (NODE_HIDDEN | NODE_NOSCRIPT | NODE_BUTTON);
	if (dom->type == LXB_DOM_NODE_TYPE_TEXT) {
		lexbor_str_t *s = &lxb_dom_interface_character_data(dom)->data;

		n->flags |= NODE_TEXT;
		n->tag = LXB_TAG__TEXT;
		struct str text = str_n((const char *)s->data, s->length);
		if (!w->link_depth || text.len > ANCHOR_MARK_MAX ||
		    !is_anchor_mark(w, parent, text))
			add_text(w, *index, text);
		leave(w, *index);
		return false;
	}
	read_attrs(w->x, lxb_dom_interface_element(dom), n);
	n->above = t->nodes[parent].above | n->kinds;
	enter(w, *index);
	if (n->tag == LXB_TAG_BODY)
		t->body = *index;
	if (is_opaque(n->tag) || n->depth > MAX_DEPTH || !dom->first_child) {
		leave(w, *index);
		return false;
	}
	return true;
}

/* Kinds of everything above, onto blocks; cues of their texts. */
static void finish_blocks(struct page_extractor *x)
{
	struct tree *t = &x->tree;

	for (size_t i = 0; i < t->block_count; i++) {
		struct block *b = &t->blocks[i];

		b->kinds = t->nodes[t->nodes[b->first].parent].above;
		b->cues = vocab_cues(block_text(t, b));
		while (b->len && (t->text.ptr[b->off + b->len - 1] == '\n' ||
				  t->text.ptr[b->off + b->len - 1] == ' '))
			b->len--;
	}
}

int tree_walk(struct page_extractor *x, struct err *err)
{
	struct tree *t = &x->tree;
	struct walk w = { .x = x, .t = t };
	lxb_dom_node_t *root = &x->doc->dom_document.node;
	uint32_t parent = 0, index = 0;

	t->count = t->block_count = 0;
	t->body = 0;
	buf_reset(&t->text);
	add_node(t, root, 0);
	t->nodes[0].tag = LXB_TAG__DOCUMENT;
	for (lxb_dom_node_t *dom = root->first_child; dom;) {
		if (t->count >= PAGE_MAX_NODES)
			return err_set(err, ERR_LIMIT, "page has more than %d elements",
				       (int)PAGE_MAX_NODES);
		if (visit(&w, dom, parent, &index)) {
			parent = index;
			dom = dom->first_child;
			continue;
		}
		while (!dom->next && dom->parent != root && dom->parent) {
			dom = dom->parent;
			index = parent;
			parent = t->nodes[index].parent;
			leave(&w, index);
		}
		dom = dom->next;
	}
	t->nodes[0].end = (uint32_t)t->count;
	t->nodes[0].block_end = (uint32_t)t->block_count;
	t->total_chars = t->nodes[0].chars;
	finish_blocks(x);
	return 0;
}

void tree_fini(struct page_extractor *x)
{
	mem_free(x->tree.nodes);
	mem_free(x->tree.blocks);
	buf_fini(&x->tree.text);
}

struct str node_text(struct page_extractor *x, uint32_t index)
{
	struct tree *t = &x->tree;
	const struct node *n = &t->nodes[index];
	struct buf out;
	size_t mark = 0;

	buf_init(&out, 1 << 20);
	for (uint32_t i = index; i < n->end; i++) {
		const struct node *k = &t->nodes[i];

		if (k->flags & NODE_TEXT) {
			lexbor_str_t *s = &lxb_dom_interface_character_data(k->dom)->data;
			buf_add_n(&out, s->data, s->length);
		} else if ((k->flags & NODE_BLOCK || k->tag == LXB_TAG_BR) && out.len > mark) {
			buf_add_ch(&out, ' ');
			mark = out.len;
		}
	}
	struct str text = utf8_squeeze(x->mem, buf_str(&out));
	/* A view of out is only lent. */
	if (text.len && text.ptr >= out.ptr && text.ptr < out.ptr + out.len)
		text = arena_str(x->mem, text);
	buf_fini(&out);
	return text;
}
