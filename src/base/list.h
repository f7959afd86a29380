/*
 * list - a growing array of equal things, owned by it.
 *
 *	struct list l;
 *	list_init(&l, sizeof(struct entry));
 *	struct entry *e = list_add(&l);      zeroed; borrowed until the next add
 *	for (size_t i = 0; i < l.count; i++)
 *		use(list_at(&l, i));
 */
#ifndef DIBAO_BASE_LIST_H
#define DIBAO_BASE_LIST_H

#include <stddef.h>

struct list {
	void *items;
	size_t count;
	size_t cap;
	size_t item_size;
};

void list_init(struct list *l, size_t item_size);
void list_fini(struct list *l);
void list_reset(struct list *l);
void *list_add(struct list *l);
void *list_at(const struct list *l, size_t i); /* i < count */

#endif
