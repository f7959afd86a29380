#include <stddef.h>
#include <stdint.h>

#include "site/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The text is compiled as a template that may call itself, and rendered if it compiles. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct err err = { 0 };
	struct buf out;

	arena_init(&a);
	buf_init(&out, 1 << 16);
	struct template_set *set = template_set_new(&a);
	struct value *root = value_object(&a), *list;
	value_put_text(&a, root, "a", S("<x>\n"));
	list = value_put_list(&a, root, "l");
	value_put_text(&a, value_add_object(&a, list), "b", S("1"));
	value_put_text(&a, value_add_object(&a, list), "a", S("2"));
	if (template_add(set, S("p"), S("p.html"), str_n((const char *)data, size), &err) == 0 &&
	    template_link(set, true, &err) == 0)
		template_render(template_find(set, S("p")), root, &out, &err);
	buf_fini(&out);
	arena_fini(&a);
	return 0;
}
