/*
 * recent - what a source brought lately: how often it publishes, how long its texts are, what went
 * wrong. Enough to tell what is unusual, in a few hundred bytes a source.
 *
 * Pure: the time is passed in.
 */
#ifndef DIBAO_SOURCE_RECENT_H
#define DIBAO_SOURCE_RECENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum {
	RECENT_DAYS = 28,  /* by which the rate is told */
	RECENT_WEEK = 7,   /* of which news, changes and failures are counted */
	RECENT_TEXTS = 64, /* by which the usual length is told */
	RECENT_LAST = 16   /* texts that are compared with it */
};

struct recent_day {
	int64_t new, changed, failed; /* failed: pages, or the feed itself */
};

struct recent {
	int64_t newest;                 /* date of the newest article; 0: none yet */
	int64_t published[RECENT_DAYS]; /* articles a day, the day of the newest first */
	int64_t today;                  /* days since 1970 of week[0] */
	struct recent_day week[RECENT_WEEK];
	int64_t usual; /* characters of a text; 0: too few to tell */
	int64_t texts[RECENT_TEXTS];
	int64_t text_count; /* ever; the newest is texts[(text_count - 1) % RECENT_TEXTS] */
	int64_t read_from;  /* when its feed was last read; 0: not yet */
};

/* What cannot be read is empty. */
void recent_load(struct recent *r, struct str saved);
struct str recent_save(const struct recent *r, struct arena *a);

/* A new article of that date (TIME_UNSTATED, or in the future: now), whose text has so many
 * characters. */
void recent_new(struct recent *r, int64_t now, int64_t date, size_t chars);
void recent_changed(struct recent *r, int64_t now);
void recent_failed(struct recent *r, int64_t now);

/* Of the last seven days. */
struct recent_day recent_week(const struct recent *r, int64_t now);
/* Articles in a hundred days; 0: too few to tell. */
int64_t recent_rate(const struct recent *r);
/* Has it been silent for longer than it ever is? For how long; 0: it has not. */
int64_t recent_silence(const struct recent *r, int64_t now);
/* How many of the last RECENT_LAST texts are far below the usual length. */
int64_t recent_short(const struct recent *r);
/* So many that the pages are likely made anew. */
bool recent_falls_short(const struct recent *r);

#endif
