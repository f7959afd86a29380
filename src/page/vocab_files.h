/* vocab_files - src/page/vocab as it was when dibao was built. */
#ifndef DIBAO_PAGE_VOCAB_FILES_H
#define DIBAO_PAGE_VOCAB_FILES_H

#include <stddef.h>

struct vocab_file {
	const char *name;
	const unsigned char *bytes;
	size_t len;
};

extern const struct vocab_file vocab_files[]; /* by name; ended by a NULL name */

#endif
