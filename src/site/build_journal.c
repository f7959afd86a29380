/*
 * What the build numbers as it comes: pages of edits and of deletions, and the archive of the feed
 * of everything. A number keeps its page, so what is new touches the end, and an article that
 * changed the pages that show it, found by their numbers.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "site/build.h"

enum { ARCHIVE_HELD = 60000 }; /* articles that wait for others of their parts */

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* Puts what `path` makes of each different number. */
static int put_numbers(struct build *b, struct list *numbers,
		       struct str (*path)(struct build *b, int arg, int64_t number), int arg)
{
	int64_t before = 0;

	if (numbers->count)
		qsort(numbers->items, numbers->count, numbers->item_size, by_number);
	for (size_t i = 0; i < numbers->count; i++) {
		int64_t number = *(int64_t *)list_at(numbers, i);

		if (number == before)
			continue;
		before = number;
		if (build_page(b, path(b, arg, number).ptr) < 0 || build_tell(b, 0) < 0)
			return b->err->code;
	}
	return 0;
}

static void add_range(struct list *numbers, int64_t from, int64_t to)
{
	for (int64_t n = from < 1 ? 1 : from; n <= to; n++)
		*(int64_t *)list_add(numbers) = n;
}

/* --- events --------------------------------------------------------------------------------- */

static struct str page_of(struct build *b, int kind, int64_t number)
{
	return events_path(&b->life, (enum store_event_kind)kind, number);
}

/* Pages that show an event of an article that changed; *end: the newest page or the feed does. */
static int add_shown(struct build *b, enum store_event_kind kind, const struct list *changed,
		     struct list *numbers, bool *end)
{
	int64_t last = b->site->last_event[kind], pages = list_pages(last);

	for (size_t i = 0; i < changed->count; i++) {
		struct store_event *events;
		size_t count;

		if (store_article_events(b->site->store, &b->page, *(int64_t *)list_at(changed, i),
					 &events, &count, b->err) < 0)
			return b->err->code;
		for (size_t k = 0; k < count; k++) {
			int64_t page = (events[k].number - 1) / LIST_PAGE + 1;

			if (events[k].kind != kind)
				continue;
			*end = *end || page > pages || events[k].number > last - FEED_WHOLE;
			if (page <= pages)
				*(int64_t *)list_add(numbers) = page;
		}
		arena_reset(&b->page);
	}
	return 0;
}

static int put_events(struct build *b, enum store_event_kind kind, const struct build_state *old,
		      const struct list *changed)
{
	int64_t pages = list_pages(b->site->last_event[kind]);
	int64_t had = old ? list_pages(old->last_event[kind]) : 0;
	bool end = !old || b->site->last_event[kind] != old->last_event[kind];
	struct list numbers;
	int r = 0;

	list_init(&numbers, sizeof(int64_t));
	/* The last page that was numbered links to the next one now. */
	if (pages > had)
		add_range(&numbers, had, pages);
	if (old)
		r = add_shown(b, kind, changed, &numbers, &end);
	if (r == 0)
		r = put_numbers(b, &numbers, page_of, (int)kind);
	list_fini(&numbers);
	if (r < 0 || !end)
		return r;
	return build_page(b, events_path(&b->life, kind, 0).ptr) < 0
		       ? b->err->code
		       : build_page(b, events_feed_path(&b->life, kind).ptr);
}

/* --- the archive of the feed ---------------------------------------------------------------- */

/* The articles of a part that the walk has met. */
struct part {
	struct kept *items[FEED_ARCHIVE];
	int64_t count;
};

struct archive {
	struct part **parts; /* by number - 1; or one of these: */
	struct part put, not_held;
	int64_t count, held;
};

struct archive *archive_new(struct build *b)
{
	struct archive *ar = mem_alloc(sizeof(*ar));

	ar->count = feed_archives(b->site);
	ar->parts = mem_array((size_t)ar->count + 1, sizeof(struct part *));
	return ar;
}

static void drop_part(struct archive *ar, int64_t i, struct part *instead)
{
	struct part *part = ar->parts[i];

	ar->parts[i] = instead;
	if (!part || part == &ar->put || part == &ar->not_held)
		return;
	for (int64_t k = 0; k < FEED_ARCHIVE; k++)
		kept_drop(part->items[k]);
	ar->held -= part->count;
	mem_free(part);
}

void archive_free(struct archive **arp)
{
	struct archive *ar = *arp;

	*arp = NULL;
	if (!ar)
		return;
	for (int64_t i = 0; i < ar->count; i++)
		drop_part(ar, i, NULL);
	mem_free(ar->parts);
	mem_free(ar);
}

struct archive_page {
	int64_t number;
	struct headline items[FEED_ARCHIVE];
};

static int put_part(struct build *b, const void *what)
{
	const struct archive_page *p = what;
	int r = feed_archive_of(b->site, &b->page, p->number, p->items, &b->bytes, b->err);

	if (r == 0)
		r = build_put(b, feed_archive_path(&b->page, p->number));
	arena_reset(&b->page);
	return r;
}

int archive_add(struct build *b, struct kept *k)
{
	struct archive *ar = b->archive;
	int64_t i = (k->h.id - 1) / FEED_ARCHIVE;

	if (i >= ar->count || ar->parts[i] == &ar->not_held)
		return 0;
	if (ar->held == ARCHIVE_HELD) {
		drop_part(ar, i, &ar->not_held);
		return 0;
	}
	if (!ar->parts[i])
		ar->parts[i] = mem_alloc(sizeof(struct part));
	struct part *part = ar->parts[i];
	part->items[(k->h.id - 1) % FEED_ARCHIVE] = kept_hold(k);
	ar->held++;
	if (++part->count < FEED_ARCHIVE)
		return 0;
	struct batch *batch = crew_batch(b->crew);
	struct archive_page *p = arena_alloc(batch_arena(batch), sizeof(*p));
	p->number = i + 1;
	for (int64_t n = 0; n < FEED_ARCHIVE; n++) {
		p->items[n] = part->items[n]->h;
		batch_hold(batch, part->items[n]);
	}
	manifest_file(b, feed_archive_path(batch_arena(batch), p->number));
	drop_part(ar, i, &ar->put);
	return crew_do(b->crew, batch, put_part, p);
}

static struct str archive_of(struct build *b, int arg, int64_t number)
{
	(void)arg;
	return feed_archive_path(&b->life, number);
}

static int put_archive(struct build *b, const struct build_state *old, const struct list *changed)
{
	const struct site was = { .last_article = old ? old->last_article : 0 };
	int64_t parts = feed_archives(b->site);
	struct list numbers;

	list_init(&numbers, sizeof(int64_t));
	for (int64_t n = feed_archives(&was) + 1; n <= parts; n++)
		if (!b->archive || b->archive->parts[n - 1] != &b->archive->put)
			*(int64_t *)list_add(&numbers) = n;
	for (size_t i = 0; old && i < changed->count; i++) {
		int64_t part = (*(int64_t *)list_at(changed, i) - 1) / FEED_ARCHIVE + 1;

		if (part <= parts)
			*(int64_t *)list_add(&numbers) = part;
	}
	int r = put_numbers(b, &numbers, archive_of, 0);
	list_fini(&numbers);
	return r;
}

int build_journal(struct build *b, const struct build_state *old, const struct list *changed)
{
	for (int kind = 0; kind < STORE_EVENT_KINDS; kind++)
		if (put_events(b, (enum store_event_kind)kind, old, changed) < 0)
			return b->err->code;
	return put_archive(b, old, changed);
}
