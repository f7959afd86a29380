/* What is put aside comes back, from anywhere. */
#include "site/spill.h"

#include <stdlib.h>

#include "base/check.h"

static void test_places(void)
{
	enum { COUNT = 3000 };
	static struct spill_place places[COUNT];
	struct spill *s;
	struct buf out;
	struct err err;

	if (spill_new(".", "spill_test.tmp", &s, &err) < 0)
		abort();
	buf_init(&out, BUF_NO_MAX);
	for (unsigned i = 0; i < COUNT; i++) {
		buf_reset(&out);
		for (unsigned k = 0; k < i % 70; k++)
			buf_addf(&out, "%u,", i);
		CHECK(spill_add(s, buf_str(&out), &places[i], &err) == 0);
	}
	CHECK(spill_end(s, &err) == 0);
	buf_reset(&out);
	CHECK(spill_read(s, places[2942], &out, &err) == 0);
	CHECK(spill_read(s, places[3], &out, &err) == 0);
	CHECK(spill_read(s, places[70], &out, &err) == 0);
	CHECK_STR("appended, in any order", buf_str(&out), S("2942,2942,3,3,3,"));
	CHECK(spill_read(s, (struct spill_place){ places[COUNT - 1].at, 100000 }, &out, &err) < 0);
	buf_fini(&out);
	spill_free(&s);
}

int main(void)
{
	test_places();
	return check_done();
}
