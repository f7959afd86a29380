/* import - what cmd_import.c and import_jekyll.c share. */
#ifndef DIBAO_CMD_IMPORT_H
#define DIBAO_CMD_IMPORT_H

#include "base/hash.h"
#include "base/list.h"
#include "cmd/cmd.h"

struct import_options {
	const char *path;
	bool dry_run, json;
	int workers; /* 0: one a processor */
};

/* Sources that are not followed yet into sources.conf (and config->sources, for what comes next).
 * ERR_*; *added counts. */
int import_sources(struct cmd_context *ctx, struct config *config, const struct source *sources,
		   size_t count, bool dry_run, size_t *added, struct err *err);

/* A Jekyll site, a folder of posts, or one post. The exit status. */
int import_jekyll(struct cmd_context *ctx, struct config *config, const struct import_options *opt);

/* What became of the files, and what was found in them. */
struct import_report {
	int64_t files, new, revised, again, live, known, refused;
	int64_t relative_links, furniture_articles, furniture_bytes, paths_taken;
	int64_t faults[16];
	int64_t listed,
		listed_without; /* addresses of allurls.dat, and those of them no post has */
	size_t sources_new;
	struct list
		lines; /* of struct import_line: each file that is no article of its own, and why */
};
struct import_line {
	struct str path, what;
};

/* Counts what was wrong with one post (enum post_fault). */
void import_count_faults(struct import_report *r, unsigned faults);
struct jekyll_site;
void import_print_report(const struct import_report *r, const struct import_options *opt,
			 const struct jekyll_site *site, const struct config *config);

/*
 * The files imports brought in, kept in the store's state batch by batch: what export writes back,
 * and what a second import knows.
 */
struct imported {
	struct str label; /* of the site: its folder's name */
	struct str path;  /* of the file, in the site */
	struct hash body;
	int64_t article;
};
struct store;
/*
 * Every one so far, in the order they came. Next: 1, and *out, whose strings are borrowed until the
 * next call; 0 at the end.
 */
struct imported_walk;
int imported_open(struct store *store, struct imported_walk **out, struct err *err);
int imported_next(struct imported_walk *w, struct imported *out, struct err *err);
void imported_close(struct imported_walk **w);
/* Appends; inside a transaction. */
int imported_add(struct store *store, const struct imported *files, size_t count, struct err *err);

#endif
