/*
 * packed - bytes as a .gz file: the same bytes whenever it is made, for it has no time in it.
 *
 * Threads: a packer belongs to one thread.
 */
#ifndef DIBAO_SITE_PACKED_H
#define DIBAO_SITE_PACKED_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

struct packer;

struct packer *packer_new(void);
void packer_free(struct packer **p);
/* Borrowed until the next call. */
struct str packer_pack(struct packer *p, struct str bytes);
/* Text by the end of its name: what hosts send compressed. */
bool packed_is_worth(struct str path);

#endif
