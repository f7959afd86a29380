/*
 * diff - what changed between two texts: by words where scripts have spaces, by characters in CJK.
 *
 * Lines are compared first, then the words of those that differ. Pure; any thread. Results are
 * views of the two texts, in order: same and deleted make the old one, same and inserted the new.
 */
#ifndef DIBAO_TEXT_DIFF_H
#define DIBAO_TEXT_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

/* Past this many edits, what lies between is given as all deleted and all inserted. */
enum { DIFF_MAX_EDITS = 1500 };

enum diff_kind { DIFF_SAME, DIFF_DELETED, DIFF_INSERTED };

struct diff_span {
	enum diff_kind kind;
	struct str text;
};

struct diff {
	struct diff_span *spans; /* no two of a kind in a row; a deleted one before an inserted */
	size_t count;
	bool coarse; /* a ceiling was passed somewhere */
};

/* The array lives in a; the texts must outlive it. */
void diff_texts(struct arena *a, struct str before, struct str after, struct diff *out);
bool diff_is_empty(const struct diff *d); /* nothing changed */

/* The same by lines, for who shows paragraphs: the part of a span that stands on one line. */
struct diff_piece {
	enum diff_kind kind;
	struct str text;
};
struct diff_line {
	struct diff_piece *pieces;
	size_t count;
	bool changed;
};
/* Blank lines are left out: every line is a paragraph. */
void diff_lines(struct arena *a, const struct diff *d, struct diff_line **out, size_t *count);

#endif
