/*
 * extract - one page from bytes to article: the order of the steps, and what the caller gets.
 */
#include <string.h>

#include "base/mem.h"
#include "page/private.h"
#include "text/charset.h"
#include "text/date.h"
#include "text/url.h"
#include "text/utf8.h"

enum { CLASS_CACHE_BYTES = 64 << 10, MAX_TEXT = 8 << 20, MAX_HTML = 16 << 20 };

struct page_extractor *page_new(void)
{
	struct page_extractor *x = mem_alloc(sizeof(*x));

	x->doc = lxb_html_document_create();
	guard_init(&x->guard);
	language_mark_han(x->han);
	x->sanitizer = sanitize_new();
	x->class_cache = mem_alloc(CLASS_CACHE_BYTES);
	buf_init(&x->tree.text, 4 * (size_t)PAGE_MAX_BYTES);
	buf_init(&x->scratch, MAX_HTML);
	buf_init(&x->texts, MAX_HTML);
	list_init(&x->steps, sizeof(struct sanitize_step));
	return x;
}

void page_free(struct page_extractor **px)
{
	struct page_extractor *x = *px;

	if (!x)
		return;
	lxb_html_document_destroy(x->doc);
	guard_fini(&x->guard);
	sanitize_free(&x->sanitizer);
	mem_free(x->class_cache);
	buf_fini(&x->scratch);
	buf_fini(&x->texts);
	list_fini(&x->steps);
	tree_fini(x);
	mem_free(x);
	*px = NULL;
}

static bool type_is_html(struct str type)
{
	static const struct str no[] = { STR("image/"),          STR("video/"),
					 STR("audio/"),          STR("application/pdf"),
					 STR("application/zip"), STR("font/") };

	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (str_has_prefix_nocase(type, no[i]))
			return false;
	return true;
}

static int refuse(struct page_result *out, enum page_kind kind, struct err *err, const char *what)
{
	out->kind = kind;
	return err_set(err, ERR_INPUT, "no article: %s", what);
}

static struct str decode(struct page_extractor *x, struct str bytes, struct str content_type,
			 struct str *name)
{
	struct charset cs = { 0 };

	/* A feed's content has been decoded with its feed. */
	if (x->opt->fragment && utf8_valid(bytes)) {
		*name = S("UTF-8");
		return bytes;
	}
	struct str html = charset_to_utf8(x->mem, bytes, charset_of_content_type(content_type),
					  charset_of_html(bytes), &cs);

	*name = cs.name;
	return html;
}

static void start(struct page_extractor *x, struct arena *mem, const struct page_options *opt,
		  struct page_result *out)
{
	*out = (struct page_result){ .kind = PAGE_ARTICLE };
	out->article.published = out->article.modified = TIME_UNSTATED;
	out->article.first_seen = out->article.last_seen = out->article.gone = TIME_UNSTATED;
	x->mem = mem;
	x->opt = opt;
	x->out = out;
	x->meta = (struct meta){ 0 };
	x->ld = (struct ld){ 0 };
	x->root = 0;
	x->h1 = 0;
	x->rows = NULL;
	x->reporters = (struct str){ 0 };
	x->url = opt->url;
	x->is_fragment = opt->fragment;
	x->from_state = false;
	x->title_is_weak = x->title_is_alone = false;
	x->home_name = x->state_date = (struct str){ 0 };
	x->tree.count = x->tree.block_count = 0;
}

static int parse(struct page_extractor *x, struct str bytes, struct str content_type,
		 struct err *err)
{
	struct str html = decode(x, bytes, content_type, &x->out->charset);

	int result = tree_parse(x, html, err);
	if (result < 0 || (result = tree_walk(x, err)) < 0)
		return result;
	meta_read(x);
	if (x->meta.base.len)
		x->url = url_resolve(x->mem, x->opt->url, x->meta.base);
	return 0;
}

static void fill_feeds(struct page_extractor *x)
{
	size_t cap = 0;

	for (size_t i = 0; i < x->meta.feed_count; i++)
		strs_add(x->mem, &x->out->feeds, &cap,
			 arena_str(x->mem, url_resolve(x->mem, x->url, x->meta.feed_items[i].url)));
}

static void fill_text(struct page_extractor *x)
{
	struct article *art = &x->out->article;

	buf_reset(&x->scratch);
	render_text(x, &x->scratch);
	art->text = arena_str(x->mem, buf_str(&x->scratch));
	if (art->text_from == FROM_NOWHERE && art->text.len)
		art->text_from = FROM_PAGE;
	buf_reset(&x->scratch);
	render_html(x, &x->scratch);
	art->html = arena_str(x->mem, buf_str(&x->scratch));
}

enum { LITTLE_TEXT = 300 };

/* Where the markup has little text, or far less than articleBody, and the page's data has more:
 * that is read. */
static void try_state(struct page_extractor *x)
{
	struct tree *t = &x->tree;
	struct err ignored;
	size_t kept = 0;

	for (size_t i = 0; i < t->block_count; i++)
		kept += t->blocks[i].keep ? t->blocks[i].len : 0;
	if (x->opt->fragment || (kept > LITTLE_TEXT && kept * 3 > x->ld.body.len))
		return;
	/* Twice as much, or it is the same with its markup. */
	struct str html = state_article(x, kept * 2);
	if (html.len == 0 || tree_parse(x, html, &ignored) < 0 || tree_walk(x, &ignored) < 0)
		return;
	for (size_t i = 0; i < t->block_count; i++) {
		struct block *b = &t->blocks[i];
		b->keep = b->chars > 0 && b->tag != LXB_TAG_FIGCAPTION &&
			  b->link_chars * 10 <= b->chars * 8;
	}
	x->root = t->body;
	x->h1 = 0;
	x->from_state = true;
	struct article *art = &x->out->article;
	struct date d;
	if (art->published == TIME_UNSTATED && date_parse(x->state_date, x->opt->zone_min, &d)) {
		art->published = d.ms;
		art->published_offset_min = d.offset_min;
		art->published_from = FROM_JSONLD;
	}
	x->out->article.text_from = FROM_JSONLD;
}

static const char *const kind_sentences[] = {
	[PAGE_NO_ARTICLE] = "no text that reads like one",
	[PAGE_ERROR] = "error page",
	[PAGE_CONSENT_WALL] = "consent wall",
	[PAGE_LOGIN_WALL] = "login wall",
	[PAGE_NOT_HTML] = "not HTML",
	[PAGE_EMPTY] = "empty page",
};

int page_extract(struct page_extractor *x, struct arena *mem, struct str bytes,
		 const struct page_options *opt, struct page_result *out, struct err *err)
{
	start(x, mem, opt, out);
	if (bytes.len > PAGE_MAX_BYTES)
		return err_set(err, ERR_LIMIT, "page is larger than %d bytes", (int)PAGE_MAX_BYTES);
	if (str_trim(bytes).len == 0)
		return refuse(out, PAGE_EMPTY, err, kind_sentences[PAGE_EMPTY]);
	const char *what = bytes_kind(bytes);
	if (!what && !opt->fragment)
		what = code_kind(bytes);
	if (what || !type_is_html(opt->content_type))
		return refuse(out, PAGE_NOT_HTML, err, what ? what : kind_sentences[PAGE_NOT_HTML]);
	int result = parse(x, bytes, opt->content_type, err);
	if (result < 0)
		return result;
	ld_read(x);
	field_title(x);
	selector_mark(x);
	body_choose(x);
	body_trim(x);
	selector_apply(x);
	field_title_again(x);
	if (opt->body_only) {
		try_state(x);
		return 0;
	}
	field_rest(x);
	field_dates(x);
	field_people(x);
	field_topics(x);
	field_image(x);
	fill_feeds(x);
	try_state(x);
	out->kind = kind_judge(x);
	if (out->kind != PAGE_ARTICLE)
		return refuse(out, out->kind, err, kind_sentences[out->kind]);
	fill_text(x);
	field_language(x);
	return 0;
}

void page_lesson(const struct page_extractor *x, struct arena *mem, struct lesson *out)
{
	*out = (struct lesson){ 0 };
	if (x->from_state)
		return;
	furniture_lesson(&x->tree, mem, out);
	out->judged = !x->is_fragment;
}

bool page_says(const struct page_extractor *x, struct str text)
{
	for (size_t i = 0; i < x->tree.block_count; i++)
		if (x->tree.blocks[i].len >= text.len &&
		    str_contains(block_text(&x->tree, &x->tree.blocks[i]), text))
			return true;
	return false;
}

void page_use(struct page_extractor *x, const struct furniture *f)
{
	x->furniture = f;
}

int page_find_feeds(struct page_extractor *x, struct arena *mem, struct str bytes, struct str url,
		    struct str content_type, struct page_feeds *out, struct err *err)
{
	struct page_options opt = { .url = url, .content_type = content_type };
	struct page_result result;

	*out = (struct page_feeds){ 0 };
	start(x, mem, &opt, &result);
	if (bytes.len > PAGE_MAX_BYTES)
		return err_set(err, ERR_LIMIT, "page is larger than %d bytes", (int)PAGE_MAX_BYTES);
	int status = parse(x, bytes, content_type, err);
	if (status == 0) {
		out->count = x->meta.feed_count;
		out->items = x->meta.feed_items;
		for (size_t i = 0; i < out->count; i++) {
			struct page_feed *f = &out->items[i];
			f->url = arena_str(mem, url_resolve(mem, x->url, f->url));
			f->title = arena_str(mem, f->title);
			f->type = arena_str(mem, f->type);
		}
		struct str title = x->meta.og_site.len ? x->meta.og_site : x->meta.title_tag;
		out->title = arena_str(mem, title);
	}
	x->opt = NULL;
	x->out = NULL;
	return status;
}
