/*
 * exchange - other people's formats, in and out: OPML, subs.json, Jekyll posts, JSON Feed.
 */
#ifndef DIBAO_EXCHANGE_EXCHANGE_H
#define DIBAO_EXCHANGE_EXCHANGE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "blob/blob.h"
#include "model.h"
#include "store/store.h"

/* Sources out of OPML 1.0/2.0 (categories from nested outlines) and out of subs.json; keys are not yet given. ERR_INPUT. */
int opml_parse(struct arena *a, struct str bytes, struct source **out, size_t *count, struct err *err);
void opml_print(struct buf *out, struct str title, const struct source *sources, size_t count);
int subs_parse(struct arena *a, struct str bytes, struct source **out, size_t *count, struct err *err);

/* An article as a Jekyll file (docs/posts), and its name "DATE-TITLE.md" without the "-2" of a second one. */
void post_print(struct buf *out, const struct article *art, struct str source_name, struct str category);
void post_name(struct buf *out, const struct article *art);

#endif
