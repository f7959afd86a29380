/* Reading: one article, its history, and walks over many. */
#include "store/store.h"

#include <stdio.h>
#include <string.h>

#include "base/list.h"
#include "base/mem.h"
#include "store/private.h"
#include "text/url.h"

/* "SELECT <article> [, text, html] FROM articles a [JOIN revisions r ...]" */
static void select_articles(struct buf *sql, unsigned with, bool by_source, bool by_keyword)
{
	buf_add_cstr(sql, "SELECT ");
	buf_add_cstr(sql, article_columns);
	if (with)
		buf_add_cstr(sql, with & STORE_TEXT ? ", r.text" : ", ''");
	if (with)
		buf_add_cstr(sql, with & STORE_HTML ? ", r.html" : ", ''");
	if (by_source)
		buf_add_cstr(sql, " FROM article_sources x JOIN articles a ON a.id = x.article_id");
	else if (by_keyword)
		buf_add_cstr(sql, " FROM keywords k JOIN articles a ON a.id = k.article_id");
	else
		buf_add_cstr(sql, " FROM articles a");
	if (with)
		buf_addf(sql, " JOIN revisions r ON r.id = (a.id << %d) + a.revision",
			 REVISION_BITS);
}

char *load_statement(unsigned with)
{
	struct buf sql;
	size_t len;

	buf_init(&sql, BUF_NO_MAX);
	select_articles(&sql, with, false, false);
	buf_add(&sql, S(" WHERE a.id = $1"));
	buf_add_ch(&sql, '\0');
	return buf_take(&sql, &len);
}

int load_article(struct store *s, struct arena *mem, int64_t id, unsigned with, struct article *out,
		 struct article_row *row, struct err *err)
{
	struct db_rows *r;

	with &= STORE_ALL;
	if (db_query(s->db, s->load[with], &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, id);
	int rc = db_next(r, err);
	if (rc > 0) {
		read_article(r, mem, out, row);
		read_article_text(r, mem, with, 0, out);
	}
	db_done(&r);
	if (rc == 0)
		return err_set(err, ERR_NOTFOUND, "no article %lld", (long long)id);
	return rc < 0 ? rc : 0;
}

int store_article_get(struct store *s, struct arena *a, int64_t id, unsigned with,
		      struct article *out, struct err *err)
{
	return load_article(s, a, id, with, out, NULL, err);
}

/* 1 and *id: one row of `sql` with `name` as its value. */
static int find_id(struct store *s, const char *sql, struct str name, int64_t *id, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db, sql, &r, err) < 0)
		return err->code;
	db_bind_str(r, 1, name);
	int rc = db_next(r, err);
	if (rc > 0)
		*id = db_i64(r, 0);
	db_done(&r);
	return rc;
}

/* "/2023/01/23/KEY.html" -> KEY */
static struct str key_of_path(struct str path)
{
	size_t slash = str_rfind_ch(path, '/');
	struct str name = slash == STR_NONE ? path : str_from(path, slash + 1);

	return str_has_suffix(name, S(".html")) ? str_sub(name, 0, name.len - 5) : name;
}

static int find_named(struct store *s, struct arena *a, struct str name, int64_t *id,
		      struct err *err)
{
	static const char by_key[] = "SELECT id FROM articles WHERE key = $1";
	struct str none = { 0 };

	if (str_to_i64(name, 1, INT64_MAX, id))
		return find_id(s, "SELECT id FROM articles WHERE id = CAST($1 AS BIGINT)", name, id,
			       err);
	if (str_has_prefix(name, S("/"))) {
		int rc = find_id(s, "SELECT article_id FROM paths WHERE path = $1", name, id, err);
		if (rc)
			return rc;
		rc = find_id(s, by_key, key_of_path(name), id, err);
		struct article art;
		if (rc > 0 && load_article(s, a, *id, STORE_FIELDS, &art, NULL, err) == 0 &&
		    str_eq(art.path, name))
			return 1;
		return rc < 0 ? rc
			      : find_id(s, "SELECT article_id FROM aliases WHERE url = $1", name,
					id, err);
	}
	int rc = find_id(s, by_key, name, id, err);
	if (rc == 0)
		rc = store_article_find(s, name, none, none, id, err);
	if (rc == 0 && url_is_http(name))
		rc = store_article_find(s, url_canonical(a, name), none, none, id, err);
	return rc;
}

int store_article_named(struct store *s, struct arena *a, struct str name, unsigned with,
			struct article *out, struct err *err)
{
	int64_t id;
	int rc = find_named(s, a, name, &id, err);

	if (rc < 0)
		return rc;
	if (rc == 0)
		return err_set(err, ERR_NOTFOUND, "no article is known as %.*s", STR_FMT(name));
	return load_article(s, a, id, with, out, NULL, err);
}

static void *list_to(struct arena *a, struct list *l, size_t *count)
{
	void *out = arena_array(a, l->count ? l->count : 1, l->item_size);

	if (l->count)
		memcpy(out, l->items, l->count * l->item_size);
	*count = l->count;
	list_fini(l);
	return out;
}

int store_revisions(struct store *s, struct arena *a, int64_t id, struct revision **out,
		    size_t *count, struct err *err)
{
	struct db_rows *r;
	struct list l;
	int rc;

	if (db_query(s->db,
		     "SELECT id, seen, capture_id, title, text, html FROM revisions"
		     " WHERE id > $1 AND id <= $2 ORDER BY id",
		     &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, id << REVISION_BITS);
	db_bind_i64(r, 2, id << REVISION_BITS | REVISION_MAX);
	list_init(&l, sizeof(**out));
	while ((rc = db_next(r, err)) > 0)
		*(struct revision *)list_add(&l) = (struct revision){
			.article_id = id,
			.number = (int)(db_i64(r, 0) & REVISION_MAX),
			.seen = db_i64(r, 1),
			.capture_id = db_i64(r, 2),
			.title = arena_str(a, db_str(r, 3)),
			.text = arena_str(a, db_str(r, 4)),
			.html = arena_str(a, db_str(r, 5)),
		};
	db_done(&r);
	*out = list_to(a, &l, count);
	return rc;
}

int store_revision_get(struct store *s, struct arena *a, int64_t id, int number,
		       struct revision *out, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db, "SELECT id, seen, capture_id, title, text FROM revisions WHERE id = $1",
		     &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, id << REVISION_BITS | number);
	int rc = db_next(r, err);
	if (rc > 0)
		*out = (struct revision){
			.article_id = id,
			.number = number,
			.seen = db_i64(r, 1),
			.capture_id = db_i64(r, 2),
			.title = arena_str(a, db_str(r, 3)),
			.text = arena_str(a, db_str(r, 4)),
		};
	db_done(&r);
	if (rc == 0)
		return err_set(err, ERR_NOTFOUND, "no revision %d of article %lld", number,
			       (long long)id);
	return rc < 0 ? rc : 0;
}

static int read_sources(struct store *s, const char *sql, struct arena *a, int64_t id,
			struct strs *out, struct err *err)
{
	struct db_rows *r;
	struct list l;
	int rc;

	if (db_query(s->db, sql, &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, id);
	list_init(&l, sizeof(struct str));
	while ((rc = db_next(r, err)) > 0)
		*(struct str *)list_add(&l) = arena_str(a, db_str(r, 0));
	db_done(&r);
	out->items = list_to(a, &l, &out->count);
	return rc;
}

/* Nearly all have one source, which needs no order. */
int store_article_sources(struct store *s, struct arena *a, int64_t id, struct strs *out,
			  struct err *err)
{
	static const char as_they_lie[] =
		"SELECT source FROM article_sources WHERE article_id = $1";
	static const char own_first[] =
		"SELECT x.source FROM article_sources x JOIN articles a ON a.id = x.article_id"
		" WHERE x.article_id = $1 ORDER BY x.source <> a.source, x.seen, x.source";

	int rc = read_sources(s, as_they_lie, a, id, out, err);
	return rc < 0 || out->count < 2 ? rc : read_sources(s, own_first, a, id, out, err);
}

int store_article_captures(struct store *s, struct arena *a, int64_t id, int64_t **out,
			   size_t *count, struct err *err)
{
	struct db_rows *r;
	struct list l;
	int rc;

	if (db_query(s->db,
		     "SELECT DISTINCT capture_id FROM revisions WHERE id > $1 AND id <= $2"
		     " AND capture_id > 0 ORDER BY capture_id",
		     &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, id << REVISION_BITS);
	db_bind_i64(r, 2, id << REVISION_BITS | REVISION_MAX);
	list_init(&l, sizeof(int64_t));
	while ((rc = db_next(r, err)) > 0)
		*(int64_t *)list_add(&l) = db_i64(r, 0);
	db_done(&r);
	*out = list_to(a, &l, count);
	return rc;
}

/* Between "/" and "0" in the order of bytes: all that starts with "/". */
int store_old_paths(struct store *s, struct arena *a, struct str after, int64_t limit,
		    struct strs *out, struct err *err)
{
	struct db_rows *r;
	struct list l;
	int rc;

	if (db_query(s->db,
		     "SELECT url FROM aliases WHERE url > $1 AND url < '0' ORDER BY url LIMIT $2",
		     &r, err) < 0)
		return err->code;
	db_bind_str(r, 1, after.len ? after : S("/"));
	db_bind_i64(r, 2, limit);
	list_init(&l, sizeof(struct str));
	while ((rc = db_next(r, err)) > 0)
		*(struct str *)list_add(&l) = arena_str(a, db_str(r, 0));
	db_done(&r);
	out->items = list_to(a, &l, &out->count);
	return rc;
}

int store_old_path_count(struct store *s, int64_t *count, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db, "SELECT COUNT(*) FROM aliases WHERE url > '/' AND url < '0'", &r, err) <
	    0)
		return err->code;
	int rc = db_next(r, err);
	*count = rc > 0 ? db_i64(r, 0) : 0;
	db_done(&r);
	return rc < 0 ? rc : 0;
}

/* --- walks ------------------------------------------------------------------------------------ */

struct store_walk {
	struct db_rows *rows;
	unsigned with;
	size_t text_most;
};

/* A condition on times or numbers is set unless 0 or TIME_UNSTATED. */
static bool is_set(int64_t n)
{
	return n != 0 && n != TIME_UNSTATED;
}

/* The values of a query's conditions, bound as $1, $2 ... in the order they are added. */
struct conditions {
	struct {
		bool text;
		struct str str;
		int64_t number;
	} values[16];
	int count;
	bool any;
};

static void add_word(struct buf *sql, struct conditions *c)
{
	buf_add(sql, c->any ? S(" AND ") : S(" WHERE "));
	c->any = true;
}

/* `before` and `after` stand around the value's place. */
static void add_str(struct buf *sql, struct conditions *c, const char *before, const char *after,
		    struct str value)
{
	if (!value.len)
		return;
	add_word(sql, c);
	c->values[c->count].text = true;
	c->values[c->count++].str = value;
	buf_addf(sql, "%s$%d%s", before, c->count, after);
}

static void add_number(struct buf *sql, struct conditions *c, const char *what, int64_t value)
{
	if (!is_set(value))
		return;
	add_word(sql, c);
	c->values[c->count++].number = value;
	buf_addf(sql, "%s$%d", what, c->count);
}

/* The table whose index gives the order is the one the date is taken from. */
static void add_conditions(struct buf *sql, struct conditions *c, const struct store_query *q)
{
	const char *date = q->source.len ? "x.date" : q->keyword.len ? "k.date" : "a.date";
	char what[32];

	add_str(sql, c, "x.source = ", "", q->source);
	if (q->source.len)
		add_str(sql, c,
			"EXISTS (SELECT 1 FROM keywords o WHERE o.date = a.date AND o.article_id = "
			"a.id"
			" AND o.name = ",
			")", q->keyword);
	else
		add_str(sql, c, "k.name = ", "", q->keyword);
	add_str(sql, c,
		"EXISTS (SELECT 1 FROM article_sources y JOIN sources c ON c.key = y.source"
		" WHERE y.article_id = a.id AND c.category = ",
		")", q->category);
	add_str(sql, c, "a.language = ", "", q->language);
	snprintf(what, sizeof(what), "%s >= ", date);
	add_number(sql, c, what, q->from);
	snprintf(what, sizeof(what), "%s < ", date);
	add_number(sql, c, what, q->to);
	add_number(sql, c, "a.id > ", q->after_id);
	add_number(sql, c, "a.change > ", q->changed_after);
}

static void add_order(struct buf *sql, const struct store_query *q)
{
	const char *table = q->source.len ? "x" : q->keyword.len ? "k" : "a";
	const char *id = q->source.len || q->keyword.len ? "article_id" : "id",
		   *way = q->oldest_first ? "" : " DESC";

	if (q->after_id)
		buf_add(sql, S(" ORDER BY a.id"));
	else if (q->as_changed)
		buf_add(sql, S(" ORDER BY a.change"));
	else /* "+": what changed is found by its index and then sorted; the dates' index would be
		read whole */
		buf_addf(sql, " ORDER BY %s%s.date%s, %s.%s%s", is_set(q->changed_after) ? "+" : "",
			 table, way, table, id, way);
	if (q->limit > 0 || q->offset > 0)
		buf_addf(sql, " LIMIT %lld OFFSET %lld",
			 q->limit > 0 ? (long long)q->limit : INT64_MAX, (long long)q->offset);
}

static int run_query(struct store *s, struct buf *sql, const struct conditions *c,
		     struct db_rows **r, struct err *err)
{
	int rc = db_query_once(s->db, buf_cstr(sql), r, err);

	buf_fini(sql);
	for (int i = 0; rc == 0 && i < c->count; i++)
		if (c->values[i].text)
			db_bind_str(*r, i + 1, c->values[i].str);
		else
			db_bind_i64(*r, i + 1, c->values[i].number);
	return rc;
}

int store_walk_open(struct store *s, const struct store_query *q, struct store_walk **out,
		    struct err *err)
{
	struct buf sql;
	struct conditions c = { .count = 0 };
	struct store_walk *w = mem_alloc(sizeof(*w));

	*out = NULL;
	w->with = q->with & STORE_ALL;
	w->text_most = q->text_most;
	buf_init(&sql, BUF_NO_MAX);
	select_articles(&sql, w->with, q->source.len > 0, q->keyword.len > 0);
	add_conditions(&sql, &c, q);
	add_order(&sql, q);
	if (run_query(s, &sql, &c, &w->rows, err) < 0) {
		mem_free(w);
		return err->code;
	}
	*out = w;
	return 0;
}

int store_walk_next(struct store_walk *w, struct arena *a, struct article *out, struct err *err)
{
	int rc = db_next(w->rows, err);

	if (rc > 0) {
		read_article(w->rows, a, out, NULL);
		read_article_text(w->rows, a, w->with, w->text_most, out);
	}
	return rc;
}

void store_walk_close(struct store_walk **w)
{
	if (!*w)
		return;
	db_done(&(*w)->rows);
	mem_free(*w);
	*w = NULL;
}

/* A category's articles by its sources: every other article would be asked for its category. */
static void count_category_sql(struct buf *sql, struct conditions *c, const struct store_query *q)
{
	buf_add_cstr(sql, "SELECT COUNT(DISTINCT y.article_id) FROM article_sources y"
			  " JOIN sources c ON c.key = y.source");
	add_str(sql, c, "c.category = ", "", q->category);
	add_number(sql, c, "y.date >= ", q->from);
	add_number(sql, c, "y.date < ", q->to);
}

static int count_by(struct store *s, struct buf *sql, const struct conditions *c, int64_t *out,
		    struct err *err)
{
	struct db_rows *r;

	if (run_query(s, sql, c, &r, err) < 0)
		return err->code;
	int rc = db_next(r, err);
	if (rc > 0)
		*out = db_i64(r, 0);
	db_done(&r);
	return rc < 0 ? rc : 0;
}

int store_count(struct store *s, const struct store_query *q, int64_t *out, struct err *err)
{
	struct buf sql;
	struct conditions c = { .count = 0 };
	bool by_source = q->source.len > 0, by_keyword = q->keyword.len > 0;
	/* Where no condition is on the article itself an index answers, and no article is read to
	 * be counted. */
	bool alone = !q->category.len && !q->language.len && !is_set(q->after_id) &&
		     !is_set(q->changed_after);

	buf_init(&sql, BUF_NO_MAX);
	if (q->category.len && !by_source && !by_keyword && !q->language.len &&
	    !is_set(q->after_id) && !is_set(q->changed_after)) {
		count_category_sql(&sql, &c, q);
		return count_by(s, &sql, &c, out, err);
	}
	buf_add_cstr(&sql, by_source    ? "SELECT COUNT(*) FROM article_sources x"
			   : by_keyword ? "SELECT COUNT(*) FROM keywords k"
					: "SELECT COUNT(*) FROM articles a");
	if (by_source && (by_keyword || !alone))
		buf_add_cstr(&sql, " JOIN articles a ON a.id = x.article_id");
	else if (by_keyword && !alone)
		buf_add_cstr(&sql, " JOIN articles a ON a.id = k.article_id");
	add_conditions(&sql, &c, q);
	return count_by(s, &sql, &c, out, err);
}
