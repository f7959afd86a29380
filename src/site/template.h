/*
 * template - Mustache, by its published specification: variables, sections, inverted sections,
 * partials (with indentation), comments, set delimiters, standalone lines. No lambdas, no
 * inheritance.
 *
 * A set holds the templates of one theme: each is compiled once, to an array of operations, and
 * linked, so that a partial is found before anything is rendered. Rendering changes nothing: a
 * linked set may be used by several threads. Limits: TEMPLATE_MAX_BYTES of a file,
 * TEMPLATE_MAX_DEPTH of sections and partials, TEMPLATE_MAX_STEPS a page (ERR_LIMIT).
 */
#ifndef DIBAO_SITE_TEMPLATE_H
#define DIBAO_SITE_TEMPLATE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "site/value.h"

enum { TEMPLATE_MAX_BYTES = 1 << 20, TEMPLATE_MAX_DEPTH = 64, TEMPLATE_MAX_STEPS = 10000000 };

struct template_set;
struct template;

/* Everything of the set lives in `a`. */
struct template_set *template_set_new(struct arena *a);

/*
 * Compiles `text` (copied) as `name`, by which partials call it; `file` is what errors say.
 * ERR_CONFIG: the sentence begins "file:line: ".
 */
int template_add(struct template_set *set, struct str name, struct str file, struct str text,
		 struct err *err);

/* Finds every partial. ERR_CONFIG: one is missing. With `lenient` it is empty, as the specification
 * has it. */
int template_link(struct template_set *set, bool lenient, struct err *err);

/* NULL: no such template. */
const struct template *template_find(const struct template_set *set, struct str name);

/* Appends. ERR_LIMIT: too deep (a partial that calls itself), or past out's ceiling. */
int template_render(const struct template *t, const struct value *root, struct buf *out,
		    struct err *err);

#endif
