/*
 * What an article's page shows of the articles before it that tell of the same: the window of
 * related.h over the store, for one page, or for several in the order of their dates.
 */
#include "base/list.h"
#include "base/mem.h"
#include "site/build.h"
#include "site/related.h"

enum { TEXT_KEPT = 480 }; /* bytes; related.h reads the beginning */

/* The window, and the last article in it. */
struct nearby {
	struct related *window;
	int64_t date, id, change;
	bool known;
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

static int read_earlier(struct site *s, struct arena *a, const struct article *art,
			struct list *out, struct err *err)
{
	struct nearby *n = s->nearby;
	struct store_query q = {
		.from = article_date(art) - RELATED_MS,
		.to = article_date(art) + 1,
		.with = STORE_TEXT,
	};
	struct store_walk *walk = NULL;
	struct article other;
	struct arena row;
	int r;

	if (n->known && n->date > q.from)
		q.from = n->date;
	r = store_walk_open(s->store, &q, &walk, err);
	arena_init(&row);
	while (r >= 0 && out->count < RELATED_WINDOW - 1 &&
	       (r = store_walk_next(walk, &row, &other, err)) > 0) {
		struct headline h;

		if (n->known && !is_before(&(struct article){ .date = n->date, .id = n->id },
					   article_date(&other), other.id))
			break;
		if (is_before(&other, article_date(art), art->id)) {
			struct earlier *e = list_add(out);

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

/* Brings the window to where it stands before `art`. */
static int seek(struct site *s, struct arena *a, const struct article *art, struct err *err)
{
	struct nearby *n = s->nearby;
	struct list earlier;

	if (!n) {
		n = s->nearby = mem_alloc(sizeof(*n));
		n->window = nearby_window();
	}
	if (n->known && (n->change != s->index_change ||
			 !is_before(&(struct article){ .date = n->date, .id = n->id },
				    article_date(art), art->id))) {
		related_reset(n->window);
		n->known = false;
	}
	n->change = s->index_change;
	list_init(&earlier, sizeof(struct earlier));
	int r = read_earlier(s, a, art, &earlier, err);
	for (size_t i = earlier.count; i-- > 0;) {
		struct earlier *e = list_at(&earlier, i);
		struct related_article one = related_of(&e->art, e->kept);

		if (r == 0)
			related_add(n->window, &one);
		else
			kept_drop(e->kept);
	}
	list_fini(&earlier);
	return r;
}

int article_related(struct site *s, struct arena *a, const struct article *art,
		    struct article_context *ctx, struct err *err)
{
	struct kept *found[RELATED_SHOWN];
	struct headline h, *items = arena_array(a, RELATED_SHOWN, sizeof(*items));

	if (seek(s, a, art, err) < 0) {
		nearby_close(s);
		return err->code;
	}
	headline_of(a, art, &h);
	ctx->related = items;
	ctx->related_count = nearby_next(s->nearby->window, art, &h, found);
	for (size_t i = 0; i < ctx->related_count; i++)
		items[i] = found[i]->h;
	s->nearby->date = article_date(art);
	s->nearby->id = art->id;
	s->nearby->known = true;
	return 0;
}

void nearby_close(struct site *s)
{
	if (!s->nearby)
		return;
	related_free(&s->nearby->window);
	mem_free(s->nearby);
	s->nearby = NULL;
}
