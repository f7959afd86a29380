/*
 * robots - robots.txt (RFC 9309): which paths of a host a polite visitor leaves alone.
 *
 * Pure. Of all groups only the one for us is kept. What passes a ceiling errs on the side of
 * leaving alone.
 */
#ifndef DIBAO_FETCH_ROBOTS_H
#define DIBAO_FETCH_ROBOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum {
	ROBOTS_MAX_BYTES = 512 << 10,
	ROBOTS_MAX_RULES = 5000,
	ROBOTS_MAX_WILD = 200, /* rules with a "*" */
	ROBOTS_MAX_PATTERN = 256,
	ROBOTS_MAX_PATH = 1024 /* bytes of a path that are compared */
};

struct robots_rule {
	struct str pattern; /* normalised; "*" any bytes */
	bool allow;
	bool anchored; /* "$" stood at its end */
	bool wild;
};

struct robots {
	struct robots_rule *rules;
	size_t count, cap, wild_count;
	int64_t delay_ms; /* Crawl-delay; 0: none */
};

/* The rules of `text` for the product named (any case), else those for "*". They live in a. */
void robots_parse(struct arena *a, struct str text, struct str product, struct robots *out);

/* May path_query ("/x?y", as in a normalised URL) be fetched? "/robots.txt" always may. */
bool robots_allow(const struct robots *r, struct str path_query);

#endif
