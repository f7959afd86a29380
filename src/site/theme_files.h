/* theme_files - theme/default as it was when dibao was built. */
#ifndef DIBAO_SITE_THEME_FILES_H
#define DIBAO_SITE_THEME_FILES_H

#include <stddef.h>

struct theme_file {
	const char *name; /* "article.html", "style.css" */
	const unsigned char *bytes;
	size_t len;
};

extern const struct theme_file theme_files[]; /* by name; ended by a NULL name */

#endif
