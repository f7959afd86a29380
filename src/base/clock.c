#include "base/clock.h"

#include <stdlib.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t clock_now(void)
{
	const char *fixed = getenv("DIBAO_NOW");

	if (fixed && *fixed) {
		char *end;
		long long ms = strtoll(fixed, &end, 10);

		if (*end == '\0')
			return (int64_t)ms;
	}
	return read_clock(CLOCK_REALTIME);
}

int64_t clock_mono_ms(void)
{
	return read_clock(CLOCK_MONOTONIC);
}
