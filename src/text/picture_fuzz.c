/* Any bytes: a size is positive or not stated. */
#include <stdlib.h>

#include "text/picture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct picture p = { 0 };

	if (picture_read(str_n((const char *)data, size), &p) && (p.width < 0 || p.height < 0))
		abort();
	return 0;
}
