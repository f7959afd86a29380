#include "fetch/robots.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct robots r;
	struct str text = str_n((const char *)data, size);

	arena_init(&a);
	robots_parse(&a, text, S("dibao"), &r);
	robots_allow(&r, str_sub(text, 0, 100));
	robots_allow(&r, S("/a/b.gif?x=%41"));
	arena_fini(&a);
	return 0;
}
