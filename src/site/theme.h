/*
 * theme - the theme's files: those in the binary, overlaid by a directory's; its templates
 * compiled, its words by language.
 *
 * Every NAME.html is a template ("list.html" is the page, "_head.html" a part of pages),
 * strings/LANGUAGE.txt the words of one language, and every other file is put on the site as it is.
 * Limits: THEME_MAX_FILES of THEME_MAX_BYTES each (ERR_CONFIG).
 */
#ifndef DIBAO_SITE_THEME_H
#define DIBAO_SITE_THEME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "site/template.h"
#include "site/value.h"

enum { THEME_MAX_FILES = 2000, THEME_MAX_BYTES = 16 << 20 };

struct theme_entry {
	struct str name; /* "style.css", "strings/en.txt" */
	struct str file; /* as errors name it */
	struct str bytes;
	bool published; /* goes on the site as it is */
};

struct theme {
	struct theme_entry *entries; /* by name */
	size_t count;
	struct template_set *templates;
	uint64_t fingerprint; /* of all names and bytes */
};

/* `dir` may be empty, or not there. ERR_CONFIG: "file:line: ..." */
int theme_open(struct arena *a, struct str dir, struct theme *out, struct err *err);
const struct theme_entry *theme_find(const struct theme *t, struct str name); /* or NULL */

/* What a file is served as, by the end of its name. */
struct str theme_content_type(struct str name);

/*
 * The words of `language`, English where one is missing, as an object for templates.
 * "zh-TW" finds zh-Hant.txt, "fr-CA" fr.txt, an unknown language en.txt.
 */
int theme_words(struct arena *a, const struct theme *t, struct str language, struct value **out,
		struct err *err);
/* One word; empty if there is none. */
struct str theme_word(const struct value *words, struct str key);

/* Right to left. */
bool theme_language_is_rtl(struct str language);

#endif
