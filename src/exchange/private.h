/* private - what the files of exchange share: YAML as far as front matter and _config.yml go, and
 * permalinks. */
#ifndef DIBAO_EXCHANGE_PRIVATE_H
#define DIBAO_EXCHANGE_PRIVATE_H

#include "exchange/exchange.h"

enum { YAML_MAX_FIELDS = 200 };

/* A top-level key and its value: one scalar, or the items of a list. Nested maps are left out. */
struct yaml_field {
	struct str key;
	struct strs values;
	bool is_list;
};
struct yaml {
	struct yaml_field *fields;
	size_t count;
	bool broken; /* something was no YAML and was read as it was meant */
	size_t end;  /* bytes read, with the line that closed the front matter */
	bool closed; /* "---" or "..." was found */
};

/*
 * Reads lines of `text` up to one that is "---" or "..." (with `front`), or to the end. Never
 * fails: a line that is no YAML is skipped, or ends the front matter where nothing closes it.
 */
void yaml_read(struct arena *a, struct str text, bool front, struct yaml *out);
struct str yaml_text(const struct yaml *y, const char *key); /* empty: not there, or a list */
struct strs yaml_list(struct arena *a, const struct yaml *y, const char *key);

/* A scalar that YAML 1.1 and 1.2 read as this text: plain where that is so, else in double quotes.
 */
void yaml_add(struct buf *out, struct str s);
void yaml_add_quoted(struct buf *out, struct str s);

/* Jekyll's Utils.slugify: letters, marks and digits stay, in "pretty" mode ._~!$&'()+,;=@ too; the
 * rest is one hyphen. */
struct str jekyll_slug(struct arena *a, struct str s, bool pretty, bool lower);
/* The file of our site that answers a post's old address: permalink with its placeholders filled.
 */
struct str jekyll_path(struct arena *a, const struct jekyll_site *site, struct str permalink,
		       struct str slug, const struct strs *categories, int64_t date);

/* Text of a Markdown file as HTML: blocks and spans that articles have; markup passes. */
struct str markdown_html(struct arena *a, struct str text);

#endif
