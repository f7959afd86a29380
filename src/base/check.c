#include "base/check.h"

#include <inttypes.h>
#include <stdio.h>

static struct {
	int done, failed;
} checks; /* a test binary's own; no part of the program uses it */

static void count(bool ok)
{
	checks.done++;
	checks.failed += !ok;
}

void check_that(bool ok, const char *what, const char *file, int line)
{
	count(ok);
	if (!ok)
		fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
}

void check_str(const char *why, struct str got, struct str want, const char *file, int line)
{
	bool ok = str_eq(got, want);

	count(ok);
	if (!ok)
		fprintf(stderr, "%s:%d: %s\n  got  \"%.*s\"\n  want \"%.*s\"\n", file, line, why,
			STR_FMT(got), STR_FMT(want));
}

void check_i64(const char *why, int64_t got, int64_t want, const char *file, int line)
{
	count(got == want);
	if (got != want)
		fprintf(stderr, "%s:%d: %s\n  got  %" PRId64 "\n  want %" PRId64 "\n", file, line,
			why, got, want);
}

int check_done(void)
{
	printf("%d checks, %d failed\n", checks.done, checks.failed);
	return checks.failed || !checks.done ? 1 : 0;
}
