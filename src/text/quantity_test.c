#include "text/quantity.h"

#include "base/check.h"

static const struct {
	const char *why;
	struct str in;
	int64_t want; /* -1: refused */
} times[] = {
	{ "minutes", STR("30m"), 1800000 },
	{ "parts add up", STR("1d 12h"), 129600000 },
	{ "decimals", STR("1.5h"), 5400000 },
	{ "milliseconds", STR("500ms"), 500 },
	{ "a bare number could be anything", STR("5"), -1 },
	{ "a bare unit", STR("h"), -1 },
	{ "nothing", STR(""), -1 },
	{ "negative", STR("-1s"), -1 },
	{ "no such unit", STR("1y"), -1 },
	{ "too long for 64 bits", STR("99999999999999999999s"), -1 },
	{ "its product is too", STR("9999999999999999w"), -1 },
}, sizes[] = {
	{ "thousands", STR("1.5GB"), 1500000000 },
	{ "1024s, a space", STR("2 KiB"), 2048 },
	{ "bytes", STR("10"), 10 },
	{ "case does not matter", STR("5mb"), 5000000 },
	{ "something behind it", STR("10 MB 3"), -1 },
	{ "no number", STR("MB"), -1 },
};

int main(void)
{
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		int64_t n = 0;
		bool ok = quantity_ms(times[i].in, &n);

		CHECK_I64(times[i].why, ok ? n : -1, times[i].want);
	}
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		int64_t n = 0;
		bool ok = quantity_bytes(sizes[i].in, &n);

		CHECK_I64(sizes[i].why, ok ? n : -1, sizes[i].want);
	}
	return check_done();
}
