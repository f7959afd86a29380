/*
 * spill - bytes put aside in a file without a name, to be read back in another order.
 *
 * Threads: one at a time.
 */
#ifndef DIBAO_SITE_SPILL_H
#define DIBAO_SITE_SPILL_H

#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct spill;

struct spill_place {
	off_t at;
	uint32_t len;
};

/* dir: a folder for the file; name: the file's, while it is opened. ERR_IO. */
int spill_new(const char *dir, const char *name, struct spill **out, struct err *err);
void spill_free(struct spill **s);

int spill_add(struct spill *s, struct str bytes, struct spill_place *out, struct err *err);
/* Nothing more comes. */
int spill_end(struct spill *s, struct err *err);
/* Appends the bytes of a place to *out. */
int spill_read(const struct spill *s, struct spill_place place, struct buf *out, struct err *err);

#endif
