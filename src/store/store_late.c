/*
 * What a transaction writes at its end: keywords, and the counts of groups.
 *
 * An article has several keywords, each in another corner of its table, and changes five or more
 * counts. Written as they come that was half of the writer's work. So they are kept until the
 * commit: then each count is written once, and keywords in the order of their table, where one is
 * found beside the one before.
 */
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

#include "store/private.h"

enum { MAX_KEYWORDS = 1 << 14 }; /* then they are written before the commit */

struct late_group {
	enum store_group_by kind;
	struct str name;
	int64_t count;  /* to be added */
	int64_t newest; /* of what is added; TIME_UNSTATED: nothing is */
	bool dropped;   /* something is taken away: the newest may have been it */
};

struct late_keyword {
	struct late_group *group;
	int64_t date, article;
};

void late_init(struct late *l)
{
	arena_init(&l->mem);
	for (int i = 0; i < STORE_GROUP_KINDS; i++)
		map_init(&l->groups[i]);
	list_init(&l->keywords, sizeof(struct late_keyword));
}

void late_fini(struct late *l)
{
	for (int i = 0; i < STORE_GROUP_KINDS; i++)
		map_fini(&l->groups[i]);
	list_fini(&l->keywords);
	arena_fini(&l->mem);
}

void late_forget(struct late *l)
{
	late_fini(l);
	late_init(l);
}

static struct late_group *group_of(struct late *l, enum store_group_by kind, struct str name)
{
	void **place = map_get(&l->groups[kind], name);

	if (place)
		return *place;
	struct late_group *g = arena_alloc(&l->mem, sizeof(*g));
	*g = (struct late_group){ kind, arena_str(&l->mem, name), 0, TIME_UNSTATED, false };
	*map_put(&l->groups[kind], g->name) = g;
	return g;
}

static void count(struct late_group *g, int64_t n, int64_t date)
{
	g->count += n;
	if (n < 0)
		g->dropped = true;
	else if (date > g->newest)
		g->newest = date;
}

void late_group_add(struct store *s, enum store_group_by kind, struct str name, int64_t n,
		    int64_t date)
{
	count(group_of(&s->late, kind, name), n, date);
}

/* --- keywords --------------------------------------------------------------------------------- */

static int compare_keywords(const void *x, const void *y)
{
	const struct late_keyword *a = x, *b = y;

	if (a->group != b->group)
		return str_cmp(a->group->name, b->group->name);
	if (a->date != b->date)
		return a->date < b->date ? -1 : 1;
	return a->article < b->article ? -1 : a->article > b->article;
}

static int run_keyword(struct store *s, const char *sql, const struct late_keyword *k,
		       struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db, sql, &r, err) < 0)
		return err->code;
	db_bind_str(r, 1, k->group->name);
	db_bind_i64(r, 2, k->date);
	db_bind_i64(r, 3, k->article);
	return db_run_changes(&r, err);
}

static int write_keywords(struct store *s, struct err *err)
{
	struct list *l = &s->late.keywords;

	if (l->count)
		qsort(l->items, l->count, l->item_size, compare_keywords);
	for (size_t i = 0; i < l->count; i++) {
		const struct late_keyword *k = list_at(l, i);
		int rc =
			run_keyword(s,
				    "INSERT INTO keywords (name, date, article_id) VALUES ($1, $2, "
				    "$3) ON CONFLICT (name, date, article_id) DO NOTHING",
				    k, err);

		if (rc < 0)
			return rc;
		if (rc > 0)
			count(k->group, 1, k->date);
	}
	list_reset(l);
	return 0;
}

int late_keyword_add(struct store *s, struct str name, int64_t date, int64_t article,
		     struct err *err)
{
	struct late *l = &s->late;

	if (l->keywords.count >= MAX_KEYWORDS && write_keywords(s, err) < 0)
		return err->code;
	*(struct late_keyword *)list_add(&l->keywords) =
		(struct late_keyword){ group_of(l, STORE_BY_KEYWORD, name), date, article };
	return 0;
}

int late_keyword_drop(struct store *s, struct str name, int64_t date, int64_t article,
		      struct err *err)
{
	struct late_group *g = group_of(&s->late, STORE_BY_KEYWORD, name);

	if (write_keywords(s, err) < 0)
		return err->code;
	int rc = run_keyword(
		s, "DELETE FROM keywords WHERE name = $1 AND date = $2 AND article_id = $3",
		&(struct late_keyword){ g, date, article }, err);
	if (rc > 0)
		count(g, -1, date);
	return rc < 0 ? rc : 0;
}

/* --- counts ----------------------------------------------------------------------------------- */

/* Where the newest article may have gone, the newest that is left is looked up; only keywords are
 * dated by it. */
static int find_newest(struct store *s, const struct late_group *g, struct err *err)
{
	struct db_rows *r;

	if (!g->dropped || g->kind != STORE_BY_KEYWORD)
		return 0;
	if (db_query(s->db,
		     "UPDATE groups SET newest = COALESCE((SELECT MAX(k.date) FROM keywords k "
		     "WHERE k.name = groups.name), 0)"
		     " WHERE kind = $1 AND name = $2",
		     &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, g->kind);
	db_bind_str(r, 2, g->name);
	return db_run(&r, err);
}

static int write_group(struct store *s, const struct late_group *g, struct err *err)
{
	struct db_rows *r;

	if (g->count == 0 && g->newest == TIME_UNSTATED && !g->dropped)
		return 0;
	if (db_query(s->db,
		     "INSERT INTO groups (kind, name, count, newest) VALUES ($1, $2, $3, $4)"
		     " ON CONFLICT (kind, name) DO UPDATE SET count = groups.count + "
		     "excluded.count, newest = CASE WHEN excluded.newest > groups.newest"
		     " THEN excluded.newest ELSE groups.newest END",
		     &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, g->kind);
	db_bind_str(r, 2, g->name);
	db_bind_i64(r, 3, g->count);
	db_bind_i64(r, 4, g->newest);
	return db_run(&r, err) < 0 ? err->code : find_newest(s, g, err);
}

int late_write(struct store *s, struct err *err)
{
	struct late *l = &s->late;

	if (write_keywords(s, err) < 0)
		return err->code;
	for (int i = 0; i < STORE_GROUP_KINDS; i++)
		for (size_t n = 0; n < l->groups[i].cap; n++)
			if (l->groups[i].slots[n].used &&
			    write_group(s, l->groups[i].slots[n].value, err) < 0)
				return err->code;
	late_forget(l);
	return 0;
}
