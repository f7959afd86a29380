/*
 * Writing articles. An article is found by its address (its key is the address's hash, so one small
 * index serves both), by an alias, or by the entry's guid inside its source.
 *
 * What is an edit: a title or text that differs from the one that stands, when both came the same
 * way. Text of a page against text of a feed, or one publisher's feed against another's, says
 * nothing about an edit: there the longer stands.
 */
#include "store/store.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "store/private.h"
#include "text/utf8.h"

enum { KEY_LEN = 13, DAY_MS = 86400000 };

static const char insert_article[] =
	"INSERT INTO articles (id, key, date, month, doc, revision, first_seen, last_seen, gone, "
	"published,"
	" published_offset_min, modified, paywalled, origins, url, path, source, guid, "
	"text_source, fetched_url,"
	" title, summary, language, image, site_name, section, licence, dateline, authors, "
	"credits, keywords,"
	" attachments, change) VALUES "
	"($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,"
	"$21,$22,$23,$24,$25,$26,$27,$28,$29,$30,$31,$32,$33)";

static const char update_article[] = "UPDATE articles SET key = $2, date = $3, month = $4, doc = "
				     "$5, revision = $6, first_seen = $7,"
				     " last_seen = $8, gone = $9, published = $10, "
				     "published_offset_min = $11, modified = $12, paywalled = $13,"
				     " origins = $14, url = $15, path = $16, source = $17, guid = "
				     "$18, text_source = $19, fetched_url = $20,"
				     " title = $21, summary = $22, language = $23, image = $24, "
				     "site_name = $25, section = $26, licence = $27,"
				     " dateline = $28, authors = $29, credits = $30, keywords = "
				     "$31, attachments = $32, change = $33"
				     " WHERE id = $1";

/* --- identity --------------------------------------------------------------------------------- */

/* 64 bits in 13 characters; `again` counts the collisions met on the way. */
static struct str make_key(struct arena *mem, struct str identity, int again)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
	char key[KEY_LEN];

	if (again)
		identity = arena_strf(mem, "%.*s\n%d", STR_FMT(identity), again);
	uint64_t n = hash64_of(identity);
	for (int i = KEY_LEN; i-- > 0; n >>= 5)
		key[i] = digits[n & 31];
	return arena_str(mem, str_n(key, KEY_LEN));
}

/* An entry without a link is known by its guid. */
static struct str identity_of(struct arena *mem, struct str url, struct str source, struct str guid)
{
	return url.len ? url : arena_strf(mem, "%.*s %.*s", STR_FMT(source), STR_FMT(guid));
}

static int64_t guid_hash(struct str source, struct str guid)
{
	struct hash_state st;

	hash_start(&st);
	hash_update(&st, source);
	hash_update(&st, S("\n"));
	hash_update(&st, guid);
	struct hash h = hash_finish(&st);
	int64_t n;
	memcpy(&n, h.bytes, sizeof(n));
	return n;
}

/*
 * Looks for the article of an address: 1 and *id, else 0 and *key is free for it. Two addresses of
 * one key are told apart by the address itself; the second lives under the next key of its chain,
 * and nothing is ever removed from it.
 */
static int find_by_address(struct store *s, struct arena *mem, struct str identity, struct str url,
			   int64_t *id, struct str *key, struct err *err)
{
	for (int again = 0;; again++) {
		struct db_rows *r;

		*key = make_key(mem, identity, again);
		if (db_query(s->db, "SELECT id, url, source, guid FROM articles WHERE key = $1", &r,
			     err) < 0)
			return err->code;
		db_bind_str(r, 1, *key);
		int rc = db_next(r, err);
		bool same = false;
		if (rc > 0) {
			*id = db_i64(r, 0);
			same = url.len ? str_eq(db_str(r, 1), url)
				       : str_eq(identity_of(mem, db_str(r, 1), db_str(r, 2),
							    db_str(r, 3)),
						identity);
		}
		db_done(&r);
		if (rc <= 0 || same)
			return rc;
	}
}

static int find_by_alias(struct store *s, struct str url, int64_t *id, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db, "SELECT article_id FROM aliases WHERE url = $1", &r, err) < 0)
		return err->code;
	db_bind_str(r, 1, url);
	int rc = db_next(r, err);
	if (rc > 0)
		*id = db_i64(r, 0);
	db_done(&r);
	return rc;
}

/* A guid that two articles of a source carry names neither. */
static int find_by_guid(struct store *s, struct str source, struct str guid, int64_t *id,
			struct err *err)
{
	struct db_rows *r;
	int rc, found = 0;

	if (db_query(s->db,
		     "SELECT article_id, source, guid FROM article_sources WHERE guid_hash = $1",
		     &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, guid_hash(source, guid));
	while ((rc = db_next(r, err)) > 0)
		if (str_eq(db_str(r, 1), source) && str_eq(db_str(r, 2), guid)) {
			*id = db_i64(r, 0);
			found++;
		}
	db_done(&r);
	return rc < 0 ? rc : found == 1;
}

int store_article_find(struct store *s, struct str url, struct str source, struct str guid,
		       int64_t *id, struct err *err)
{
	struct arena mem;
	struct str key;
	int rc = 0;

	arena_init(&mem);
	if (url.len || guid.len)
		rc = find_by_address(s, &mem, identity_of(&mem, url, source, guid), url, id, &key,
				     err);
	if (rc == 0 && url.len)
		rc = find_by_alias(s, url, id, err);
	if (rc == 0 && guid.len)
		rc = find_by_guid(s, source, guid, id, err);
	arena_fini(&mem);
	return rc;
}

/* --- dates and paths -------------------------------------------------------------------------- */

/* The proleptic Gregorian calendar from days since 1970 (Howard Hinnant's civil_from_days). */
static void civil_day(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365,
		doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = (int)(yoe + era * 400 + (*month <= 2));
}

/*
 * The date an article is ordered by: published, unless that is missing, or absurd: before print, or
 * more than a day after we saw it. What was stated is kept in `published` all the same.
 */
static int64_t order_date(const struct article *art)
{
	static const int64_t earliest = -17987443200000; /* 1400-01-01 */

	if (art->published == TIME_UNSTATED || art->published < earliest ||
	    art->published > art->first_seen + DAY_MS)
		return art->first_seen;
	return art->published;
}

static int64_t local_days(int64_t date, int offset_min)
{
	int64_t local = date + (int64_t)offset_min * 60000;

	return local / DAY_MS - (local % DAY_MS < 0);
}

static int month_of(int64_t date, int offset_min)
{
	int year, month, day;

	civil_day(local_days(date, offset_min), &year, &month, &day);
	return year * 100 + month;
}

static struct str make_path(struct arena *mem, int64_t date, int offset_min, struct str key)
{
	int year, month, day;

	civil_day(local_days(date, offset_min), &year, &month, &day);
	return arena_strf(mem, "/%04d/%02d/%02d/%.*s.html", year, month, day, STR_FMT(key));
}

/* 1: the path is its own now; 0: another article has it. */
static int claim_path(struct store *s, struct str path, int64_t id, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db,
		     "INSERT INTO paths (path, article_id) VALUES ($1, $2)"
		     " ON CONFLICT (path) DO NOTHING",
		     &r, err) < 0)
		return err->code;
	db_bind_str(r, 1, path);
	db_bind_i64(r, 2, id);
	return db_run_changes(&r, err);
}

/* --- rows ------------------------------------------------------------------------------------- */

static int64_t pack_origins(const struct article *a)
{
	const enum origin all[] = { a->title_from,   a->text_from,     a->published_from,
				    a->authors_from, a->keywords_from, a->language_from };
	int64_t n = 0;

	for (int i = 0; i < 6; i++)
		n |= (int64_t)all[i] << (4 * i);
	return n;
}

static int write_article(struct store *s, struct arena *mem, const char *sql,
			 const struct article *art, const struct article_row *row, struct err *err)
{
	struct db_rows *r;
	const int64_t numbers[] = { row->date,     row->month,      row->doc,
				    art->revision, art->first_seen, art->last_seen,
				    art->gone,     art->published,  art->published_offset_min,
				    art->modified, art->paywalled,  pack_origins(art) };
	const struct str texts[] = { art->url,
				     art->path,
				     art->source,
				     art->guid,
				     row->text_source,
				     art->fetched_url,
				     art->title,
				     art->summary,
				     art->language,
				     art->image,
				     art->site_name,
				     art->section,
				     art->licence,
				     pack_dateline(mem, &art->dateline),
				     pack_people(mem, &art->authors),
				     pack_people(mem, &art->credits),
				     pack_strs(mem, &art->keywords),
				     pack_attachments(mem, &art->attachments) };

	if (db_query(s->db, sql, &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, art->id);
	db_bind_str(r, 2, art->key);
	for (int i = 0; i < 12; i++)
		db_bind_i64(r, 3 + i, numbers[i]);
	for (int i = 0; i < 18; i++)
		db_bind_str(r, 15 + i, texts[i]);
	db_bind_i64(r, 33, s->next_change++);
	return db_run(&r, err);
}

static int write_revision(struct store *s, const struct article *art, const struct store_put *put,
			  int64_t seen, struct err *err)
{
	struct db_rows *r;

	if (art->revision > REVISION_MAX)
		return err_set(err, ERR_LIMIT, "article %.*s: more than %d revisions",
			       STR_FMT(art->key), REVISION_MAX);
	if (db_query(s->db,
		     "INSERT INTO revisions (id, seen, capture_id, title, text, html, around)"
		     " VALUES ($1,$2,$3,$4,$5,$6,$7)"
		     " ON CONFLICT (id) DO UPDATE SET capture_id = excluded.capture_id, title = "
		     "excluded.title,"
		     " text = excluded.text, html = excluded.html, around = excluded.around",
		     &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, art->id << REVISION_BITS | art->revision);
	db_bind_i64(r, 2, seen);
	db_bind_i64(r, 3, put->capture_id);
	db_bind_str(r, 4, art->title);
	db_bind_str(r, 5, art->text);
	db_bind_str(r, 6, art->html);
	db_bind_str(r, 7, put->around);
	return db_run(&r, err);
}

static int add_keywords(struct store *s, const struct strs *list, int64_t date, int64_t id,
			struct err *err)
{
	for (size_t i = 0; i < list->count; i++)
		if (late_keyword_add(s, list->items[i], date, id, err) < 0)
			return err->code;
	return 0;
}

static int drop_keywords(struct store *s, const struct strs *list, int64_t date, int64_t id,
			 struct err *err)
{
	for (size_t i = 0; i < list->count; i++)
		if (late_keyword_drop(s, list->items[i], date, id, err) < 0)
			return err->code;
	return 0;
}

static void count_month(struct store *s, int month, int64_t n, int64_t date)
{
	char name[16];
	int len = snprintf(name, sizeof(name), "%04d-%02d", month / 100, month % 100);

	late_group_add(s, STORE_BY_MONTH, str_n(name, (size_t)len), n, date);
}

/* Another source in the same category already counts the article there. */
static int count_category(struct store *s, int64_t id, struct str source, int64_t date,
			  struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db,
		     "SELECT c.category, (SELECT COUNT(*) FROM article_sources x JOIN sources o ON "
		     "o.key = x.source"
		     " WHERE x.article_id = $2 AND x.source <> $1 AND o.category = c.category)"
		     " FROM sources c WHERE c.key = $1",
		     &r, err) < 0)
		return err->code;
	db_bind_str(r, 1, source);
	db_bind_i64(r, 2, id);
	int rc = db_next(r, err);
	if (rc > 0 && db_i64(r, 1) == 0 && db_str(r, 0).len > 0)
		late_group_add(s, STORE_BY_CATEGORY, db_str(r, 0), 1, date);
	db_done(&r);
	return rc < 0 ? rc : 0;
}

/* One more way the article came; 1 when it was not known. */
static int write_source(struct store *s, int64_t id, const struct article *art, int64_t date,
			int64_t now, struct err *err)
{
	struct db_rows *r;

	if (!art->source.len)
		return 0;
	if (db_query(s->db,
		     "INSERT INTO article_sources (article_id, source, guid_hash, guid, date, seen)"
		     " VALUES ($1,$2,$3,$4,$5,$6) ON CONFLICT (article_id, source) DO NOTHING",
		     &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, id);
	db_bind_str(r, 2, art->source);
	db_bind_i64(r, 3, art->guid.len ? guid_hash(art->source, art->guid) : 0);
	db_bind_str(r, 4, art->guid);
	db_bind_i64(r, 5, date);
	db_bind_i64(r, 6, now);
	int rc = db_run_changes(&r, err);
	if (rc <= 0)
		return rc;
	late_group_add(s, STORE_BY_SOURCE, art->source, 1, date);
	return count_category(s, id, art->source, date, err) < 0 ? (int)err->code : rc;
}

int store_alias_add(struct store *s, int64_t id, struct str url, struct err *err)
{
	struct db_rows *r;

	/* The first article an address led to keeps it. */
	if (db_query(s->db,
		     "INSERT INTO aliases (url, article_id) VALUES ($1, $2) ON CONFLICT (url) DO "
		     "NOTHING",
		     &r, err) < 0)
		return err->code;
	db_bind_str(r, 1, url);
	db_bind_i64(r, 2, id);
	return db_run(&r, err);
}

/* --- new articles ----------------------------------------------------------------------------- */

static int put_new(struct store *s, struct arena *mem, const struct store_put *put, struct str key,
		   int64_t *id, struct err *err)
{
	struct article art = *put->article;
	struct article_row row = { .text_source = art.source };

	art.id = s->next_article;
	art.key = key;
	art.revision = 1;
	if (art.first_seen == TIME_UNSTATED || art.first_seen == 0)
		art.first_seen = put->now;
	if (art.last_seen == TIME_UNSTATED || art.last_seen == 0)
		art.last_seen = put->now;
	row.date = order_date(&art);
	int offset = row.date == art.published ? art.published_offset_min : 0;
	row.month = month_of(row.date, offset);
	int mine = 0;
	if (put->keep_path && art.path.len && (mine = claim_path(s, art.path, art.id, err)) < 0)
		return mine;
	if (!mine)
		art.path = make_path(mem, row.date, offset, key);
	/* The index reads what stands around the text from the revision. */
	if (write_revision(s, &art, put, art.first_seen, err) < 0 ||
	    index_article(s, &art, &row, err) < 0 ||
	    write_article(s, mem, insert_article, &art, &row, err) < 0 ||
	    write_source(s, art.id, &art, row.date, put->now, err) < 0 ||
	    add_keywords(s, &art.keywords, row.date, art.id, err) < 0)
		return err->code;
	count_month(s, row.month, 1, row.date);
	*id = s->next_article++;
	return 0;
}

/* --- articles that are known -------------------------------------------------------------------
 */

static bool from_feed(const struct article *a)
{
	return a->text_from == FROM_FEED || a->text_from == FROM_NOWHERE;
}

/* Did both texts come the same way, so that a difference is the publisher's? */
static bool comparable(const struct article *old, const struct article_row *row,
		       const struct article *new)
{
	if (from_feed(old) != from_feed(new))
		return false;
	return !from_feed(new) || !new->source.len || str_eq(row->text_source, new->source);
}

enum text_change { TEXT_STAYS, TEXT_REPLACED, TEXT_REVISED };

static bool differs(const struct article *old, const struct article *new)
{
	return (new->title.len && !store_same_text(old->title, new->title)) ||
	       (new->text.len && !store_same_text(old->text, new->text));
}

static enum text_change judge_text(const struct article *old, const struct article_row *row,
				   const struct store_put *put)
{
	const struct article *new = put->article;
	bool title = new->title.len && !store_same_text(old->title, new->title);
	bool text = new->text.len && !store_same_text(old->text, new->text);

	if (put->reextracted)
		return title || text || (new->html.len && !str_eq(old->html, new->html))
			       ? TEXT_REPLACED
			       : TEXT_STAYS;
	if (put->edited)
		return title || text ? TEXT_REVISED : TEXT_STAYS;
	/* A feed's new title for an article whose text is its page's. */
	if (title && !new->text.len && (old->title_from == FROM_FEED) &&
	    (new->title_from == FROM_FEED) && str_eq(old->source, new->source))
		return TEXT_REVISED;
	if (!comparable(old, row, new))
		return text && new->text.len > old->text.len ? TEXT_REPLACED : TEXT_STAYS;
	return title || text ? TEXT_REVISED : TEXT_STAYS;
}

struct standing {
	int64_t capture_id, seen;
};

static int find_standing(struct store *s, const struct article *old, struct standing *out,
			 struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db, "SELECT capture_id, seen FROM revisions WHERE id = $1", &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, old->id << REVISION_BITS | old->revision);
	int rc = db_next(r, err);
	*out = rc > 0 ? (struct standing){ db_i64(r, 0), db_i64(r, 1) } : (struct standing){ 0 };
	db_done(&r);
	return rc < 0 ? rc : 0;
}

/* What looks like an edit is none where our own reading is what changed, and no second one where
 * it is part of one that was seen just now. */
static void check_edit(const struct article *old, const struct standing *at,
		       const struct store_put *put, enum text_change *text)
{
	struct article made;

	if (*text != TEXT_REVISED)
		return;
	if (put->remake && at->capture_id != 0 && put->article->text.len &&
	    put->remake(put->remake_arg, old, at->capture_id, &made) &&
	    !differs(&made, put->article))
		*text = TEXT_REPLACED;
	else if (put->amend_from > 0 && old->revision > 1 && at->seen >= put->amend_from)
		*text = TEXT_REPLACED;
}

/* A stated value takes the place of an older one from the same source; from another source it only
 * fills a gap. */
static bool take_str(struct str *have, struct str new, bool over)
{
	if (!new.len || (have->len && !over) || str_eq(*have, new))
		return false;
	*have = new;
	return true;
}

static bool same_packed(struct str a, struct str b, bool over, bool have)
{
	return !b.len || (have && !over) || str_eq(a, b);
}

static bool take_lists(struct arena *mem, struct article *have, const struct article *new,
		       bool over)
{
	bool changed = false;

	if (!same_packed(pack_people(mem, &have->authors), pack_people(mem, &new->authors), over,
			 have->authors.count)) {
		have->authors = new->authors;
		have->authors_from = new->authors_from;
		changed = true;
	}
	if (!same_packed(pack_people(mem, &have->credits), pack_people(mem, &new->credits), over,
			 have->credits.count)) {
		have->credits = new->credits;
		changed = true;
	}
	if (!same_packed(pack_strs(mem, &have->keywords), pack_strs(mem, &new->keywords), over,
			 have->keywords.count)) {
		have->keywords = new->keywords;
		have->keywords_from = new->keywords_from;
		changed = true;
	}
	if (!same_packed(pack_attachments(mem, &have->attachments),
			 pack_attachments(mem, &new->attachments), over, have->attachments.count)) {
		have->attachments = new->attachments;
		changed = true;
	}
	if (!same_packed(pack_dateline(mem, &have->dateline), pack_dateline(mem, &new->dateline),
			 over, have->dateline.text.len)) {
		have->dateline = new->dateline;
		changed = true;
	}
	return changed;
}

static bool take_fields(struct arena *mem, struct article *have, const struct article *new,
			bool over)
{
	bool changed = take_lists(mem, have, new, over);
	struct {
		struct str *have, new;
	} texts[] = {
		{ &have->summary, new->summary },     { &have->image, new->image },
		{ &have->site_name, new->site_name }, { &have->section, new->section },
		{ &have->licence, new->licence },     { &have->fetched_url, new->fetched_url },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		changed |= take_str(texts[i].have, texts[i].new, over);
	if (take_str(&have->language, new->language, over)) {
		have->language_from = new->language_from;
		changed = true;
	}
	if ((new->published != TIME_UNSTATED) && new->published != have->published &&
	    (over || have->published == TIME_UNSTATED)) {
		have->published = new->published;
		have->published_offset_min = new->published_offset_min;
		have->published_from = new->published_from;
		changed = true;
	}
	if ((new->modified != TIME_UNSTATED) && new->modified != have->modified &&
	    (over || have->modified == TIME_UNSTATED || new->modified > have->modified)) {
		have->modified = new->modified;
		changed = true;
	}
	if (over && new->paywalled != have->paywalled) {
		have->paywalled = new->paywalled;
		changed = true;
	}
	return changed;
}

/*
 * Do the new values take the place of stated ones? Those of another source do not, nor do those of
 * a feed where the article came from its page, which has said it better.
 */
static bool takes_over(const struct article *old, const struct article_row *row,
		       const struct article *new, enum text_change text)
{
	if (!from_feed(old) && from_feed(new) && text == TEXT_STAYS)
		return false;
	return !new->source.len || str_eq(new->source, row->text_source) ||
	       str_eq(new->source, old->source);
}

/* Moves what is ordered by date along with the article. */
static int move_date(struct store *s, const struct article *old, const struct article_row *was,
		     const struct article *art, const struct article_row *row, struct err *err)
{
	struct db_rows *r;

	if ((was->date != row->date || old->keywords.items != art->keywords.items) &&
	    (drop_keywords(s, &old->keywords, was->date, old->id, err) < 0 ||
	     add_keywords(s, &art->keywords, row->date, art->id, err) < 0))
		return err->code;
	if (was->month != row->month) {
		count_month(s, was->month, -1, 0);
		count_month(s, row->month, 1, row->date);
	}
	if (was->date == row->date)
		return 0;
	if (db_query(s->db, "UPDATE article_sources SET date = $2 WHERE article_id = $1", &r, err) <
	    0)
		return err->code;
	db_bind_i64(r, 1, art->id);
	db_bind_i64(r, 2, row->date);
	return db_run(&r, err);
}

static int touch(struct store *s, int64_t id, int64_t seen, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db, "UPDATE articles SET last_seen = $2 WHERE id = $1 AND last_seen < $2",
		     &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, id);
	db_bind_i64(r, 2, seen);
	return db_run(&r, err);
}

static void take_text(struct article *art, struct article_row *row, const struct article *new)
{
	if (new->title.len) {
		art->title = new->title;
		art->title_from = new->title_from;
	}
	if (new->text.len) {
		art->text = new->text;
		art->text_from = new->text_from;
		row->text_source = new->source;
	}
	if (new->text.len || new->html.len)
		art->html = new->html;
}

/* Of what an index of the articles shows, besides texts and date. */
static bool has_other_fields(const struct article *old, const struct article *art)
{
	return old->keywords.items != art->keywords.items ||
	       !str_eq(old->language, art->language) ||
	       (!art->title.len && !str_eq(old->summary, art->summary));
}

static int put_known(struct store *s, struct arena *mem, const struct store_put *put, int64_t id,
		     enum store_change *change, struct err *err)
{
	const struct article *new = put->article;
	struct article old;
	struct article_row was;
	int64_t seen = (new->last_seen != TIME_UNSTATED) && (new->last_seen != 0) ? new->last_seen
										  : put->now;

	if (load_article(s, mem, id, STORE_ALL, &old, &was, err) < 0)
		return err->code;
	struct article art = old;
	struct article_row row = was;
	enum text_change text = judge_text(&old, &was, put);
	struct store_put mine = *put;
	struct standing at = { 0 };
	if (text != TEXT_STAYS && find_standing(s, &old, &at, err) < 0)
		return err->code;
	check_edit(&old, &at, put, &text);
	/* A title alone leaves the text, and with it the capture that has it. */
	if (text != TEXT_STAYS && !new->text.len)
		mine.capture_id = at.capture_id;
	bool fields = take_fields(mem, &art, new, takes_over(&old, &was, new, text));
	int source = write_source(s, id, new, was.date, put->now, err);
	if (source < 0)
		return source;
	if (new->url.len && !str_eq(new->url, old.url) && store_alias_add(s, id, new->url, err) < 0)
		return err->code;
	*change = text == TEXT_REVISED ? STORE_REVISED : STORE_SAME;
	if (text == TEXT_STAYS && !fields && !source)
		return touch(s, id, seen, err);
	if (text != TEXT_STAYS)
		take_text(&art, &row, new);
	art.revision += text == TEXT_REVISED;
	if (seen > art.last_seen)
		art.last_seen = seen;
	row.date = order_date(&art);
	row.month = month_of(row.date, row.date == art.published ? art.published_offset_min : 0);
	bool anew = text != TEXT_STAYS || source || has_other_fields(&old, &art) ||
		    row.date != was.date;
	if (anew &&
	    fallen_add(s, mem, &old, was.doc, was.date, source ? new->source : S(""), err) < 0)
		return err->code;
	if (text != TEXT_STAYS && write_revision(s, &art, &mine, put->now, err) < 0)
		return err->code;
	if (text == TEXT_REVISED && event_add(s, STORE_EDITS, id, art.revision, put->now, err) < 0)
		return err->code;
	if ((text != TEXT_STAYS || fields) && move_date(s, &old, &was, &art, &row, err) < 0)
		return err->code;
	if (anew && index_article(s, &art, &row, err) < 0)
		return err->code;
	return write_article(s, mem, update_article, &art, &row, err);
}

/* A guid alone is weak: feeds exist that give every entry the same. The title has to agree. */
static int same_title(struct store *s, struct arena *mem, int64_t id, struct str title,
		      struct err *err)
{
	struct article old;

	if (load_article(s, mem, id, STORE_FIELDS, &old, NULL, err) < 0)
		return err->code;
	return store_same_text(old.title, title);
}

static int put_article(struct store *s, struct arena *mem, const struct store_put *put, int64_t *id,
		       enum store_change *change, struct err *err)
{
	const struct article *art = put->article;
	struct str key;

	if (!art->url.len && !art->guid.len)
		return err_set(err, ERR_INPUT, "an article without an address and without an id");
	int rc = find_by_address(s, mem, identity_of(mem, art->url, art->source, art->guid),
				 art->url, id, &key, err);
	if (rc == 0 && art->url.len)
		rc = find_by_alias(s, art->url, id, err);
	if (rc == 0 && art->guid.len) {
		rc = find_by_guid(s, art->source, art->guid, id, err);
		if (rc > 0)
			rc = same_title(s, mem, *id, art->title, err);
	}
	if (rc < 0)
		return rc;
	if (rc > 0)
		return put_known(s, mem, put, *id, change, err);
	*change = STORE_NEW;
	return put_new(s, mem, put, key, id, err);
}

int store_article_put(struct store *s, const struct store_put *put, int64_t *id,
		      enum store_change *change, struct err *err)
{
	struct arena mem;
	bool own;

	if (write_start(s, &own, err) < 0)
		return err->code;
	arena_init(&mem);
	int rc = write_end(s, own, put_article(s, &mem, put, id, change, err), err);
	arena_fini(&mem);
	return rc;
}

/* Sets it where it differs: 1. */
static int set_gone(struct store *s, int64_t id, int64_t gone, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db,
		     "UPDATE articles SET gone = $2, change = $3 WHERE id = $1 AND gone <> $2", &r,
		     err) < 0)
		return err->code;
	db_bind_i64(r, 1, id);
	db_bind_i64(r, 2, gone);
	db_bind_i64(r, 3, s->next_change++);
	return db_run_changes(&r, err);
}

int store_article_gone(struct store *s, int64_t id, int64_t gone, int64_t now, struct err *err)
{
	bool own;

	if (write_start(s, &own, err) < 0)
		return err->code;
	int rc = set_gone(s, id, gone, err);
	if (rc > 0)
		rc = event_add(s, STORE_DELETIONS, id, gone == TIME_UNSTATED, now, err);
	return write_end(s, own, rc, err);
}
