/* Lists filled oldest first: a numbered page is put as soon as what follows it is known to fill
 * another. */
#include <string.h>

#include "base/mem.h"
#include "site/build.h"

enum { LIST_HELD = 3 * LIST_PAGE, LIST_END = 40 * LIST_PAGE };

static char *copy_into(char *at, struct str *s)
{
	if (s->len)
		memcpy(at, s->ptr, s->len);
	s->ptr = at;
	return at + s->len;
}

struct kept *kept_new(const struct headline *h, bool brief)
{
	size_t size = h->path.len + h->title.len + h->language.len + h->source.len +
		      (brief ? 0 : h->excerpt.len + h->url.len);
	struct kept *k = mem_realloc(NULL, sizeof(*k) + size);
	char *at = (char *)(k + 1);

	k->holders = 1;
	k->h = *h;
	k->h.image = S("");
	if (brief)
		k->h.excerpt = k->h.url = S("");
	at = copy_into(at, &k->h.path);
	at = copy_into(at, &k->h.title);
	at = copy_into(at, &k->h.language);
	at = copy_into(at, &k->h.source);
	at = copy_into(at, &k->h.excerpt);
	copy_into(at, &k->h.url);
	return k;
}

struct kept *kept_hold(struct kept *k)
{
	k->holders++;
	return k;
}

void kept_drop(struct kept *k)
{
	if (k && --k->holders == 0)
		mem_free(k);
}

void list_builder_init(struct build *b, struct list_builder *l, const struct list_ref *ref)
{
	*l = (struct list_builder){ .ref = { ref->kind, arena_str(&b->life, ref->name) } };
	l->path = list_path(&b->life, ref);
}

/* A page of a list, or its feed, to be made and put. */
struct list_page {
	struct list_view view;
	struct str file;
};

static int put_list_page(struct build *b, const void *what)
{
	const struct list_page *p = what;
	int r = list_render(b->site, &b->page, &p->view, &b->bytes, b->err);

	if (r == 0)
		r = build_put(b, p->file);
	arena_reset(&b->page);
	return r;
}

static int put_list_feed(struct build *b, const void *what)
{
	const struct list_page *p = what;
	int r = feed_list(b->site, &b->page, &p->view, &b->bytes, b->err);

	if (r == 0)
		r = build_put(b, p->file);
	arena_reset(&b->page);
	return r;
}

/* Here, or by the crew: the page's headlines are the `count` before `end`, newest first. */
static int put(struct build *b, struct list_builder *l, crew_work *work, struct list_page *p,
	       size_t end, size_t count)
{
	struct batch *batch = crew_makes_all(b) ? crew_batch(b->crew) : NULL;
	struct arena *a = batch ? batch_arena(batch) : &b->page;
	struct headline *items = arena_array(a, count + 1, sizeof(*items));

	for (size_t i = 0; i < count; i++) {
		items[i] = l->items[end - 1 - i]->h;
		if (batch)
			batch_hold(batch, l->items[end - 1 - i]);
	}
	p->view.ref = l->ref;
	p->view.path = l->path;
	p->view.items = items;
	p->view.count = count;
	if (!batch)
		return work(b, p);
	struct list_page *mine = arena_alloc(a, sizeof(*mine));
	*mine = *p;
	mine->file = arena_str(a, p->file);
	arena_reset(&b->page);
	return crew_do(b->crew, batch, work, mine);
}

/* Puts the `count` oldest as page number (0: the newest page) of `pages`, newest first, and as that
 * page's feed. */
static int put_page(struct build *b, struct list_builder *l, size_t count, int64_t page,
		    int64_t pages)
{
	static crew_work *const works[] = { put_list_page, put_list_feed };
	int r = 0;

	for (size_t i = 0; i < 2 && r == 0; i++) {
		struct str files[2];
		size_t have = list_files(&b->page, l->ref.kind, l->path, page, files);
		struct list_page p = {
			.view = { .page = page,
				  .pages = pages,
				  .total = l->pages * LIST_PAGE + (int64_t)count },
			.file = files[i],
		};

		if (i < have)
			r = put(b, l, works[i], &p, count, count);
	}
	return r;
}

static int put_numbered(struct build *b, struct list_builder *l, int64_t pages)
{
	if (put_page(b, l, LIST_PAGE, l->pages + 1, pages) < 0)
		return b->err->code;
	for (size_t i = 0; i < LIST_PAGE; i++)
		kept_drop(l->items[i]);
	l->count -= LIST_PAGE;
	memmove(l->items, l->items + LIST_PAGE, l->count * sizeof(*l->items));
	l->pages++;
	return 0;
}

int list_builder_add(struct build *b, struct list_builder *l, struct kept *k)
{
	if (!l->items || (l->count & (l->count - 1)) == 0)
		l->items = mem_realloc(l->items, (l->count ? l->count * 2 : 1) * sizeof(*l->items));
	l->items[l->count++] = kept_hold(k);
	/* The page after it will exist, which it links to. */
	return l->count == LIST_HELD ? put_numbered(b, l, l->pages + 2) : 0;
}

int list_builder_end(struct build *b, struct list_builder *l)
{
	int r = 0;

	while (r == 0 && l->count >= 2 * LIST_PAGE)
		r = put_numbered(b, l, l->pages + 1 + (l->count >= 3 * LIST_PAGE));
	return r == 0 ? put_page(b, l, l->count, 0, l->pages) : r;
}

void list_builder_fini(struct list_builder *l)
{
	for (size_t i = 0; i < l->count; i++)
		kept_drop(l->items[i]);
	mem_free(l->items);
	l->items = NULL;
	l->count = 0;
}

/* Of a walk, newest first, the last `limit` (all: 0), turned around. */
static int take_newest(struct build *b, struct store_query *q, struct list *out)
{
	struct store_walk *walk = NULL;
	struct arena row;
	struct article art;
	int r = store_walk_open(b->site->store, q, &walk, b->err);

	arena_init(&row);
	while (r >= 0 && (r = store_walk_next(walk, &row, &art, b->err)) > 0) {
		struct headline h;

		headline_of(&row, &art, &h);
		*(struct kept **)list_add(out) = kept_new(&h, false);
		arena_reset(&row);
	}
	store_walk_close(&walk);
	arena_fini(&row);
	return r;
}

/* A few at the end are read from there: an offset makes the database read all it passes over. */
static int add_end(struct build *b, struct list_builder *l, struct store_query *q, int64_t count)
{
	struct list newest;

	list_init(&newest, sizeof(struct kept *));
	q->oldest_first = false;
	q->offset = 0;
	q->limit = count;
	int r = count > 0 ? take_newest(b, q, &newest) : 0;
	for (size_t i = newest.count; i-- > 0;) {
		struct kept *k = *(struct kept **)list_at(&newest, i);

		if (r >= 0)
			r = list_builder_add(b, l, k);
		kept_drop(k);
	}
	list_fini(&newest);
	return r;
}

static int add_from(struct build *b, struct list_builder *l, const struct store_query *q)
{
	struct store_walk *walk = NULL;
	struct arena row;
	struct article art;
	int r = store_walk_open(b->site->store, q, &walk, b->err);

	arena_init(&row);
	while (r >= 0 && (r = store_walk_next(walk, &row, &art, b->err)) > 0) {
		struct headline h;

		headline_of(&row, &art, &h);
		struct kept *k = kept_new(&h, false);
		r = list_builder_add(b, l, k);
		kept_drop(k);
		arena_reset(&row);
	}
	store_walk_close(&walk);
	arena_fini(&row);
	return r;
}

int build_list(struct build *b, const struct list_ref *ref, int64_t from_page, int64_t total)
{
	struct list_builder l;
	struct store_query q;
	int64_t left = total - from_page * LIST_PAGE;
	int r = list_query(b->site, ref, &q, b->err);

	if (r < 0)
		return r;
	list_builder_init(b, &l, ref);
	l.pages = from_page;
	q.oldest_first = true;
	q.offset = from_page * LIST_PAGE;
	r = from_page > 0 && left < LIST_END ? add_end(b, &l, &q, left) : add_from(b, &l, &q);
	if (r >= 0)
		r = list_builder_end(b, &l);
	list_builder_fini(&l);
	return r;
}
