/*
 * date_tokens - the numbers, words, units and signs a date is written with. For date.c alone.
 */
#ifndef DIBAO_TEXT_DATE_TOKENS_H
#define DIBAO_TEXT_DATE_TOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum { DATE_MAX_TOKENS = 28 };

enum token_kind {
	TOKEN_NUMBER,
	TOKEN_WORD,
	TOKEN_SIGN,
	/* CJK units stand behind their number */
	TOKEN_YEAR,
	TOKEN_MONTH,
	TOKEN_DAY,
	TOKEN_HOUR,
	TOKEN_MINUTE,
	TOKEN_SECOND,
	TOKEN_ERA, /* value: what is added to its years */
	TOKEN_AM,
	TOKEN_PM,
	TOKEN_NOISE
};

struct token {
	enum token_kind kind;
	int64_t value; /* of a number; the character of a sign */
	int digits;
	char before;    /* the sign in front of a number, 0 for none */
	size_t at, end; /* in the text */
	char word[24];  /* folded */
	size_t len;
};

struct tokens {
	struct token items[DATE_MAX_TOKENS];
	size_t count;
	bool korean, japanese; /* the words tell the country, and it has one zone */
	bool broken;           /* the last thing seen is no part of a date */
};

/* All of s, or what of its beginning can belong to a date; no more than the first `max`. */
void date_tokens_of(struct str s, size_t max, struct tokens *ts);

/* '0' to '9' of any width as 0 to 9, else -1. */
int date_digit_of(uint32_t c);
/* What a word of a name is made of: letters of scripts with an alphabet. */
bool date_is_letter(uint32_t c);

#endif
