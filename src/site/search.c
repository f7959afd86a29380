/* The answers to a search, for serve. */
#include "site/private.h"
#include "text/escape.h"
#include "text/url.h"

/* Text with \x01 and \x02 around what matched, as markup. */
static struct str marked(struct arena *a, struct str snippet)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	while (snippet.len) {
		size_t at = 0;

		while (at < snippet.len && snippet.ptr[at] != '\x01' && snippet.ptr[at] != '\x02')
			at++;
		buf_add_html(&b, str_sub(snippet, 0, at));
		if (at < snippet.len)
			buf_add_cstr(&b, snippet.ptr[at] == '\x01' ? "<mark>" : "</mark>");
		snippet = str_from(snippet, at + 1);
	}
	struct str out = arena_str(a, buf_str(&b));
	buf_fini(&b);
	return out;
}

enum { SEARCH_PAGE = 20 };

static int put_hits(struct site *s, struct arena *a, struct value *v, const struct page_head *head,
		    const struct store_hit *hits, size_t count, struct err *err)
{
	struct value *list = value_put_list(a, v, "hits");

	for (size_t i = 0; i < count; i++) {
		struct value *item = value_add_object(a, list);
		struct article art;
		struct headline h;

		int r = store_article_get(s->store, a, hits[i].id, STORE_FIELDS, &art, err);
		if (r == ERR_NOTFOUND)
			continue;
		if (r < 0)
			return r;
		headline_of(a, &art, &h);
		put_headline(s, a, head, item, &h);
		value_put_text(a, item, "snippet", marked(a, hits[i].snippet));
	}
	return 0;
}

int site_render_search(struct site *s, struct arena *a, struct str query, int64_t page_number,
		       struct buf *out, struct err *err)
{
	struct page_head head = { .path = STR("/search"), .title = word(s, "search") };
	struct store_search q = {
		.query = query,
		.from = TIME_UNSTATED,
		.to = TIME_UNSTATED,
		.limit = SEARCH_PAGE,
	};
	struct store_hit *hits = NULL;
	size_t count = 0;
	int64_t total = 0;

	if (site_refresh(s, err) < 0)
		return err->code;
	page_number = page_number < 1 ? 1 : page_number > 1000 ? 1000 : page_number;
	q.offset = (page_number - 1) * SEARCH_PAGE;
	struct value *v = page_value(s, a, &head);
	value_put_bool(a, v, "live", true);
	value_put_bool(a, v, "is_search", true);
	value_put_text(a, v, "query", query);
	int r = query.len ? store_search(s->store, a, &q, &hits, &count, &total, err) : 0;
	if (r == ERR_INPUT)
		value_put_text(a, v, "problem", arena_str(a, str_of(err->msg)));
	else if (r < 0)
		return r;
	else if (query.len)
		value_put_text(a, v, "total_text",
			       total ? word_n(s, a, "found_n", total) : word(s, "found_none"));
	if (put_hits(s, a, v, &head, hits, count, err) < 0)
		return err->code;
	struct str q_part = url_escape(a, query);
	if (page_number > 1)
		value_put_text(a, v, "previous",
			       arena_strf(a, "search?q=%.*s&page=%lld", STR_FMT(q_part),
					  (long long)page_number - 1));
	if (page_number * SEARCH_PAGE < total)
		value_put_text(a, v, "next",
			       arena_strf(a, "search?q=%.*s&page=%lld", STR_FMT(q_part),
					  (long long)page_number + 1));
	return page_render(s, "search", v, out, err);
}
