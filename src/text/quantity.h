/*
 * quantity - times and sizes as people write them in settings.
 */
#ifndef DIBAO_TEXT_QUANTITY_H
#define DIBAO_TEXT_QUANTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* "30m", "2h", "1.5d", "1d 12h", "500ms"; a unit is needed. */
bool quantity_ms(struct str s, int64_t *ms);
/* "5MB", "1.5GB" (of 1000), "5M", "5MiB" (of 1024), "5" (bytes). */
bool quantity_bytes(struct str s, int64_t *bytes);

#endif
