/*
 * date - instants out of what publishers write, and back.
 *
 * Pure: no clock, no locale, no system time zone. What is not understood is
 * TIME_UNSTATED: never 1970, never now.
 */
#ifndef DIBAO_TEXT_DATE_H
#define DIBAO_TEXT_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"

enum date_has {
	DATE_HAS_TIME = 1, /* a time of day was stated */
	DATE_HAS_ZONE = 2  /* an offset or a zone was stated */
};

struct date {
	int64_t ms;     /* ms since 1970 UTC, or TIME_UNSTATED */
	int offset_min; /* east of UTC, as stated or as assumed */
	unsigned has;   /* enum date_has */
};

/*
 * Reads one date: RFC 822/1123 and its deviations, RFC 3339/W3CDTF in part, asctime, 年月日, 民國,
 * names of months in the languages of docs/HACKING.md, AM/PM, 上午/下午, 오전/오후. Where no zone
 * is stated the date is taken as `zone_min` east of UTC. False, and out->ms = TIME_UNSTATED, when
 * it is no date.
 */
bool date_parse(struct str s, int zone_min, struct date *out);

/* The first date found inside running text or in a URL's path (/2023/01/23/). */
bool date_find(struct str text, int zone_min, struct date *out);
bool date_of_url(struct str url, int zone_min, struct date *out);

/* The day a Taiwanese report ends with, in years of the Republic: "（編輯：高照芬）1120123". */
bool date_at_end(struct str text, int zone_min, struct date *out);

/* "2023", "2023-01" or "2023-01-23": the first instant of it, or with `behind` the first after it.
 * False: there is no such year, month or day. */
bool date_span(struct str s, int zone_min, bool behind, int64_t *out);

/* Civil fields at an offset. */
struct date_fields {
	int year, month, day, hour, minute, second, ms,
		weekday; /* month 1-12, weekday 0 = Sunday */
};
void date_fields(int64_t ms, int offset_min, struct date_fields *out);
int64_t date_from_fields(const struct date_fields *f, int offset_min);

void buf_add_rfc3339(struct buf *b, int64_t ms,
		     int offset_min); /* 2023-01-23T10:04:06Z, +08:00; ms only when not 0 */
void buf_add_rfc822(struct buf *b, int64_t ms); /* Mon, 23 Jan 2023 10:04:06 GMT */

/* Offset of a zone as settings name it: "+08:00", "UTC", "Asia/Taipei" is not understood (fixed
 * offsets only). */
bool date_zone(struct str s, int *offset_min);

#endif
