/*
 * bench/site - how fast a site is built, beside a bare program that writes the same files.
 *
 *	bench/site fill MIRROR POSTS [keywords]
 *	                                 articles out of a folder of Jekyll posts, into a new
 *MIRROR/archive.db; with keywords made of names that occur, where the posts have none of their own
 *	bench/site build MIRROR OUT [pages]
 *	                                 builds, then writes the same bytes to OUT.bare with open,
 *write, close; with pages without the search index, which reads all texts once more
 *	bench/site one MIRROR OUT [pages]
 *	                                 adds one new article and builds again
 *
 * OUT must not exist for a cold build. Figures: seconds of wall clock, user and system CPU, peak
 *memory.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/list.h"
#include "base/map.h"
#include "base/mem.h"
#include "page/sanitize.h"
#include "site/site.h"
#include "source/source.h"
#include "store/store.h"
#include "text/date.h"
#include "text/escape.h"
#include "text/url.h"
#include "text/utf8.h"

struct bench {
	struct arena life, row;
	struct err err;
	struct store *store;
	struct sanitizer *sanitizer;
	struct map sources; /* author -> key */
	struct strs keys;
	int64_t articles;
	bool keywords, pages;
};

static void die(const struct err *err)
{
	fprintf(stderr, "bench/site: %s\n", err->msg);
	exit(1);
}

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

struct clocks {
	double wall, user, sys;
};

static struct clocks clocks_now(void)
{
	struct rusage r;
	struct timeval t;

	getrusage(RUSAGE_SELF, &r);
	gettimeofday(&t, NULL);
	return (struct clocks){ seconds(t), seconds(r.ru_utime), seconds(r.ru_stime) };
}

/* What it took since `a`. */
static struct clocks tell(const char *what, struct clocks a, int64_t files)
{
	struct clocks b = clocks_now();
	struct rusage r;

	getrusage(RUSAGE_SELF, &r);
	printf("%-12s %7.3f s wall %7.3f s user %7.3f s system %9.0f files/s  peak %ld MB\n", what,
	       b.wall - a.wall, b.user - a.user, b.sys - a.sys, (double)files / (b.wall - a.wall),
	       r.ru_maxrss / 1024);
	return (struct clocks){ b.wall - a.wall, b.user - a.user, b.sys - a.sys };
}

static void open_store(struct bench *b, const char *mirror, bool write)
{
	struct store_options opt = { .where = path_join(&b->life, mirror, "archive.db"),
				     .write = write };

	if (store_open(&opt, &b->store, &b->err) < 0)
		die(&b->err);
}

/* The value of "key: ..." in front matter, without quotes and brackets. */
static struct str field(struct str front, const char *key)
{
	struct str line;

	while (str_split(&front, '\n', &line)) {
		size_t len = strlen(key);

		if (!str_has_prefix(line, str_of(key)) || line.len <= len || line.ptr[len] != ':')
			continue;
		line = str_trim(str_from(line, len + 1));
		while (line.len && strchr("[\" ", line.ptr[0]))
			line = str_from(line, 1);
		while (line.len && strchr("]\" ", line.ptr[line.len - 1]))
			line.len--;
		return line;
	}
	return S("");
}

static struct str source_for(struct bench *b, struct str name)
{
	void **at = map_get(&b->sources, name);

	if (at)
		return *(struct str *)*at;
	struct str *key = arena_alloc(&b->life, sizeof(*key));
	struct source_state st = { .last_fetch = TIME_UNSTATED,
				   .last_success = TIME_UNSTATED,
				   .last_new = TIME_UNSTATED,
				   .first_fetch = TIME_UNSTATED };

	name = arena_str(&b->life, name);
	*key = arena_str(&b->life, source_key(&b->life, name, S("https://example.org/"), &b->keys));
	b->keys.items = arena_grow(&b->life, b->keys.items, b->keys.count * sizeof(struct str),
				   (b->keys.count + 1) * sizeof(struct str));
	b->keys.items[b->keys.count++] = *key;
	st.key = *key;
	st.name = st.category = name;
	st.url = S("https://example.org/feed");
	if (store_source_put(b->store, &st, &b->err) < 0)
		die(&b->err);
	*map_put(&b->sources, name) = key;
	return *key;
}

static void find_names(struct bench *b, struct article *art)
{
	static const char *const names[] = {
		"中国", "中國", "台湾",   "台灣",   "美国",    "美國", "香港", "习近平", "習近平",
		"北京", "疫情", "毛泽东", "俄罗斯", "乌克兰",  "经济", "經濟", "日本",   "共产党",
		"民主", "大学", "上海",   "AI",     "YouTube", "新疆", "历史", "文革",   "特朗普",
		"川普", "拜登", "國安法", "编程",   "Python",  "读书", "电影", "音乐",   "健康",
	};
	size_t all = sizeof(names) / sizeof(names[0]);

	art->keywords.items = arena_array(&b->row, all, sizeof(struct str));
	for (size_t i = 0; i < all && art->keywords.count < 5; i++)
		if (str_contains(art->text, str_of(names[i])))
			art->keywords.items[art->keywords.count++] = str_of(names[i]);
}

static void add_post(struct bench *b, struct str bytes)
{
	size_t end = str_find(str_from(bytes, 4), S("\n---"));
	struct article art = { .modified = TIME_UNSTATED,
			       .gone = TIME_UNSTATED,
			       .published = TIME_UNSTATED };
	struct date date;
	struct buf html;
	enum store_change change;
	int64_t id;

	if (!str_has_prefix(bytes, S("---\n")) || end == STR_NONE)
		return;
	bytes = utf8_clean(&b->row, bytes);
	struct str front = str_sub(bytes, 4, end + 4), body = str_from(bytes, end + 8),
		   author = field(front, "author");
	size_t rule = str_find(body, S("\n------"));
	body = rule == STR_NONE ? body : str_from(body, rule + 7);
	art.url = url_canonical(&b->row, field(front, "from"));
	art.title = field(front, "title");
	if (!art.url.len || !art.title.len)
		return;
	art.source = source_for(b, author.len ? author : S("unknown"));
	if (date_parse(field(front, "date"), 0, &date))
		art.published = date.ms;
	buf_init(&html, BUF_NO_MAX);
	if (sanitize_html(b->sanitizer, body, art.url, &html, &b->err) < 0) {
		buf_fini(&html);
		return;
	}
	art.html = buf_str(&html);
	art.text = html_text(&b->row, art.html);
	art.language = str_contains(art.text, S("\xE5\x9C\x8B")) ||
				       str_contains(art.text, S("\xE9\x80\x99"))
			       ? S("zh-Hant")
			       : S("zh-Hans");
	if (b->keywords)
		find_names(b, &art);
	struct store_put put = { .article = &art,
				 .now = art.published == TIME_UNSTATED ? 1700000000000
								       : art.published + 60000 };
	if (store_article_put(b->store, &put, &id, &change, &b->err) < 0)
		die(&b->err);
	buf_fini(&html);
	if (++b->articles % 1000 == 0 &&
	    (store_commit(b->store, &b->err) < 0 || store_begin(b->store, &b->err) < 0))
		die(&b->err);
	arena_reset(&b->row);
}

static struct bench *walked; /* nftw has no argument of its own */

static int visit(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	struct buf bytes;

	(void)st;
	(void)at;
	if (kind != FTW_F || !str_has_suffix(str_of(path), S(".md")))
		return 0;
	buf_init(&bytes, BUF_NO_MAX);
	if (file_read(path, &bytes, &walked->err) == 0)
		add_post(walked, buf_str(&bytes));
	buf_fini(&bytes);
	return 0;
}

static void fill(struct bench *b, const char *mirror, const char *posts)
{
	if (dir_make(mirror, &b->err) < 0)
		die(&b->err);
	open_store(b, mirror, true);
	b->sanitizer = sanitize_new();
	map_init(&b->sources);
	if (store_begin(b->store, &b->err) < 0)
		die(&b->err);
	walked = b;
	nftw(posts, visit, 32, FTW_PHYS);
	if (store_commit(b->store, &b->err) < 0)
		die(&b->err);
	map_fini(&b->sources);
	sanitize_free(&b->sanitizer);
	printf("%lld articles of %zu sources\n", (long long)b->articles, b->keys.count);
}

static struct clocks build(struct bench *b, const char *out, const char *what)
{
	struct site_options opt = { .title = S("dibao"),
				    .language = S("zh-Hant"),
				    .zone_min = 480,
				    .no_search = b->pages };
	struct site_built built;
	struct site *site;
	struct clocks from = clocks_now();

	if (site_open(&opt, b->store, &site, &b->err) < 0 ||
	    site_build(site, out, NULL, &built, &b->err) < 0)
		die(&b->err);
	site_close(&site);
	struct clocks took = tell(what, from, built.written);
	printf("             %lld written, %lld unchanged, %lld removed\n",
	       (long long)built.written, (long long)built.unchanged, (long long)built.removed);
	return took;
}

struct file {
	char *path;
	char *bytes;
	size_t len;
};
static struct list files;
static size_t root_len;

static int take_file(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	struct buf bytes;
	struct err err;

	(void)st;
	(void)at;
	if (kind != FTW_F || strstr(path, "/.dibao/"))
		return 0;
	buf_init(&bytes, BUF_NO_MAX);
	if (file_read(path, &bytes, &err) < 0)
		die(&err);
	struct file *f = list_add(&files);
	f->path = strdup(path + root_len + 1);
	f->bytes = buf_take(&bytes, &f->len);
	return 0;
}

/*
 * What any program must do at the least: the folders, and each file opened, written and closed. By
 * one thread, that has nothing else to do, folder by folder; a build uses all processors.
 */
static struct clocks bare(const char *out)
{
	char dir[4096], *slash;
	int root;

	list_init(&files, sizeof(struct file));
	root_len = strlen(out);
	nftw(out, take_file, 32, FTW_PHYS);
	snprintf(dir, sizeof(dir), "%s.bare", out);
	struct clocks from = clocks_now();
	mkdir(dir, 0777);
	root = open(dir, O_RDONLY | O_DIRECTORY);
	for (size_t i = 0; i < files.count; i++) {
		struct file *f = list_at(&files, i);
		int fd = openat(root, f->path, O_WRONLY | O_CREAT | O_EXCL, 0666);

		bool missing = fd < 0 && errno == ENOENT;
		for (slash = strchr(f->path, '/'); missing && slash;
		     slash = strchr(slash + 1, '/')) {
			*slash = '\0';
			mkdirat(root, f->path, 0777);
			*slash = '/';
		}
		if (fd < 0)
			fd = openat(root, f->path, O_WRONLY | O_CREAT | O_EXCL, 0666);
		if (fd < 0 || write(fd, f->bytes, f->len) != (ssize_t)f->len || close(fd) != 0) {
			perror(f->path);
			exit(1);
		}
	}
	return tell("bare writer", from, (int64_t)files.count);
}

static void add_one(struct bench *b)
{
	struct article art = { .modified = TIME_UNSTATED,
			       .gone = TIME_UNSTATED,
			       .published = TIME_UNSTATED };
	struct store_walk *walk = NULL;
	struct store_query q = {
		.from = TIME_UNSTATED, .to = TIME_UNSTATED, .limit = 1, .with = STORE_ALL
	};
	enum store_change change;
	int64_t id;

	if (store_walk_open(b->store, &q, &walk, &b->err) < 0 ||
	    store_walk_next(walk, &b->row, &art, &b->err) <= 0)
		die(&b->err);
	store_walk_close(&walk);
	art.published += 60000;
	art.url =
		arena_strf(&b->row, "https://example.org/one-more/%lld", (long long)art.published);
	art.guid = art.key = art.path = art.fetched_url = S("");
	struct store_put put = { .article = &art, .now = art.published };
	if (store_article_put(b->store, &put, &id, &change, &b->err) < 0)
		die(&b->err);
}

int main(int argc, char **argv)
{
	struct bench b = { 0 };

	arena_init(&b.life);
	arena_init(&b.row);
	setvbuf(stdout, NULL, _IOLBF, 0);
	b.keywords = argc == 5 && strcmp(argv[4], "keywords") == 0;
	b.pages = argc == 5 && strcmp(argv[4], "pages") == 0;
	argc -= b.pages;
	if ((argc == 4 || b.keywords) && strcmp(argv[1], "fill") == 0) {
		fill(&b, argv[2], argv[3]);
	} else if (argc == 4 && strcmp(argv[1], "build") == 0) {
		open_store(&b, argv[2], false);
		struct clocks ours = build(&b, argv[3], "dibao"), least = bare(argv[3]);

		printf("rate         %7.0f %% of the bare writer's, in %.2f times its system "
		       "time\n",
		       100 * least.wall / ours.wall, ours.sys / least.sys);
	} else if (argc == 4 && strcmp(argv[1], "one") == 0) {
		open_store(&b, argv[2], true);
		add_one(&b);
		build(&b, argv[3], "one more");
	} else {
		fprintf(stderr, "usage: bench/site fill MIRROR POSTS [keywords] | build MIRROR OUT "
				"[pages] | one MIRROR OUT [pages]\n");
		return 2;
	}
	store_close(&b.store);
	return 0;
}
