/*
 * picture - what kind of picture some bytes are, and how large: by their own first bytes, never by
 * a label.
 *
 * Pure; any thread. Only kinds that every browser shows and that can carry no script: no SVG.
 */
#ifndef DIBAO_TEXT_PICTURE_H
#define DIBAO_TEXT_PICTURE_H

#include <stdbool.h>

#include "base/str.h"

struct picture {
	const char *type;      /* "image/png" */
	const char *extension; /* "png" */
	int width, height;     /* pixels; 0: not stated where it was looked for */
};

/* False: no picture of a kind we keep. */
bool picture_read(struct str bytes, struct picture *out);
/* The extension of a type picture_read gave; NULL for another. */
const char *picture_extension(struct str type);

#endif
