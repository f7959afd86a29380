/*
 * embed - players and posts framed in a page, as the address a reader can open.
 */
#ifndef DIBAO_PAGE_EMBED_H
#define DIBAO_PAGE_EMBED_H

#include "base/arena.h"
#include "base/str.h"

/* The page behind the frame's (absolute) address; empty where its kind is not known: an
 * advertisement, a counter. */
struct str embed_address(struct arena *a, struct str url);

#endif
