#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "site/private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The last pass over an article's HTML finds nothing more to do in what it made; and the excerpt,
 * and names of pages. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct site site = { 0 };
	struct arena a;
	struct buf out;
	struct value words = { .kind = VALUE_OBJECT };

	site.words = &words;
	arena_init(&a);
	buf_init(&out, 1 << 20);
	list_init(&site.pictures, sizeof(struct picture_file));
	media_to_links(&site, &a, str_n((const char *)data, size), NULL, &out);
	struct str once = arena_str(&a, buf_str(&out));
	buf_reset(&out);
	media_to_links(&site, &a, once, NULL, &out);
	if (!out.dropped && !str_eq(buf_str(&out), once))
		abort();
	excerpt(&a, str_n((const char *)data, size), 100);
	buf_reset(&out);
	slug_add(&out, str_n((const char *)data, size));
	if (!path_is_safe(str_join(&a, S("/"), buf_str(&out))))
		abort();
	list_fini(&site.pictures);
	buf_fini(&out);
	arena_fini(&a);
	return 0;
}
