/* import - what cmd_import.c and import_jekyll.c share. */
#ifndef DIBAO_CMD_IMPORT_H
#define DIBAO_CMD_IMPORT_H

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
/* Every one so far, in the order they came. */
int imported_load(struct store *store, struct arena *a, struct imported **out, size_t *count,
		  struct err *err);
/* Appends; inside a transaction. */
int imported_add(struct store *store, const struct imported *files, size_t count, struct err *err);

#endif
