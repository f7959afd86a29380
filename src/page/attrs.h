/*
 * attrs - attributes of a lexbor element as views.
 */
#ifndef DIBAO_PAGE_ATTRS_H
#define DIBAO_PAGE_ATTRS_H

#include <lexbor/dom/dom.h>

#include "base/str.h"

static inline struct str attr_name(const lxb_dom_attr_t *attr)
{
	size_t len = 0;
	const lxb_char_t *p = lxb_dom_attr_local_name(attr, &len);

	return str_n((const char *)p, p ? len : 0);
}

static inline struct str attr_value(lxb_dom_attr_t *attr)
{
	size_t len = 0;
	const lxb_char_t *p = lxb_dom_attr_value(attr, &len);

	return str_n((const char *)p, p ? len : 0);
}

/* Empty where it is not there. `name` is lower case. */
static inline struct str attr_of(lxb_dom_element_t *el, struct str name)
{
	for (lxb_dom_attr_t *a = lxb_dom_element_first_attribute(el); a;
	     a = lxb_dom_element_next_attribute(a)) {
		if (str_eq(attr_name(a), name))
			return attr_value(a);
	}
	return str_n(NULL, 0);
}

#endif
