/*
 * What has left a feed early: an entry of last time is gone, while most of those that stand there
 * are older. Feeds let go of their oldest; so its publisher may have withdrawn it, and its page is
 * looked at in this update instead of when its time comes. Once: next time it was not there last
 * time.
 *
 * Where many are missing the feed is of another kind (the most read, a choice): it says nothing.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "run/look.h"
#include "run/private.h"

enum { LEAST_PRESENT = 4, MOST_MISSING = 3, SPARE = 8 };

void missing_note(struct followed *f, int64_t id, int64_t date)
{
	struct present *p = arena_alloc(&f->arena, sizeof(*p));

	*p = (struct present){ id, date, f->present };
	f->present = p;
	f->present_count++;
}

static int compare_numbers(const void *x, const void *y)
{
	const int64_t *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

/* The date that half of the entries are older than; TIME_UNSTATED: most have none. */
static int64_t median_date(const struct followed *f, int64_t *room)
{
	size_t n = 0;

	for (const struct present *p = f->present; p; p = p->next)
		if (p->date != TIME_UNSTATED)
			room[n++] = p->date;
	if (n < LEAST_PRESENT || n * 2 < f->present_count)
		return TIME_UNSTATED;
	qsort(room, n, sizeof(*room), compare_numbers);
	return room[n / 2];
}

static int find_missing(struct run *r, struct followed *f, int64_t before, int64_t **out,
			size_t *count, struct err *err)
{
	int64_t *numbers = arena_array(&f->arena, f->present_count, sizeof(*numbers));
	int64_t median = median_date(f, numbers), *ids = NULL;
	size_t n = 0, known = 0;

	*count = 0;
	if (median == TIME_UNSTATED)
		return 0;
	for (const struct present *p = f->present; p; p = p->next)
		numbers[n++] = p->id;
	qsort(numbers, n, sizeof(*numbers), compare_numbers);
	if (store_source_seen(r->store, &f->arena, f->source->key, median, before,
			      (int64_t)n + SPARE, &ids, &known, err) < 0)
		return err->code;
	for (size_t i = 0; i < known; i++)
		if (!bsearch(&ids[i], numbers, n, sizeof(*numbers), compare_numbers))
			ids[(*count)++] = ids[i];
	*out = ids;
	return 0;
}

int missing_look(struct run *r, struct followed *f, int64_t before, int64_t now, struct err *err)
{
	int64_t *ids;
	size_t count;

	/* What a hub pushes is not all of the feed. */
	if (f->push || f->incomplete || !f->source->look_again || before == 0 ||
	    f->present_count < LEAST_PRESENT)
		return 0;
	if (find_missing(r, f, before, &ids, &count, err) < 0)
		return err->code;
	if (count > MOST_MISSING && count * 10 > f->present_count)
		return 0;
	for (size_t i = 0; i < count; i++)
		if (store_look_hasten(r->store, ids[i], now, LOOK_STEPS - 1, err) < 0)
			return err->code;
	return 0;
}
