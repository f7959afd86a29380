#include "base/clock.h"

#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* "MS", "MS@MONO*RATE" */
static bool read_told(const char *told, int64_t *out)
{
	char *end;
	long long ms = strtoll(told, &end, 10), mono, rate;

	*out = ms;
	if (end == told || *end == '\0')
		return end != told;
	if (*end != '@')
		return false;
	mono = strtoll(end + 1, &end, 10);
	if (*end != '*')
		return false;
	rate = strtoll(end + 1, &end, 10);
	if (*end != '\0')
		return false;
	*out = ms + (clock_mono_ms() - mono) * rate;
	return true;
}

int64_t clock_now(void)
{
	const char *told = getenv("DIBAO_NOW");
	int64_t ms;

	if (told && *told && read_told(told, &ms))
		return ms;
	return read_clock(CLOCK_REALTIME);
}

int64_t clock_mono_ms(void)
{
	return read_clock(CLOCK_MONOTONIC);
}
