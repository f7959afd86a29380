/* Any bytes: the tree is the one that lexbor's own states give, wherever a piece of them ends. */
#include <stdlib.h>

#include "page/fixture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf fast, slow;

	if (size == 0)
		return 0;
	buf_init(&fast, BUF_NO_MAX);
	buf_init(&slow, BUF_NO_MAX);
	if (!fixture_is_same(str_n((const char *)data + 1, size - 1), data[0], &fast, &slow))
		abort();
	buf_fini(&fast);
	buf_fini(&slow);
	return 0;
}
