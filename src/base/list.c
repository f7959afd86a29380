#include "base/list.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"

void list_init(struct list *l, size_t item_size)
{
	*l = (struct list){ .item_size = item_size };
}

void list_fini(struct list *l)
{
	mem_free(l->items);
	*l = (struct list){ .item_size = l->item_size };
}

void list_reset(struct list *l)
{
	l->count = 0;
}

void *list_add(struct list *l)
{
	if (l->count == l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 8;

		assert(cap < (size_t)-1 / 2 / l->item_size);
		l->items = mem_realloc(l->items, cap * l->item_size);
		l->cap = cap;
	}
	void *item = (char *)l->items + l->count++ * l->item_size;
	memset(item, 0, l->item_size);
	return item;
}

void *list_at(const struct list *l, size_t i)
{
	assert(i < l->count);
	return (char *)l->items + i * l->item_size;
}
