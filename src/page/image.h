/*
 * image - which address an <img> really has: lazy attributes, srcset and <picture> resolved.
 */
#ifndef DIBAO_PAGE_IMAGE_H
#define DIBAO_PAGE_IMAGE_H

#include <stdbool.h>

#include <lexbor/dom/dom.h>

#include "base/arena.h"
#include "base/str.h"

struct image {
	struct str src; /* the largest sensible candidate, absolute; empty: only a placeholder, or
			   none */
	struct str alt, title;
	int width, height; /* as stated for the page; 0: not */
	bool tracker;      /* counts readers, shows nothing */
};

enum { IMAGE_MAX_WIDTH = 2560 }; /* beyond this a larger candidate is no better */

/* Strings in a, or views of the element's. `img` may be any element with an image's attributes
 * (amp-img). */
void image_read(struct arena *a, lxb_dom_element_t *img, struct str base, struct image *out);

/* The best candidate of a srcset value as it stands there, and its stated width (0: none). */
struct str image_of_srcset(struct str srcset, int *width);

#endif
