/*
 * Atom feeds (RFC 4287): of everything, of a source, of a keyword, of edits and of deletions.
 *
 * The feed of everything is an archived one (RFC 5005, section 4) in the order in which articles
 * came, so that a reader who has missed a month can have all of it: /feed.xml has the last ones,
 * and /feed/N.xml FEED_ARCHIVE each, always the same. What was edited or withdrawn since is told in
 * /feed.xml again. Those of sources and tags are archived along the pages of their lists, by date:
 * LIST.xml has what LIST.html shows, LIST/N.xml what LIST/N.html does. What a publisher has
 * withdrawn is no entry but a tombstone (RFC 6721).
 */
#include <stdlib.h>
#include <string.h>

#include "site/private.h"
#include "text/escape.h"
#include "text/url.h"

static void open_element(struct buf *out, const char *name)
{
	buf_add_ch(out, '<');
	buf_add_cstr(out, name);
	buf_add_ch(out, '>');
}

static void close_element(struct buf *out, const char *name)
{
	buf_add(out, S("</"));
	buf_add_cstr(out, name);
	buf_add(out, S(">\n"));
}

void feed_time(struct arena *a, struct buf *out, const char *name, int64_t ms)
{
	if (ms == TIME_UNSTATED)
		return;
	open_element(out, name);
	buf_add(out, rfc3339(a, ms, 0));
	close_element(out, name);
}

void feed_element(struct buf *out, const char *name, struct str text)
{
	if (!text.len)
		return;
	open_element(out, name);
	buf_add_xml(out, text);
	close_element(out, name);
}

static void link_start(struct buf *out, const char *rel, const char *type)
{
	buf_add(out, S("<link rel=\""));
	buf_add_cstr(out, rel);
	if (type) {
		buf_add(out, S("\" type=\""));
		buf_add_cstr(out, type);
	}
	buf_add(out, S("\" href=\""));
}

void feed_link(struct buf *out, const char *rel, struct str url, const char *type)
{
	link_start(out, rel, type);
	buf_add_xml(out, url);
	buf_add(out, S("\"/>\n"));
}

void feed_start(struct site *s, struct arena *a, const struct feed_head *head, struct buf *out)
{
	struct str self = public_url(s, a, head->path);
	struct str of = head->of.len ? head->of : head->path;

	buf_add(out, S("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed "
		       "xmlns=\"http://www.w3.org/2005/Atom\" "
		       "xmlns:at=\"http://purl.org/atompub/tombstones/1.0\" "
		       "xmlns:fh=\"http://purl.org/syndication/history/1.0\" xml:lang=\""));
	buf_add_xml(out, s->opt.language);
	buf_add(out, S("\">\n"));
	feed_element(out, "title", head->title);
	/* An id must be an IRI with a scheme; without a base address the title makes one. */
	feed_element(out, "id",
		     s->opt.base_url.len ? public_url(s, a, of)
					 : arena_strf(a, "urn:dibao:%.*s%.*s",
						      STR_FMT(url_escape(a, s->opt.title)),
						      STR_FMT(path_escape(a, of))));
	feed_time(a, out, "updated", head->updated == TIME_UNSTATED ? 0 : head->updated);
	feed_link(out, "self", self, "application/atom+xml");
	feed_link(out, "alternate", public_url(s, a, head->page), "text/html");
	if (head->of.len)
		feed_link(out, "current", public_url(s, a, head->of), "application/atom+xml");
	if (head->previous.len)
		feed_link(out, "prev-archive", public_url(s, a, head->previous),
			  "application/atom+xml");
	if (head->of.len)
		buf_add(out, S("<fh:archive/>\n"));
	buf_add(out, S("<author><name>"));
	buf_add_xml(out, s->opt.author.len ? s->opt.author : s->opt.title);
	buf_add(out, S("</name></author>\n<generator "
		       "uri=\"https://github.com/dibao/dibao\">dibao</generator>\n"));
}

/* The address at the publisher, which does not depend on where the mirror stands. */
struct str feed_entry_id(const struct site *s, struct arena *a, const struct headline *h)
{
	return h->url.len ? h->url : public_url(s, a, h->path);
}

void feed_entry_open(const struct site *s, struct buf *out, const struct headline *h)
{
	buf_add(out, S("<entry"));
	if (h->language.len && !str_eq(h->language, s->opt.language)) {
		buf_add(out, S(" xml:lang=\""));
		buf_add_xml(out, h->language);
		buf_add(out, S("\""));
	}
	buf_add(out, S(">\n"));
}

static void link_to_page(const struct site *s, struct buf *out, const char *rel,
			 const struct headline *h)
{
	link_start(out, rel, "text/html");
	public_url_to(s, out, h->path);
	buf_add(out, S("\"/>\n"));
}

static void entry_start(const struct site *s, struct arena *a, struct buf *out,
			const struct headline *h)
{
	const struct site_source *source = site_source(s, h->source);

	feed_entry_open(s, out, h);
	feed_element(out, "title", h->title);
	feed_element(out, "id", feed_entry_id(s, a, h));
	link_to_page(s, out, "alternate", h);
	if (url_is_http(h->url))
		feed_link(out, "via", h->url, NULL);
	feed_time(a, out, "published", h->date);
	feed_time(a, out, "updated", h->updated);
	buf_add(out, S("<author><name>"));
	buf_add_xml(out, source ? source->name : h->source.len ? h->source : s->opt.title);
	buf_add(out, S("</name></author>\n"));
}

/* In place of the entry, where there was one. */
static void add_tombstone(const struct site *s, struct arena *a, struct buf *out,
			  const struct headline *h)
{
	buf_add(out, S("<at:deleted-entry ref=\""));
	buf_add_xml(out, feed_entry_id(s, a, h));
	buf_add(out, S("\" when=\""));
	buf_add(out, rfc3339(a, h->gone, 0));
	buf_add(out, S("\">\n"));
	feed_element(out, "at:comment", word(s, "gone_short"));
	link_to_page(s, out, "related", h);
	buf_add(out, S("</at:deleted-entry>\n"));
}

static void add_categories(struct arena *a, struct buf *out, const struct article *art)
{
	struct strs tags = article_tags(a, art);

	for (size_t i = 0; i < tags.count; i++) {
		buf_add(out, S("<category term=\""));
		buf_add_xml(out, tags.items[i]);
		buf_add(out, S("\"/>\n"));
	}
}

static void add_brief(const struct site *s, struct arena *a, struct buf *out,
		      const struct headline *h)
{
	if (h->gone != TIME_UNSTATED) {
		add_tombstone(s, a, out, h);
		return;
	}
	entry_start(s, a, out, h);
	feed_element(out, "summary", h->excerpt);
	buf_add(out, S("</entry>\n"));
}

static void add_article(struct site *s, struct arena *a, struct buf *out, const struct article *art,
			const struct headline *h)
{
	struct buf html;

	if (h->gone != TIME_UNSTATED) {
		add_tombstone(s, a, out, h);
		return;
	}
	entry_start(s, a, out, h);
	add_categories(a, out, art);
	buf_init(&html, PAGE_MAX_OUT);
	struct str linked = media_linked(s, a, art->html, NULL, &html);
	if (linked.len) {
		buf_add(out, S("<content type=\"html\">"));
		buf_add_xml(out, linked);
		buf_add(out, S("</content>\n"));
	} else {
		feed_element(out, "summary", h->excerpt);
	}
	buf_fini(&html);
	buf_add(out, S("</entry>\n"));
}

static int64_t later(int64_t x, int64_t y)
{
	return x > y ? x : y;
}

/* When the feed says so: a publisher's edit is an update, whether he tells or not. */
static int feed_headline(struct site *s, struct arena *a, const struct article *art,
			 struct headline *h, struct err *err)
{
	struct revision last;

	headline_of(a, art, h);
	if (art->revision < 2)
		return 0;
	if (store_revision_get(s->store, a, art->id, art->revision, &last, err) < 0)
		return err->code;
	h->updated = later(h->updated, last.seen);
	return 0;
}

/* --- the articles of a source or a keyword ----------------------------------------------- */

/* Times of entries decide when the feed was last updated: they come first. */
static int add_articles(struct site *s, struct arena *a, const struct store_query *q,
			struct buf *entries, int64_t *updated, struct err *err)
{
	struct store_walk *walk = NULL;
	struct article art;
	int r = store_walk_open(s->store, q, &walk, err);

	*updated = TIME_UNSTATED;
	for (int64_t n = 0; r >= 0 && n < q->limit && (r = store_walk_next(walk, a, &art, err)) > 0;
	     n++) {
		struct headline h;

		r = feed_headline(s, a, &art, &h, err);
		*updated = later(*updated, later(h.updated, h.gone));
		add_article(s, a, entries, &art, &h);
	}
	store_walk_close(&walk);
	return r < 0 ? r : 0;
}

int feed_finish(struct site *s, struct arena *a, const struct feed_head *head, struct buf *entries,
		struct buf *out, struct err *err)
{
	feed_start(s, a, head, out);
	buf_add(out, buf_str(entries));
	buf_add(out, S("</feed>\n"));
	return buf_check(entries, err) < 0 ? err->code : buf_check(out, err);
}

static struct str file_of(struct arena *a, const struct list_view *v, int64_t page, bool feed)
{
	struct str files[2];

	list_files(a, v->ref.kind, v->path, page, files);
	return files[feed];
}

static struct feed_head list_head(struct site *s, struct arena *a, const struct list_view *v)
{
	int64_t previous = v->page ? v->page - 1 : v->pages;

	return (struct feed_head){
		.path = file_of(a, v, v->page, true),
		.page = file_of(a, v, v->page, false),
		.of = v->page ? file_of(a, v, 0, true) : S(""),
		.previous = previous ? file_of(a, v, previous, true) : S(""),
		.title = arena_strf(a, "%.*s \xE2\x80\x93 %.*s", STR_FMT(list_title(s, a, &v->ref)),
				    STR_FMT(s->opt.title)),
		.updated = TIME_UNSTATED,
	};
}

/* The newest of a source's, with all of their text. */
static int add_newest(struct site *s, struct arena *a, const struct list_view *v,
		      struct buf *entries, int64_t *updated, struct err *err)
{
	struct store_query q;

	if (list_query(s, &v->ref, &q, err) < 0)
		return err->code;
	q.with = STORE_ALL;
	q.limit = FEED_PART;
	return add_articles(s, a, &q, entries, updated, err);
}

int feed_list(struct site *s, struct arena *a, const struct list_view *v, struct buf *out,
	      struct err *err)
{
	struct feed_head head = list_head(s, a, v);
	bool whole = v->ref.kind == LIST_SOURCE && !v->page;
	struct buf entries;

	buf_init(&entries, PAGE_MAX_OUT);
	int r = whole ? add_newest(s, a, v, &entries, &head.updated, err) : 0;
	for (size_t i = whole ? FEED_PART : 0; i < v->count && r == 0; i++) {
		const struct headline *h = &v->items[i];

		head.updated = later(head.updated, later(h->updated, h->gone));
		add_brief(s, a, &entries, h);
	}
	if (r == 0)
		r = feed_finish(s, a, &head, &entries, out, err);
	buf_fini(&entries);
	return r;
}

/* --- everything ------------------------------------------------------------------------------- */

int64_t feed_archives(const struct site *s)
{
	return s->last_article <= FEED_WHOLE ? 0 : (s->last_article - FEED_WHOLE) / FEED_ARCHIVE;
}

struct str feed_archive_path(struct arena *a, int64_t number)
{
	return arena_strf(a, "/feed/%lld.xml", (long long)number);
}

int feed_archive_of(struct site *s, struct arena *a, int64_t number,
		    const struct headline items[FEED_ARCHIVE], struct buf *out, struct err *err)
{
	struct feed_head head = {
		.path = feed_archive_path(a, number),
		.of = STR("/feed.xml"),
		.page = STR("/index.html"),
		.title = s->opt.title,
		.previous = number > 1 ? feed_archive_path(a, number - 1) : S(""),
		.updated = TIME_UNSTATED,
	};

	for (int64_t i = 0; i < FEED_ARCHIVE; i++)
		head.updated = later(head.updated, later(items[i].updated, items[i].gone));
	feed_start(s, a, &head, out);
	for (int64_t i = FEED_ARCHIVE; i-- > 0;)
		add_brief(s, a, out, &items[i]);
	buf_add(out, S("</feed>\n"));
	return buf_check(out, err);
}

int feed_archive(struct site *s, struct arena *a, int64_t number, struct buf *out, struct err *err)
{
	struct headline items[FEED_ARCHIVE];
	struct article art;

	if (number > feed_archives(s))
		return err_set(err, ERR_NOTFOUND, "no archive %lld", (long long)number);
	for (int64_t i = 0; i < FEED_ARCHIVE; i++) {
		if (store_article_get(s->store, a, (number - 1) * FEED_ARCHIVE + i + 1, STORE_TEXT,
				      &art, err) < 0)
			return err->code;
		headline_of(a, &art, &items[i]);
	}
	return feed_archive_of(s, a, number, items, out, err);
}

/* An article of the feed of everything, told with all of its text. */
struct told {
	struct article art;
	struct headline h;
};

static int by_update(const void *x, const void *y)
{
	const struct headline *a = &((const struct told *)x)->h, *b = &((const struct told *)y)->h;
	int64_t ta = later(a->updated, a->gone), tb = later(b->updated, b->gone);

	return ta > tb ? -1 : ta < tb ? 1 : (a->id < b->id) - (a->id > b->id);
}

static int tell(struct site *s, struct arena *a, struct list *all, int64_t id, struct err *err)
{
	for (size_t i = 0; i < all->count; i++)
		if (((struct told *)list_at(all, i))->art.id == id)
			return 0;
	struct told *t = list_add(all);
	if (store_article_get(s->store, a, id, STORE_ALL, &t->art, err) < 0)
		return err->code;
	return feed_headline(s, a, &t->art, &t->h, err);
}

/* What came since the last archive, and the last edits and deletions of what stands in one. */
static int tell_all(struct site *s, struct arena *a, struct list *all, struct err *err)
{
	for (int64_t id = feed_archives(s) * FEED_ARCHIVE + 1; id <= s->last_article; id++)
		if (tell(s, a, all, id, err) < 0)
			return err->code;
	for (int kind = 0; kind < STORE_EVENT_KINDS; kind++) {
		struct store_event *events;
		size_t count;

		if (store_events(s->store, a, (enum store_event_kind)kind,
				 s->last_event[kind] - FEED_PART + 1, s->last_event[kind], &events,
				 &count, err) < 0)
			return err->code;
		for (size_t i = 0; i < count; i++)
			if (tell(s, a, all, events[i].article_id, err) < 0)
				return err->code;
	}
	return 0;
}

int feed_whole(struct site *s, struct arena *a, struct buf *out, struct err *err)
{
	int64_t archives = feed_archives(s);
	struct feed_head head = {
		.path = STR("/feed.xml"),
		.page = STR("/index.html"),
		.title = s->opt.title,
		.previous = archives ? feed_archive_path(a, archives) : S(""),
		.updated = TIME_UNSTATED,
	};
	struct list all;
	struct buf entries;

	list_init(&all, sizeof(struct told));
	buf_init(&entries, PAGE_MAX_OUT);
	int r = tell_all(s, a, &all, err);
	if (r == 0 && all.count)
		qsort(all.items, all.count, all.item_size, by_update);
	for (size_t i = 0; r == 0 && i < all.count; i++) {
		const struct told *t = list_at(&all, i);

		head.updated = later(head.updated, later(t->h.updated, t->h.gone));
		add_article(s, a, &entries, &t->art, &t->h);
	}
	if (r == 0)
		r = feed_finish(s, a, &head, &entries, out, err);
	buf_fini(&entries);
	list_fini(&all);
	return r;
}
