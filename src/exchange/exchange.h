/*
 * exchange - other people's formats, in and out: OPML, subs.json, Jekyll sites and posts.
 *
 * Pure but for jekyll_site_load and jekyll_files, which read the folder they are given. Strings of
 * results live in the arena. Limits: EXCHANGE_MAX_* (ERR_LIMIT).
 */
#ifndef DIBAO_EXCHANGE_EXCHANGE_H
#define DIBAO_EXCHANGE_EXCHANGE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "model.h"

enum {
	EXCHANGE_MAX_BYTES = 64 << 20, /* of one list of sources */
	EXCHANGE_MAX_SOURCES = 100000,
	EXCHANGE_MAX_POST = 16 << 20, /* bytes of one post */
	EXCHANGE_MAX_FILES = 4000000  /* posts of one site */
};

/*
 * Sources out of OPML 1.0/2.0 (categories from nested outlines) and out of subs.json ([{"site",
 * "url"}]); each address once, keys not yet given. ERR_INPUT: not that format, or not one source in
 * it.
 */
int opml_parse(struct arena *a, struct str bytes, struct source **out, size_t *count,
	       struct err *err);
int subs_parse(struct arena *a, struct str bytes, struct source **out, size_t *count,
	       struct err *err);
void opml_print(struct buf *out, struct str title, const struct source *sources, size_t count);

/* An article as a Jekyll file, and its name "DATE-TITLE.md" without the "-2" of a second one. */
void post_print(struct buf *out, const struct article *art, struct str source_name,
		struct str category);
void post_name(struct buf *out, const struct article *art);

/* What _config.yml of a Jekyll site says; what it does not say is Jekyll's default. */
struct jekyll_site {
	struct str title, description, author, language;
	struct str url, baseurl; /* "https://e.org", "/news" */
	struct str permalink;    /* "/:categories/:year/:month/:day/:title:output_ext" */
	struct str timezone;     /* as written */
	int zone_min;            /* of it, where it is a fixed offset; else 0 */
	bool zone_unknown;       /* timezone stands there and is a name we do not know */
};

/* ERR_NOTFOUND: no _config.yml; *out has the defaults then. */
int jekyll_site_load(struct arena *a, const char *dir, struct jekyll_site *out, struct err *err);

/*
 * Posts under dir, whatever it is: a site, a _posts, or an archived folder; paths relative to dir,
 * sorted by their names (so by their dates). ERR_NOTFOUND, ERR_LIMIT.
 */
int jekyll_files(struct arena *a, const char *dir, struct strs *out, struct err *err);

/* What was wrong with a post and was read all the same. */
enum post_fault {
	POST_NO_FRONT_MATTER = 1,
	POST_BROKEN_FRONT_MATTER = 2,
	POST_BAD_COMMENT = 4,
	POST_NO_DATE = 8,
	POST_NO_ADDRESS = 16,
	POST_DOUBLE_ENCODED = 32,
	POST_TITLE_MISMATCH = 64,
	POST_DATE_MISMATCH = 128,
	POST_LINK_MISMATCH = 256,
	POST_LIQUID = 512,
	POST_BAD_NAME = 1024,
	POST_NOT_UTF8 = 2048,
	POST_MARKDOWN = 4096
};

/* One post, read back. */
struct jekyll_post {
	struct str title;
	int64_t date;    /* of its front matter, else of its comment, else of its name */
	struct str from; /* address of the original, double encoding taken out; may be empty */
	struct str from_written; /* as it stood there */
	struct str author;       /* as written; of the incumbents, the source's name */
	struct strs tags, categories;
	struct str path; /* on the old site, with permalink: "/2023/01/23/a.html",
			    "/2023-01-23/a/" */
	struct str html; /* the body */
	unsigned faults; /* enum post_fault */
};

/* `path` is the file's, relative to the site. ERR_INPUT: nothing in it that could be an article. */
int jekyll_post_parse(struct arena *a, const struct jekyll_site *site, struct str path,
		      struct str bytes, struct jekyll_post *out, struct err *err);

#endif
