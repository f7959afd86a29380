/*
 * In the store: "robots:ORIGIN", the time of the fetch in digits, a line feed and the text of
 * robots.txt; "host-until:HOST", until when it wants to be left alone.
 */
#include "run/manners.h"

#include "base/clock.h"
#include "text/url.h"

/* 1: there is such a state. */
static int get_state(struct store *s, struct arena *a, struct str key, struct str *value,
		     struct err *err)
{
	struct err missing;
	int rc = store_state_get(s, a, key, value, &missing);

	if (rc == ERR_NOTFOUND)
		return 0;
	if (rc < 0)
		*err = missing;
	return rc < 0 ? rc : 1;
}

static int load_robots(struct store *s, struct arena *a, struct fetch *f, struct str name,
		       struct err *err)
{
	struct fetch_wish wish = { .name = name };
	struct str value, when;
	int rc = get_state(s, a, arena_strf(a, "robots:%.*s", STR_FMT(name)), &value, err);

	if (rc > 0 && str_split(&value, '\n', &when) &&
	    str_to_i64(when, 0, INT64_MAX, &wish.when)) {
		wish.robots = value;
		fetch_give_robots(f, &wish);
	}
	return rc < 0 ? rc : 0;
}

static int load_host(struct store *s, struct arena *a, struct fetch *f, struct str host,
		     struct err *err)
{
	struct fetch_wish wish = { .name = host };
	struct str value;
	int rc = get_state(s, a, arena_strf(a, "host-until:%.*s", STR_FMT(host)), &value, err);

	if (rc > 0 && str_to_i64(value, 0, INT64_MAX, &wish.when) && wish.when > clock_now())
		fetch_give_host(f, &wish);
	return rc < 0 ? rc : 0;
}

int manners_load(struct store *s, struct fetch *f, struct str url, bool allow_private,
		 struct err *err)
{
	struct arena a;
	struct url u;
	struct str name;
	struct err bad;
	int rc = 0;

	arena_init(&a);
	/* An origin that fetch knows something of has been through here, and its host too. */
	if (fetch_wants_robots(f, &a, url, allow_private, &name))
		rc = load_robots(s, &a, f, name, err);
	if (rc == 0 && url_parse(&a, url, &u, &bad) == 0 && u.host.len)
		rc = load_host(s, &a, f, u.host, err);
	arena_fini(&a);
	return rc;
}

int manners_save(struct store *s, struct fetch *f, struct err *err)
{
	struct fetch_wish wish;
	struct arena a;
	size_t at = 0;
	int rc = store_begin(s, err);

	if (rc < 0)
		return rc;
	arena_init(&a);
	while (rc == 0 && fetch_learnt_robots(f, &at, &wish)) {
		rc = store_state_put(
			s, arena_strf(&a, "robots:%.*s", STR_FMT(wish.name)),
			arena_strf(&a, "%lld\n%.*s", (long long)wish.when, STR_FMT(wish.robots)),
			err);
		arena_reset(&a);
	}
	for (at = 0; rc == 0 && fetch_learnt_host(f, &at, &wish);) {
		rc = store_state_put(s, arena_strf(&a, "host-until:%.*s", STR_FMT(wish.name)),
				     arena_strf(&a, "%lld", (long long)wish.when), err);
		arena_reset(&a);
	}
	arena_fini(&a);
	if (rc < 0)
		store_rollback(s);
	return rc < 0 ? rc : store_commit(s, err);
}
