#include "page/guard.h"

#include <lexbor/dom/interfaces/character_data.h>

#include "base/buf.h"
#include "base/check.h"

/* What parses to itself: the markup, of which the texts of scripts and styles are all that may
 * differ. */
static const struct {
	const char *why;
	struct str html;
	int left_out; /* scripts that stay empty */
} cases[] = {
	{ "a script and a style", STR("<style>p { a: b }</style><script>a < b</script><p>x</p>"),
	  1 },
	{ "nothing in them", STR("<style></style><script></script><p>x</p>"), 0 },
	{ "names are folded", STR("<SCRIPT>a</ScRipt><p>x"), 1 },
	{ "what only begins like an end", STR("<script>a</scriptx></script ><p>x"), 1 },
	{ "an end with attributes", STR("<script>a</script a='>'><p>x"), 1 },
	{ "an end with a slash", STR("<script>a</script/><p>x"), 1 },
	{ "no end", STR("<script>a <p>x</p>"), 0 },
	{ "an end that is cut off", STR("<script>a</script"), 0 },
	{ "nothing behind the tag", STR("<p>x<style>"), 0 },
	{ "nothing behind the tag of a script", STR("<p>x<script>"), 0 },
	{ "no end of a style", STR("<style>a <p>x</p>"), 0 },
	{ "escaped twice", STR("<script><!-- <script>a</script> b --></script><p>x"), 0 },
	{ "a comment in a style is none", STR("<style><!-- </style><p>x</p> --><p>y"), 0 },
	{ "a NUL", STR("<script>a\0b</script><p>x"), 0 },
	{ "in the body and in a table", STR("<p>x<table><script>a</script><tr><td>y"), 1 },
	{ "foreign ones are read as ever", STR("<svg><script>a<b>c</b></script></svg>"), 0 },
	{ "two", STR("<script>a</script><p>x<script>b</script>"), 2 },
};

static lxb_dom_node_t *next_of(lxb_dom_node_t *n)
{
	if (n->first_child && n->local_name != LXB_TAG_SCRIPT && n->local_name != LXB_TAG_STYLE)
		return n->first_child;
	while (n && !n->next)
		n = n->parent;
	return n ? n->next : NULL;
}

static struct str text_of(const lxb_dom_node_t *n)
{
	if (!n || n->type != LXB_DOM_NODE_TYPE_TEXT)
		return (struct str){ 0 };
	const lexbor_str_t *s = &((const lxb_dom_character_data_t *)(const void *)n)->data;

	return str_n((const char *)s->data, s->length);
}

static struct str script_of(const struct guard *g, const lxb_dom_node_t *n)
{
	return n->first_child ? text_of(n->first_child) : guard_script(g, n);
}

/* Both trees side by side. */
static void compare(const struct guard *g, lxb_html_document_t *plain, lxb_html_document_t *guarded,
		    int left_out)
{
	lxb_dom_node_t *a = &plain->dom_document.node, *b = &guarded->dom_document.node;

	for (; a && b; a = next_of(a), b = next_of(b)) {
		CHECK(a->type == b->type && a->local_name == b->local_name);
		CHECK_STR("text", text_of(a), text_of(b));
		if (a->local_name != LXB_TAG_SCRIPT || a->ns != LXB_NS_HTML)
			continue;
		CHECK_STR("script", script_of(g, b), text_of(a->first_child));
		left_out -= guard_script(g, b).len > 0;
	}
	CHECK(!a && !b);
	CHECK_I64("left out", left_out, 0);
}

int main(void)
{
	lxb_html_document_t *plain = lxb_html_document_create(),
			    *guarded = lxb_html_document_create();
	struct guard g;
	struct buf long_one;

	guard_init(&g);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str html = cases[i].html;

		lxb_html_document_clean(plain);
		lxb_html_document_clean(guarded);
		guard_clean(&g);
		CHECK(lxb_html_document_parse(plain, (const lxb_char_t *)html.ptr, html.len) ==
		      LXB_STATUS_OK);
		CHECK(guard_parse_document(&g, guarded, html));
		compare(&g, plain, guarded, cases[i].left_out);
	}
	/* Past the pieces in which long input goes in. */
	buf_init(&long_one, 1 << 20);
	for (int i = 0; i < 3000; i++)
		buf_addf(&long_one, "<script>var a%d = \"%0*d\";</script><p>%d</p>", i, i % 50, i,
			 i);
	lxb_html_document_clean(plain);
	lxb_html_document_clean(guarded);
	guard_clean(&g);
	CHECK(lxb_html_document_parse(plain, (const lxb_char_t *)long_one.ptr, long_one.len) ==
	      LXB_STATUS_OK);
	CHECK(guard_parse_document(&g, guarded, buf_str(&long_one)));
	compare(&g, plain, guarded, 3000);
	buf_fini(&long_one);
	lxb_html_document_destroy(plain);
	lxb_html_document_destroy(guarded);
	guard_fini(&g);
	return check_done();
}
