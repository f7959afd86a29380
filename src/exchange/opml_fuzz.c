/* The first byte chooses the reader: OPML or subs.json. */
#include <assert.h>

#include "exchange/exchange.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct err err;
	struct source *sources;
	size_t count;

	if (size == 0)
		return 0;
	struct str bytes = str_n((const char *)data + 1, size - 1);
	arena_init(&a);
	int rc = data[0] % 2 ? subs_parse(&a, bytes, &sources, &count, &err)
			     : opml_parse(&a, bytes, &sources, &count, &err);
	if (rc == 0) {
		/* What was read can be written, and read again. */
		struct source *again;
		size_t count_again;
		struct buf b;

		assert(count > 0);
		buf_init(&b, BUF_NO_MAX);
		opml_print(&b, S("t"), sources, count);
		rc = opml_parse(&a, buf_str(&b), &again, &count_again, &err);
		assert(rc == 0 && count_again == count);
		buf_fini(&b);
	}
	arena_fini(&a);
	return 0;
}
