/* The page of one article. */
#include <string.h>

#include "site/private.h"
#include "text/json.h"
#include "text/url.h"

struct str article_file(struct arena *a, const struct article *art)
{
	struct route r;

	if (path_is_safe(art->path)) {
		struct str file = path_file(a, art->path);

		route_parse(a, file, &r);
		if (r.kind == ROUTE_OTHER && (file.ptr == art->path.ptr || path_is_safe(file)))
			return file;
	}
	/* An imported address that is no file of ours, or is one of our own pages'. */
	return arena_strf(a, "/a/%.*s.html", STR_FMT(art->key));
}

int64_t article_date(const struct article *art)
{
	return art->date;
}

struct strs article_tags(struct arena *a, const struct article *art)
{
	struct strs out = { arena_array(a, 30, sizeof(struct str)), 0 };

	for (size_t i = 0; i < art->keywords.count && out.count < 30; i++) {
		struct str k = art->keywords.items[i];
		bool again = k.len == 0;

		for (size_t j = 0; j < out.count && !again; j++)
			again = str_eq(out.items[j], k);
		if (!again)
			out.items[out.count++] = k;
	}
	return out;
}

static bool is_shown(const struct headline *items, size_t count, int64_t id)
{
	for (size_t i = 0; i < count; i++)
		if (items[i].id == id)
			return true;
	return false;
}

void more_distinct(struct more *more, const struct article_context *ctx)
{
	for (size_t i = 0; i < ctx->more_count; i++) {
		size_t kept = 0;

		for (size_t j = 0; j < more[i].count; j++) {
			int64_t id = more[i].items[j].id;
			bool shown = is_shown(ctx->related, ctx->related_count, id);

			for (size_t k = 0; k < i && !shown; k++)
				shown = is_shown(more[k].items, more[k].count, id);
			if (!shown)
				more[i].items[kept++] = more[i].items[j];
		}
		more[i].count = kept;
	}
}

/* The last articles of a keyword before this one, by date and then id. */
static int find_more(struct site *s, struct arena *a, const struct article *art, struct more *more,
		     struct err *err)
{
	struct store_query q = {
		.keyword = more->keyword,
		.from = TIME_UNSTATED,
		.to = article_date(art) + 1,
		.limit = 0,
	};
	struct store_walk *walk = NULL;
	struct article other;
	int r = store_walk_open(s->store, &q, &walk, err);

	while (r >= 0 && more->count < MORE_EACH &&
	       (r = store_walk_next(walk, a, &other, err)) > 0) {
		if (article_date(&other) == article_date(art) && other.id >= art->id)
			continue;
		headline_of(a, &other, &more->items[more->count++]);
	}
	store_walk_close(&walk);
	return r < 0 ? r : 0;
}

int article_more_keywords(struct site *s, struct arena *a, const struct article *art,
			  struct more **out, size_t *count, struct err *err)
{
	struct strs tags = article_tags(a, art);

	*out = arena_array(a, MORE_TAGS, sizeof(**out));
	*count = 0;
	for (size_t i = 0; i < tags.count && *count < MORE_TAGS; i++) {
		struct more *m = &(*out)[*count];
		bool own;

		if (site_tag_path(s, a, tags.items[i], &m->path, &own, err) < 0)
			return err->code;
		if (!m->path.len || !own)
			continue;
		m->keyword = tags.items[i];
		++*count;
	}
	return 0;
}

int article_context(struct site *s, struct arena *a, const struct article *art,
		    struct article_context *ctx, struct err *err)
{
	struct more *more;
	struct revision *revisions = NULL;

	*ctx = (struct article_context){ 0 };
	if (article_related(s, a, art, ctx, err) < 0 ||
	    article_more_keywords(s, a, art, &more, &ctx->more_count, err) < 0)
		return err->code;
	for (size_t i = 0; i < ctx->more_count; i++)
		if (find_more(s, a, art, &more[i], err) < 0)
			return err->code;
	more_distinct(more, ctx);
	ctx->more = more;
	if (art->revision > 1 &&
	    store_revisions(s->store, a, art->id, &revisions, &ctx->revision_count, err) < 0)
		return err->code;
	ctx->revisions = revisions;
	return store_article_sources(s->store, a, art->id, &ctx->sources, err);
}

static struct str role_word(struct site *s, struct arena *a, struct str role)
{
	struct str found = theme_word(s->words, str_join(a, S("role_"), role));

	return found.len ? found : role;
}

/* Those of one role stand together: "譯者 甲、乙". */
static void put_byline(struct site *s, struct arena *a, struct value *v, const struct article *art,
		       struct str source_name)
{
	const struct people *people = art->credits.count ? &art->credits : &art->authors;
	struct value *list = value_put_list(a, v, "byline");
	bool *taken = arena_array(a, people->count + 1, sizeof(*taken));

	for (size_t i = 0; i < people->count; i++) {
		const struct person *p = &people->items[i];
		struct buf names;

		if (taken[i] || !p->name.len ||
		    (str_eq(p->name, source_name) && people->count == 1))
			continue;
		buf_init(&names, 4096);
		for (size_t j = i; j < people->count; j++) {
			const struct person *other = &people->items[j];

			if (taken[j] || !str_eq(other->role, p->role) || !other->name.len)
				continue;
			if (names.len)
				buf_add(&names, word(s, "name_separator").len > 2
							? word(s, "name_separator")
							: S(", "));
			buf_add(&names, other->name);
			taken[j] = true;
		}
		struct value *item = value_add_object(a, list);
		value_put_text(a, item, "role",
			       role_word(s, a, p->role.len ? p->role : S("author")));
		value_put_text(a, item, "names", arena_str(a, buf_str(&names)));
		buf_fini(&names);
	}
	value_put_bool(a, v, "has_byline", list->count > 0);
}

static int put_tags(struct site *s, struct arena *a, struct value *v, const struct page_head *head,
		    const struct article *art, struct err *err)
{
	struct strs tags = article_tags(a, art);
	struct value *list = value_put_list(a, v, "tags");

	for (size_t i = 0; i < tags.count; i++) {
		struct value *item = value_add_object(a, list);
		struct str path;
		bool own;

		if (site_tag_path(s, a, tags.items[i], &path, &own, err) < 0)
			return err->code;
		value_put_text(a, item, "name", tags.items[i]);
		if (path.len)
			put_list_link(s, a, head, item, "url", path);
	}
	bool some = list->count > 0;
	value_put_bool(a, v, "has_tags", some);
	return 0;
}

static void put_more(struct site *s, struct arena *a, struct value *v, const struct page_head *head,
		     const struct article_context *ctx)
{
	struct value *list = value_put_list(a, v, "more");

	for (size_t i = 0; i < ctx->more_count; i++) {
		const struct more *m = &ctx->more[i];

		if (!m->count)
			continue;
		struct value *item = value_add_object(a, list);
		value_put_text(a, item, "name", m->keyword);
		put_list_link(s, a, head, item, "url", m->path);
		struct value *items = value_put_list(a, item, "items");
		for (size_t j = 0; j < m->count; j++)
			put_headline(s, a, head, value_add_object(a, items), &m->items[j]);
	}
	value_put_bool(a, v, "has_more", list->count > 0);
}

static void put_related(struct site *s, struct arena *a, struct value *v,
			const struct page_head *head, const struct article_context *ctx)
{
	struct value *list = value_put_list(a, v, "related");

	for (size_t i = 0; i < ctx->related_count; i++)
		put_headline(s, a, head, value_add_object(a, list), &ctx->related[i]);
	value_put_bool(a, v, "has_related", ctx->related_count > 0);
}

/* A source that carries it, with the page of its category where that has one. */
static void put_source(struct site *s, struct arena *a, struct value *v,
		       const struct page_head *head, const struct article *art)
{
	const struct site_source *source = site_source(s, art->source);
	const struct site_category *category = source ? site_category(s, source->category) : NULL;

	value_put_text(a, v, "source", source ? source->name : art->source);
	if (source)
		put_list_link(s, a, head, v, "source_url", source->path);
	if (category && category->page) {
		value_put_text(a, v, "category", category->name);
		put_list_link(s, a, head, v, "category_url", category->path);
	}
}

static void put_others(struct site *s, struct arena *a, struct value *v,
		       const struct page_head *head, const struct article *art,
		       const struct article_context *ctx)
{
	struct value *list = value_put_list(a, v, "also");

	for (size_t i = 0; i < ctx->sources.count; i++) {
		const struct site_source *source = site_source(s, ctx->sources.items[i]);

		if (!source || str_eq(source->key, art->source))
			continue;
		struct value *item = value_add_object(a, list);
		value_put_text(a, item, "name", source->name);
		put_list_link(s, a, head, item, "url", source->path);
	}
	value_put_bool(a, v, "has_also", list->count > 0);
}

static void put_history(struct site *s, struct arena *a, struct value *v,
			const struct page_head *head, const struct article *art,
			const struct article_context *ctx)
{
	put_time(s, a, v, "first_seen", "date_time_zone", art->first_seen, s->opt.zone_min);
	put_time(s, a, v, "gone", "date_time_zone", art->gone, s->opt.zone_min);
	if (art->revision < 2)
		return;
	value_put_text(a, v, "edited_text", word_n(s, a, "edited_n", art->revision - 1));
	value_put_text(a, v, "edits_url", page_link(s, a, head, article_edits_file(a, art)));
	value_put_text(a, v, "revisions_text", word_n(s, a, "revisions_n", art->revision));
	struct value *list = value_put_list(a, v, "revisions");
	for (size_t i = 0; i < ctx->revision_count; i++) {
		const struct revision *r = &ctx->revisions[i];
		struct value *item = value_add_object(a, list);

		value_put_i64(a, item, "number", r->number);
		put_time(s, a, item, "seen", "date_time_zone", r->seen, s->opt.zone_min);
		if (i > 0 && !str_eq(r->title, ctx->revisions[i - 1].title))
			value_put_text(a, item, "old_title", ctx->revisions[i - 1].title);
	}
}

static void put_attachments(struct arena *a, struct value *v, const struct article *art)
{
	struct value *list = value_put_list(a, v, "attachments");

	for (size_t i = 0; i < art->attachments.count; i++) {
		const struct attachment *at = &art->attachments.items[i];

		if (!url_is_http(at->url))
			continue;
		struct value *item = value_add_object(a, list);
		value_put_text(a, item, "url", at->url);
		value_put_text(a, item, "title", at->title.len ? at->title : url_site(a, at->url));
		value_put_text(a, item, "type", at->mime_type);
	}
	value_put_bool(a, v, "has_attachments", list->count > 0);
}

static struct str json_ld(struct site *s, struct arena *a, const struct article *art,
			  struct str title)
{
	const struct site_source *source = site_source(s, art->source);
	struct json j;
	struct buf b;

	buf_init(&b, 1 << 16);
	json_start(&j, &b, 0);
	j.in_html = true;
	json_begin_object(&j);
	json_member(&j, "@context", S("https://schema.org"));
	json_member(&j, "@type", S("NewsArticle"));
	json_member(&j, "headline", title);
	json_member_opt(&j, "inLanguage", language_tag(a, art->language));
	json_member_time(&j, "datePublished", art->published, art->published_offset_min);
	json_member_time(&j, "dateModified", art->modified, art->published_offset_min);
	json_member_opt(&j, "articleSection", art->section);
	if (url_is_http(art->url)) {
		json_member(&j, "mainEntityOfPage", art->url);
		json_member(&j, "isBasedOn", art->url);
	}
	if (art->authors.count) {
		json_add_key(&j, S("author"));
		json_begin_array(&j);
		for (size_t i = 0; i < art->authors.count; i++) {
			json_begin_object(&j);
			json_member(&j, "@type", S("Person"));
			json_member(&j, "name", art->authors.items[i].name);
			json_end(&j);
		}
		json_end(&j);
	}
	if (source) {
		json_add_key(&j, S("publisher"));
		json_begin_object(&j);
		json_member(&j, "@type", S("NewsMediaOrganization"));
		json_member(&j, "name", source->name);
		json_member_opt(&j, "url", source->home_url);
		json_end(&j);
	}
	if (art->keywords.count) {
		json_add_key(&j, S("keywords"));
		json_begin_array(&j);
		for (size_t i = 0; i < art->keywords.count; i++)
			json_add_str(&j, art->keywords.items[i]);
		json_end(&j);
	}
	json_end(&j);
	struct str text = arena_str(a, buf_str(&b));
	buf_fini(&b);
	return text;
}

static void put_text(struct site *s, struct arena *a, struct value *v, const struct page_head *head,
		     const struct article *art)
{
	struct buf *html = &s->scratch; /* lives as long as the page is made */

	buf_reset(html);
	list_reset(&s->pictures);
	bool same = media_linked(s, a, art->html, head, html).ptr == art->html.ptr;
	size_t end = html->len;
	/* The lead picture stands above a text that shows none. */
	struct picture_shown lead;
	if (!s->pictures.count && picture_find(s, a, art->image, &lead))
		picture_add(s, a, html, &lead, head, S(""));
	struct str both = buf_str(html);
	value_put_text(a, v, "html", same ? art->html : str_sub(both, 0, end));
	if (both.len > end)
		value_put_text(a, v, "lead", str_from(both, end));
	/* The publisher's own text has it as a rule, and it is not said twice. */
	if (art->dateline.text.len && !str_contains(str_sub(art->text, 0, 600), art->dateline.text))
		value_put_text(a, v, "dateline", art->dateline.text);
	if (!art->text.len && art->summary.len)
		value_put_text(a, v, "summary", art->summary);
}

/* The publisher's own clock where he states one. UTC is what machines state: then the mirror's,
 * which the lists show, too. */
static int shown_offset(const struct site *s, const struct article *art)
{
	return art->published_offset_min ? art->published_offset_min : s->opt.zone_min;
}

int article_render(struct site *s, struct arena *a, const struct article *art,
		   const struct article_context *ctx, struct buf *out, struct err *err)
{
	struct headline h;
	if (ctx->headline)
		h = *ctx->headline;
	else
		headline_of(a, art, &h);
	struct page_head head = {
		.path = h.path,
		.title = h.title,
		.description = h.excerpt,
		.article = true,
		.canonical = url_is_http(art->url) ? art->url : S(""),
	};
	const struct site_source *source = site_source(s, art->source);

	if (source) {
		head.feed_path = str_join(a, source->path, S(".xml"));
		head.feed_title = source->name;
	}
	struct value *v = page_value(s, a, &head);
	value_put_text(a, v, "title", h.title);
	if (h.language.len && !str_eq(h.language, s->opt.language))
		value_put_text(a, v, "text_lang", h.language);
	put_source(s, a, v, &head, art);
	put_others(s, a, v, &head, art, ctx);
	put_byline(s, a, v, art, source ? source->name : art->source);
	put_time(s, a, v, "published", "date_time_zone", art->published, shown_offset(s, art));
	if (art->modified != TIME_UNSTATED && art->modified > article_date(art) + 60000)
		put_time(s, a, v, "modified", "date_time_zone", art->modified,
			 shown_offset(s, art));
	put_text(s, a, v, &head, art);
	if (put_tags(s, a, v, &head, art, err) < 0)
		return err->code;
	put_related(s, a, v, &head, ctx);
	put_more(s, a, v, &head, ctx);
	put_history(s, a, v, &head, art, ctx);
	put_attachments(a, v, art);
	value_put_bool(a, v, "paywalled", art->paywalled);
	value_put_text(a, v, "licence", art->licence);
	if (url_is_http(art->url)) {
		value_put_text(a, v, "original", art->url);
		value_put_text(a, v, "original_site", url_site(a, art->url));
	}
	struct list_ref month = { LIST_MONTH, month_of(a, h.date, s->opt.zone_min) };
	value_put_text(a, v, "month", format_time(s, a, "month", h.date, s->opt.zone_min));
	put_list_link(s, a, &head, v, "month_url", list_path(a, &month));
	value_put_text(a, v, "jsonld", json_ld(s, a, art, h.title));
	value_put_text(a, v, "comments", s->opt.comments);
	value_index(a, v);
	return page_render(s, "article", v, out, err);
}
