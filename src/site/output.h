/*
 * output - the site's files: written beside the rendering, in order, each whole, only where they
 * differ.
 *
 * One thread puts, another of its own writes; at most OUTPUT_WAITING files wait between them. What
 * is new is there when it is written, what replaces a file when the output is closed as whole.
 * Paths are safe ones (path_is_safe), "/2023/01.html".
 */
#ifndef DIBAO_SITE_OUTPUT_H
#define DIBAO_SITE_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum { OUTPUT_WAITING = 128 };

struct output;

struct output_counts {
	int64_t written, unchanged, removed;
};

/* What is to be beside each file that is text. */
enum output_packed {
	PACKED_NONE,
	PACKED_BESIDE, /* its .gz, put before the file itself: one that is there is as it should be
			*/
	PACKED_GONE    /* no .gz more, of which an earlier build made one */
};

/*
 * `fresh`: nobody reads `dir` yet (it is moved into place when all is there), so files are made in
 * place. Else each is compared with what stands there and replaced by renaming.
 */
int output_open(const char *dir, bool fresh, enum output_packed packed, struct output **out,
		struct err *err);

/* Takes the bytes: *bytes is empty afterwards (and may have the memory of an earlier file). ERR_IO:
 * an earlier file failed. */
int output_put(struct output *o, struct str path, struct buf *bytes, struct err *err);
int output_remove(struct output *o, struct str path, struct err *err);

/*
 * Another thread's hand: it writes at once, beside what waits. It ends with the output; its thread
 * has to be done by then.
 */
struct output_hand;
struct output_hand *output_hand(struct output *o);
int output_hand_put(struct output_hand *h, struct str path, struct str bytes, struct err *err);

/* Looks at the disk, not at what waits. */
bool output_exists(struct output *o, struct str path);

/*
 * Waits until everything is written; where the build is `whole`, pages that replace others take
 * their places and what is to go goes; else the site stays as it was, with new pages beside it that
 * nothing names. Frees.
 */
int output_close(struct output **o, bool whole, struct output_counts *counts, struct err *err);

#endif
