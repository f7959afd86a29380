/*
 * date_names - words in dates: months, days of the week, zones, halves of the day.
 *
 * For date.c alone. All names are folded as date.c folds words: lower case, without accents.
 */
#ifndef DIBAO_TEXT_DATE_NAMES_H
#define DIBAO_TEXT_DATE_NAMES_H

#include "base/str.h"

enum date_word {
	DATE_WORD_NONE,  /* not a word of dates */
	DATE_WORD_MONTH, /* value: 1 to 12 */
	DATE_WORD_WEEKDAY,
	DATE_WORD_ZONE, /* value: minutes east of UTC */
	DATE_WORD_AM,
	DATE_WORD_PM,
	DATE_WORD_HOURS, /* stands behind the hours: "9h15", "9 Uhr 15" */
	DATE_WORD_FILLER /* "de", "at", "th": says nothing */
};

/* What `word` is. `zone_min` settles a zone name with several meanings (CST), where it is one of
 * them. */
enum date_word date_word_of(struct str word, int zone_min, int *value);

#endif
