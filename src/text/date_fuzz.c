/* Whatever the text: a date is one that RFC 3339 can write, and reads back as itself. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "text/date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok, const struct date *d)
{
	struct date again;
	struct buf b;

	if (!ok) {
		if (d->ms != TIME_UNSTATED)
			abort();
		return;
	}
	if (d->offset_min < -1440 || d->offset_min > 1440)
		abort();
	buf_init(&b, 100);
	buf_add_rfc3339(&b, d->ms, 0);
	if (!date_parse(buf_str(&b), 0, &again) || again.ms != d->ms)
		abort();
	buf_fini(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = { (const char *)data, size };
	struct date d;
	int offset;

	check(date_parse(s, 0, &d), &d);
	check(date_parse(s, 480, &d), &d);
	check(date_find(s, 0, &d), &d);
	check(date_of_url(s, 0, &d), &d);
	if (date_zone(s, &offset) && (offset < -1440 || offset > 1440))
		abort();
	return 0;
}
