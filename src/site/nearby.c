/*
 * What an article's page shows of the articles before it that tell of the same: the window of
 * related.h over the store. Pages asked for in the order of their dates move it on; who reads back
 * through the news would have it read anew for each, so then it begins some articles earlier, and
 * what it finds on its way is remembered for the pages that are asked for next.
 */
#include "base/list.h"
#include "base/mem.h"
#include "site/build.h"
#include "site/related.h"

enum {
	TEXT_KEPT = 480, /* bytes; related.h reads the beginning */
	BACK = 64,       /* articles before the one asked for, where readers go back */
	REMEMBERED = 4096
};

/* What an article shows; id 0: the place is free. */
struct found {
	int64_t id;
	struct kept *items[RELATED_SHOWN];
	size_t count;
};

/* The window, and the last article in it. */
struct nearby {
	struct related *window;
	int64_t date, id, change;
	bool known;
	struct found found[REMEMBERED]; /* by the lower bits of their ids */
};

static void drop(void *mine)
{
	kept_drop(mine);
}

struct related *nearby_window(void)
{
	return related_new(drop);
}

static struct related_article related_of(const struct article *art, struct kept *mine)
{
	return (struct related_article){
		.id = art->id,
		.date = article_date(art),
		.title = art->title,
		.text = art->text,
		.source = art->source,
		.mine = mine,
	};
}

size_t nearby_next(struct related *window, const struct article *art, const struct headline *h,
		   struct kept **out)
{
	struct related_article one = related_of(art, kept_new(h, true));
	void *found[RELATED_SHOWN];
	size_t count = related_next(window, &one, found);

	for (size_t i = 0; i < count; i++)
		out[i] = found[i];
	return count;
}

static bool is_before(const struct article *x, int64_t date, int64_t id)
{
	return article_date(x) < date || (article_date(x) == date && x->id < id);
}

/* What is read of an article before; it is taken in oldest first. */
struct earlier {
	struct article art;
	struct kept *kept;
};

/* What is read of the articles before one: what the window holds, and `back` more. */
struct reading {
	struct list earlier; /* newest first */
	int64_t from;
	size_t back;  /* what so many of the newest show is remembered */
	bool goes_on; /* where the window ends */
};

static bool is_before_window(const struct nearby *n, int64_t date, int64_t id)
{
	return n->known && !is_before(&(struct article){ .date = n->date, .id = n->id }, date, id);
}

static int read_earlier(struct site *s, struct arena *a, const struct article *art,
			struct reading *read, struct err *err)
{
	struct store_query q = {
		.from = read->from,
		.to = article_date(art) + 1,
		.with = STORE_TEXT,
	};
	struct store_walk *walk = NULL;
	struct article other;
	struct arena row;
	int r = store_walk_open(s->store, &q, &walk, err);

	arena_init(&row);
	while (r >= 0 && read->earlier.count < RELATED_WINDOW - 1 + read->back &&
	       (r = store_walk_next(walk, &row, &other, err)) > 0) {
		struct headline h;

		if (is_before_window(s->nearby, article_date(&other), other.id))
			break;
		if (is_before(&other, article_date(art), art->id)) {
			struct earlier *e = list_add(&read->earlier);

			headline_of(&row, &other, &h);
			e->kept = kept_new(&h, true);
			e->art = (struct article){ .id = other.id, .date = other.date };
			e->art.title = e->kept->h.title;
			e->art.source = e->kept->h.source;
			e->art.text = arena_str(a, str_sub(other.text, 0, TEXT_KEPT));
		}
		arena_reset(&row);
	}
	store_walk_close(&walk);
	arena_fini(&row);
	return r < 0 ? r : 0;
}

static struct found *place_of(struct nearby *n, int64_t id)
{
	return &n->found[(uint64_t)id % REMEMBERED];
}

static void forget(struct found *f)
{
	for (size_t i = 0; i < f->count; i++)
		kept_drop(f->items[i]);
	*f = (struct found){ 0 };
}

static void forget_all(struct nearby *n)
{
	related_reset(n->window);
	n->known = false;
	for (size_t i = 0; i < REMEMBERED; i++)
		forget(&n->found[i]);
}

/* Takes an article into the window, and remembers what it shows. */
static const struct found *take_in(struct nearby *n, const struct related_article *one)
{
	struct found *f = place_of(n, one->id);
	void *found[RELATED_SHOWN];

	forget(f);
	f->id = one->id;
	f->count = related_next(n->window, one, found);
	for (size_t i = 0; i < f->count; i++)
		f->items[i] = kept_hold(found[i]);
	n->date = one->date;
	n->id = one->id;
	n->known = true;
	return f;
}

static void take_earlier(struct nearby *n, const struct reading *r)
{
	size_t before = r->goes_on ? RELATED_WINDOW : 0; /* each, in the window */

	for (size_t i = r->earlier.count; i-- > 0; before++) {
		struct earlier *e = list_at(&r->earlier, i);
		struct related_article one = related_of(&e->art, e->kept);
		bool whole = before >= RELATED_WINDOW - 1 || one.date - RELATED_MS >= r->from;

		if (whole && i < r->back)
			take_in(n, &one);
		else
			related_add(n->window, &one);
	}
}

/* Brings the window to where it stands before `art`. */
static int seek(struct site *s, struct arena *a, const struct article *art, struct err *err)
{
	struct nearby *n = s->nearby;
	int64_t date = article_date(art);
	struct reading read = { .from = date - RELATED_MS };
	bool beside = n->known && n->date - date < RELATED_MS;

	/* A build asks for nothing that it passes over. */
	if (beside && s->opt.live)
		read.back = BACK;
	if (is_before_window(n, date, art->id)) {
		read.from -= read.back ? RELATED_MS : 0;
		related_reset(n->window);
		n->known = false;
	}
	if (n->known && n->date >= read.from) {
		read.from = n->date;
		read.goes_on = true;
	}
	list_init(&read.earlier, sizeof(struct earlier));
	int r = read_earlier(s, a, art, &read, err);
	if (r == 0)
		take_earlier(n, &read);
	else
		for (size_t i = 0; i < read.earlier.count; i++)
			kept_drop(((struct earlier *)list_at(&read.earlier, i))->kept);
	list_fini(&read.earlier);
	return r;
}

int article_related(struct site *s, struct arena *a, const struct article *art,
		    struct article_context *ctx, struct err *err)
{
	struct headline h, *items = arena_array(a, RELATED_SHOWN, sizeof(*items));
	struct nearby *n = s->nearby;

	if (!n) {
		n = s->nearby = mem_alloc(sizeof(*n));
		n->window = nearby_window();
	}
	if (n->change != s->index_change)
		forget_all(n);
	n->change = s->index_change;
	const struct found *f = place_of(n, art->id);
	if (f->id != art->id) {
		if (seek(s, a, art, err) < 0) {
			nearby_close(s);
			return err->code;
		}
		headline_of(a, art, &h);
		struct related_article one = related_of(art, kept_new(&h, true));
		f = take_in(n, &one);
	}
	for (size_t i = 0; i < f->count; i++)
		items[i] = f->items[i]->h;
	ctx->related = items;
	ctx->related_count = f->count;
	return 0;
}

void nearby_close(struct site *s)
{
	if (!s->nearby)
		return;
	forget_all(s->nearby);
	related_free(&s->nearby->window);
	mem_free(s->nearby);
	s->nearby = NULL;
}
