/*
 * check - what a test file needs: CHECK and its kin count, name the place that failed and go on;
 * `return check_done();` ends main.
 */
#ifndef DIBAO_BASE_CHECK_H
#define DIBAO_BASE_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define CHECK(cond) check_that((cond), #cond, __FILE__, __LINE__)
/* `why` says what the row protects. */
#define CHECK_STR(why, got, want) check_str((why), (got), (want), __FILE__, __LINE__)
#define CHECK_I64(why, got, want) check_i64((why), (got), (want), __FILE__, __LINE__)

void check_that(bool ok, const char *what, const char *file, int line);
void check_str(const char *why, struct str got, struct str want, const char *file, int line);
void check_i64(const char *why, int64_t got, int64_t want, const char *file, int line);
/* Prints "N checks, M failed"; the exit status. */
int check_done(void);

#endif
