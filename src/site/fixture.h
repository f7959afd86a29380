/* What the tests of site begin with: a folder of their own, stores and sites in it. */
#ifndef DIBAO_SITE_FIXTURE_H
#define DIBAO_SITE_FIXTURE_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "base/file.h"
#include "site/private.h"
#include "site/site.h"

static struct arena mem;
static struct err err;
static char *root;

static inline const char *in_root(const char *name)
{
	return path_join(&mem, root, name);
}

static inline int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static inline void remove_tree(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline struct store *open_store(const char *name)
{
	struct store_options opt = { .where = in_root(name), .write = true, .index = true };
	struct store *s = NULL;

	if (store_open(&opt, &s, &err) < 0) {
		fprintf(stderr, "store_open: %s\n", err.msg);
		exit(1);
	}
	return s;
}

static const struct site_options options = {
	.title = STR("The <Mirror>"),
	.language = STR("en"),
	.zone_min = 480,
	.base_url = STR("https://example.org/news/"),
};

static inline struct site *open_site(struct store *s)
{
	struct site *site = NULL;

	if (site_open(&options, s, &site, &err) < 0) {
		fprintf(stderr, "site_open: %s\n", err.msg);
		exit(1);
	}
	return site;
}

static inline struct str rendered(struct site *site, const char *path, struct buf *out)
{
	struct site_page page;

	buf_reset(out);
	err.msg[0] = '\0';
	return site_render(site, &mem, str_of(path), out, &page, &err) < 0 ? S("") : buf_str(out);
}

/* Makes the folder; false: it cannot. */
static inline bool fixture_start(void)
{
	const char *tmp = getenv("TMPDIR");

	arena_init(&mem);
	root = path_join(&mem, tmp && *tmp ? tmp : "/tmp", "dibao-site-XXXXXX");
	return mkdtemp(root) != NULL;
}

/* For main to return. */
static inline int fixture_end(void)
{
	remove_tree(root);
	arena_fini(&mem);
	return check_done();
}

#endif
