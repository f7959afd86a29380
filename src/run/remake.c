/* A capture's body stays unpacked: articles of one feed's capture mostly follow each other. */
#include "run/remake.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/mem.h"
#include "feed/feed.h"
#include "text/url.h"

enum { MAX_BODY_BYTES = 64 << 20, REASON = 160 };

struct remaker {
	struct store *store;
	struct blob *blob;
	struct str (*of_import)(struct arena *a, const struct capture *c, struct str bytes);
	struct reader *reader;    /* made when it is needed: it is large, and edits are rare */
	struct arena mem;         /* of one article */
	struct arena capture_mem; /* of the capture below */
	struct capture capture;   /* the last one read; id 0: none */
	struct page_seen seen;    /* of the page read last; empty where it was none */
	struct buf body;
};

struct remaker *remaker_new(struct store *store, struct blob *blob,
			    struct str (*markup_of_import)(struct arena *a, const struct capture *c,
							   struct str bytes))
{
	struct remaker *m = mem_alloc(sizeof(*m));

	m->store = store;
	m->blob = blob;
	m->of_import = markup_of_import;
	arena_init(&m->mem);
	arena_init(&m->capture_mem);
	buf_init(&m->body, MAX_BODY_BYTES);
	return m;
}

void remaker_free(struct remaker **m)
{
	if (!*m)
		return;
	reader_free(&(*m)->reader);
	buf_fini(&(*m)->body);
	arena_fini(&(*m)->capture_mem);
	arena_fini(&(*m)->mem);
	mem_free(*m);
	*m = NULL;
}

/* The body of a capture into m->body, unless it is there. */
static int load_capture(struct remaker *m, int64_t id, struct err *err)
{
	if (m->capture.id == id)
		return 0;
	m->capture = (struct capture){ 0 };
	arena_reset(&m->capture_mem);
	buf_reset(&m->body);
	if (store_capture_get(m->store, &m->capture_mem, id, &m->capture, err) < 0)
		return err->code;
	int rc = blob_get(m->blob, &m->capture.body, &m->body, err);
	if (rc == 0)
		rc = buf_check(&m->body, err);
	if (rc < 0)
		m->capture.id = 0;
	return rc;
}

static bool is_entry_of(struct arena *a, const struct entry *e, const struct article *art)
{
	if (art->guid.len)
		return str_eq(e->id, art->guid);
	return url_is_http(e->link) && str_eq(url_canonical(a, e->link), art->url);
}

/* The article's entry in the feed at hand. False: it is no feed, or has no such entry. */
static bool read_from_feed(struct remaker *m, const struct source *source,
			   const struct article *stored, struct article *out, char *reason)
{
	struct feed_options opt = {
		.base = m->capture.final_url,
		.content_type = m->capture.content_type,
		.zone_min = source->zone_min,
	};
	struct feed *feed = NULL;
	struct entry entry;
	struct err err;
	bool found = false;
	int rc = feed_open(buf_str(&m->body), &opt, &feed, &err);

	if (rc < 0) {
		snprintf(reason, REASON, "%.150s", err.msg);
		return false;
	}
	while (!found && (rc = feed_next(feed, reader_scratch(m->reader), &entry, &err)) > 0)
		found = is_entry_of(&m->mem, &entry, stored);
	if (found) {
		reader_entry(m->reader, source, &entry, out);
		if (!out->language.len)
			out->language = arena_str(&m->mem, feed_info(feed)->language);
	} else {
		snprintf(reason, REASON, "the feed that is kept has no such entry");
	}
	/* Strings of the entry may be views of the body, which stays. */
	feed_close(&feed);
	return found;
}

/* What the store has stands in for the feed's entry, which named the page. */
static struct article hint_of(const struct article *stored)
{
	struct article hint = *stored;

	if (stored->text_from != FROM_FEED)
		hint.text = hint.html = (struct str){ 0 };
	if (stored->title_from != FROM_FEED)
		hint.title = (struct str){ 0 };
	return hint;
}

static bool read_from_page(struct remaker *m, const struct source *source,
			   const struct article *hint, struct article *out, char *reason)
{
	reader_scratch(m->reader);
	return reader_page(m->reader, source, &m->capture, buf_str(&m->body), hint, out, &m->seen,
			   reason, REASON);
}

static bool read_from_import(struct remaker *m, const struct source *source,
			     const struct article *stored, struct article *out, char *reason)
{
	struct arena *mem = reader_scratch(m->reader);
	struct str markup = { 0 };

	if (m->of_import)
		markup = m->of_import(mem, &m->capture, buf_str(&m->body));
	if (!markup.len) {
		snprintf(reason, REASON, "the file that is kept has no text");
		return false;
	}
	*out = *stored;
	out->credits = (struct people){ 0 };
	out->dateline = (struct dateline){ 0 };
	reader_content(m->reader, source, markup, stored->url, out);
	out->text_from = stored->text_from;
	return true;
}

static bool looks_like_feed(const struct capture *c, struct str body)
{
	struct str front = str_sub(body, 0, 1024);

	return str_contains_nocase(c->content_type, S("xml")) ||
	       str_contains_nocase(c->content_type, S("json")) || str_contains(front, S("<rss")) ||
	       str_contains(front, S("<feed")) || str_contains(front, S("<rdf")) ||
	       str_contains(front, S("<?xml"));
}

static bool read_again(struct remaker *m, const struct source *source, const struct article *stored,
		       const struct article *hint, struct article *out, char *reason)
{
	struct str body = buf_str(&m->body);

	if (m->capture.status == 0)
		return read_from_import(m, source, stored, out, reason);
	/* An XHTML page may look like a feed: what is no feed is a page. */
	if (looks_like_feed(&m->capture, body) && read_from_feed(m, source, stored, out, reason))
		return true;
	return read_from_page(m, source, hint, out, reason);
}

bool remake_article(struct remaker *m, const struct source *source, const struct learnt *learnt,
		    const struct article *stored, const struct article *hint, int64_t capture_id,
		    struct article *out, char *reason, size_t reason_size)
{
	char why[REASON] = "";
	struct article own = hint_of(stored);
	struct err err;
	bool made = false;

	if (!m->reader)
		m->reader = reader_new();
	arena_reset(&m->mem);
	m->seen = (struct page_seen){ 0 };
	reader_use(m->reader, learnt);
	if (load_capture(m, capture_id, &err) < 0)
		snprintf(why, sizeof(why), "%.150s", err.msg);
	else
		made = read_again(m, source, stored, hint ? hint : &own, out, why);
	if (made && !out->text.len)
		made = false;
	if (!made)
		snprintf(reason, reason_size, "%s", why[0] ? why : "no text");
	return made;
}

struct str remake_title(const struct remaker *m)
{
	return m->seen.title;
}

void remake_lesson(const struct remaker *m, struct arena *a, struct lesson *out)
{
	reader_lesson(m->reader, a, out);
}
