/*
 * link - the Link header of HTTP (RFC 8288). Pure.
 */
#ifndef DIBAO_TEXT_LINK_H
#define DIBAO_TEXT_LINK_H

#include <stdbool.h>

#include "base/str.h"

struct link {
	struct str target; /* as written: relative to the answer's address */
	struct str rels;   /* "self", "hub alternate" */
	bool anchored;     /* it speaks of something else than the answer */
};

/* The next link of a header's value, in views of it: true, and *rest behind it. What is no link is
 * passed over. */
bool link_next(struct str *rest, struct link *out);
/* One of the relations is `rel`. */
bool link_is(const struct link *link, struct str rel);

#endif
