/* What the tests of store begin with: a folder of their own, an archive in it, articles. */
#ifndef DIBAO_STORE_FIXTURE_H
#define DIBAO_STORE_FIXTURE_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/file.h"
#include "store/store.h"

enum { DAY = 86400000 };
#define NOW INT64_C(1700000000000) /* 2023-11-14T22:13:20Z */

static struct arena mem;
static struct err err;
static char dir[] = "/tmp/dibao-store-XXXXXX";
static const char *where; /* the archive */

static inline struct store *open_store(bool write)
{
	struct store_options opt = { .where = where, .write = write, .index = write };
	struct store *s;

	if (store_open(&opt, &s, &err) < 0) {
		fprintf(stderr, "store_open: %s\n", err.msg);
		exit(1);
	}
	return s;
}

static inline struct article sample(const char *url, const char *title, const char *text)
{
	return (struct article){
		.url = str_of(url),
		.source = S("cna"),
		.guid = str_of(url),
		.title = str_of(title),
		.text = str_of(text),
		.html = arena_strf(&mem, "<p>%s</p>", text),
		.published = NOW - DAY,
		.published_offset_min = 480,
		.modified = TIME_UNSTATED,
		.gone = TIME_UNSTATED,
		.text_from = FROM_PAGE,
		.title_from = FROM_PAGE,
		.language = S("zh-Hant"),
	};
}

static inline int64_t put(struct store *s, const struct article *art, int64_t now,
			  enum store_change *change)
{
	struct store_put p = { .article = art, .now = now };
	int64_t id = 0;
	enum store_change c;
	int rc = store_article_put(s, &p, &id, change ? change : &c, &err);

	if (rc < 0)
		fprintf(stderr, "put: %s\n", err.msg);
	CHECK(rc == 0);
	return id;
}

static inline int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void fixture_start(void)
{
	arena_init(&mem);
	CHECK(mkdtemp(dir) != NULL);
	where = path_join(&mem, dir, "archive.db");
}

/* For main to return. */
static inline int fixture_end(void)
{
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	arena_fini(&mem);
	return check_done();
}

#endif
