/*
 * A Jekyll site into the mirror. Workers read posts and take them apart; this thread writes them,
 * in the order of their names (so of their dates), in batches: each batch's articles, captures and
 * list of files are one transaction, which is what makes an import that was stopped go on where it
 * was, and a second one add nothing.
 */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hashset.h"
#include "base/list.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/queue.h"
#include "base/thread.h"
#include "cmd/import.h"
#include "exchange/exchange.h"
#include "page/page.h"
#include "page/sanitize.h"
#include "source/source.h"
#include "store/store.h"
#include "text/beside.h"
#include "text/escape.h"
#include "text/json.h"
#include "text/url.h"

enum { WINDOW = 128, WINDOW_BYTES = 8 << 20, BATCH_FILES = 512, MAX_WORKERS = 64 };

struct job {
	struct arena arena;
	size_t number;
	struct str path;
	struct hash body;
	int64_t body_bytes, weight;
	bool known;
	int rc; /* of reading it; err says why */
	struct err err;
	struct jekyll_post post;
	struct article art;
	int64_t relative_links, furniture_bytes;
	struct str around; /* what the post shows beside the article */
};

/* A source that posts may be of. */
struct import_source {
	struct str key;
	const struct source *followed; /* NULL: it is not */
	bool stored;
};

struct import {
	struct cmd_context *ctx;
	struct config *config;
	const struct import_options *opt;
	struct arena *a;
	const char *root;
	struct jekyll_site site;
	struct str label;
	struct strs files;
	struct hashset known;     /* hash, label and path of each file that came in before */
	struct hashset addresses; /* of a dry run's articles */
	struct hashset paths;     /* on our site */
	struct map sources;       /* name to struct import_source * */
	struct strs keys;         /* of all sources */
	struct store *store;
	struct blob *blobs;
	struct queue *todo, *done;
	int64_t weight;    /* bytes of the files in work */
	struct list batch; /* of struct imported, not yet committed */
	struct import_report report;
	int64_t now;
};

/* --- a worker's part --- */

static struct str known_key(struct arena *a, const struct hash *body, struct str label,
			    struct str path)
{
	char hex[HASH_HEX + 1];

	hash_to_hex(body, hex);
	return arena_strf(a, "%s %.*s/%.*s", hex, STR_FMT(label), STR_FMT(path));
}

/* Addresses in href="" and src="" that lead nowhere without a base. */
static int64_t count_relative(struct str html)
{
	static const struct str attributes[] = { STR("href="), STR("src=") };
	int64_t count = 0;

	for (size_t k = 0; k < 2; k++) {
		struct str rest = html;

		for (size_t at; (at = str_find(rest, attributes[k])) != STR_NONE;) {
			rest = str_from(rest, at + attributes[k].len);
			struct str value = rest.len && (rest.ptr[0] == '"' || rest.ptr[0] == '\'')
						   ? str_from(rest, 1)
						   : rest;
			size_t scheme = 0;

			while (scheme < value.len &&
			       (ch_is_alnum(value.ptr[scheme]) || value.ptr[scheme] == '+'))
				scheme++;
			bool absolute =
				scheme < value.len && scheme > 0 && value.ptr[scheme] == ':';
			count += !absolute && value.len > 0 && value.ptr[0] != '#' &&
				 value.ptr[0] != '"';
		}
	}
	return count;
}

/* The body where extraction finds no article in it (a picture, a player): sanitized, all of it. */
static void take_whole(struct sanitizer *s, struct job *job, struct str url)
{
	struct buf html;
	struct err ignored;

	buf_init(&html, EXCHANGE_MAX_POST);
	if (sanitize_html(s, job->post.html, url, &html, &ignored) == 0)
		job->art.html = arena_str(&job->arena, buf_str(&html));
	job->art.text = html_text(&job->arena, job->post.html);
	buf_fini(&html);
}

/* What the front matter says stands before what the body was found to say. */
static void fill_article(struct job *job, const struct import *im, struct str url)
{
	struct article *art = &job->art;
	const struct jekyll_post *post = &job->post;
	struct arena *a = &job->arena;

	art->url = url;
	art->fetched_url = post->from_written;
	art->path = post->path;
	art->title = post->title;
	art->published = post->date;
	art->published_offset_min = 0;
	art->modified = TIME_UNSTATED;
	art->gone = TIME_UNSTATED;
	art->first_seen =
		post->date != TIME_UNSTATED && post->date < im->now ? post->date : im->now;
	art->last_seen = im->now;
	art->title_from = art->text_from = art->published_from = FROM_IMPORT;
	art->site_name = post->categories.count ? post->categories.items[0]
			 : post->tags.count     ? post->tags.items[0]
						: im->site.title;
	/* A body has no metadata: a picture that is not in the text stood in what was cut. */
	if (!str_contains(art->html, art->image))
		art->image = (struct str){ 0 };
	bool own = post->author.len > 0 && !str_eq(post->author, art->site_name);
	for (size_t i = 0; i < post->tags.count; i++)
		own = own && !str_eq(post->author, post->tags.items[i]);
	if (own) {
		art->authors.items = arena_alloc(a, sizeof(*art->authors.items));
		art->authors.items[0] =
			(struct person){ .role = S("author"), .name = post->author };
		art->authors.count = 1;
		art->authors_from = FROM_IMPORT;
	}
	if (url.len == 0)
		art->guid = arena_strf(a, "jekyll:%.*s", STR_FMT(job->path));
}

/* The publisher's keywords: those of the text, then the post's tags but for the names incumbents
 * put there. */
static void fill_keywords(struct job *job)
{
	struct article *art = &job->art;
	struct strs found = art->keywords, all = { 0 };

	all.items =
		arena_array(&job->arena, found.count + job->post.tags.count, sizeof(*all.items));
	for (size_t i = 0; i < found.count + job->post.tags.count; i++) {
		struct str one =
			i < found.count ? found.items[i] : job->post.tags.items[i - found.count];
		bool skip = i >= found.count &&
			    (str_eq(one, art->site_name) || str_eq(one, job->post.author));

		for (size_t k = 0; k < job->post.categories.count && i >= found.count; k++)
			skip = skip || str_eq(one, job->post.categories.items[k]);
		for (size_t k = 0; k < all.count; k++)
			skip = skip || str_eq(one, all.items[k]);
		if (!skip)
			all.items[all.count++] = one;
	}
	if (all.count > found.count)
		art->keywords_from = FROM_IMPORT;
	art->keywords = all;
}

/* The address a post without one is known by: its own on the old site, where that is known. */
static struct str address_of(struct job *job, const struct import *im)
{
	const struct jekyll_site *site = &im->site;

	if (job->post.from.len > 0)
		return url_canonical(&job->arena, job->post.from);
	if (!url_is_http(site->url))
		return (struct str){ 0 };
	return url_canonical(&job->arena,
			     arena_strf(&job->arena, "%.*s%.*s%.*s", STR_FMT(site->url),
					STR_FMT(site->baseurl), STR_FMT(job->post.path)));
}

static void extract(struct page_extractor *x, struct sanitizer *s, struct job *job,
		    const struct import *im)
{
	struct str url = address_of(job, im);
	const struct page_options opt = {
		.url = url,
		.content_type = S("text/html; charset=utf-8"),
		.zone_min = im->site.zone_min,
		.fragment = true,
		.title = job->post.title,
	};
	struct page_result result;
	struct err err;
	struct str visible = html_text(&job->arena, job->post.html);
	size_t raw = visible.len;

	if (page_extract(x, &job->arena, job->post.html, &opt, &result, &err) == 0)
		job->art = result.article;
	else
		take_whole(s, job, url);
	fill_article(job, im, url);
	fill_keywords(job);
	job->relative_links = count_relative(job->post.html);
	/* Readers of the old site could search for all they saw: it is found still, if not shown.
	 */
	job->around = text_beside(&job->arena, visible, job->art.text);
	/* White space is squeezed differently; what is less than a tenth is not worth a word. */
	if (raw > job->art.text.len + job->art.text.len / 10 + 20)
		job->furniture_bytes = (int64_t)(raw - job->art.text.len);
}

static int read_post(struct import *im, struct job *job, struct str *bytes)
{
	struct buf b;
	int rc;

	buf_init(&b, EXCHANGE_MAX_POST);
	rc = file_read(path_join(&job->arena, im->root, job->path.ptr), &b, &job->err);
	if (rc == 0)
		*bytes = arena_str(&job->arena, buf_str(&b));
	else if (rc == ERR_LIMIT)
		err_set(&job->err, ERR_LIMIT, "larger than %d bytes", EXCHANGE_MAX_POST);
	buf_fini(&b);
	return rc;
}

static void work(struct import *im, struct page_extractor *x, struct sanitizer *s, struct job *job)
{
	struct str bytes;

	job->rc = read_post(im, job, &bytes);
	if (job->rc < 0)
		return;
	job->body = hash_of(bytes);
	job->body_bytes = (int64_t)bytes.len;
	job->known =
		hashset_has(&im->known, known_key(&job->arena, &job->body, im->label, job->path));
	if (job->known)
		return;
	job->rc =
		jekyll_post_parse(&job->arena, &im->site, job->path, bytes, &job->post, &job->err);
	if (job->rc == 0 && im->blobs)
		job->rc = blob_put(im->blobs, bytes, &job->body, &job->err);
	if (job->rc == 0)
		extract(x, s, job, im);
}

static void *run_worker(void *arg)
{
	struct import *im = arg;
	struct page_extractor *x = page_new();
	struct sanitizer *s = sanitize_new();
	struct job *job;

	while ((job = queue_pop(im->todo))) {
		work(im, x, s, job);
		queue_push(im->done, job);
	}
	sanitize_free(&s);
	page_free(&x);
	return NULL;
}

/* --- the writer's part --- */

/* Both live as long as the import. */
static void add_line(struct import *im, struct str path, struct str what)
{
	struct import_line *l = list_add(&im->report.lines);

	*l = (struct import_line){ .path = path, .what = what };
}

/* The store has to know a source before its first article. */
static int store_source(struct import *im, struct import_source *source, struct str name,
			struct err *err)
{
	const struct source *s = source->followed;
	const struct source_state st = {
		.key = source->key,
		.name = name,
		.url = s ? s->url : S(""),
		.home_url = s ? s->home_url : S(""),
		.category = s ? s->category : name,
		.first_fetch = TIME_UNSTATED,
		.last_fetch = TIME_UNSTATED,
		.last_success = TIME_UNSTATED,
		.last_new = TIME_UNSTATED,
	};

	if (source->stored || im->opt->dry_run)
		return 0;
	source->stored = true;
	return store_source_put(im->store, &st, err);
}

/* Room for twice as many, where their number is a power of two. */
static void add_key(struct import *im, struct str key)
{
	size_t count = im->keys.count;

	if ((count & (count - 1)) == 0)
		im->keys.items = arena_grow(im->a, im->keys.items, count * sizeof(key),
					    (count ? count * 2 : 1) * sizeof(key));
	im->keys.items[im->keys.count++] = key;
}

/* The key of the source a post names; one that is not followed is known to the store alone. */
static int source_of(struct import *im, struct arena *a, struct str name, struct str url,
		     struct str *key, struct err *err)
{
	struct import_source *source;

	if (name.len == 0)
		name = url.len > 0 ? url_site(a, url) : im->label;
	void **place = map_get(&im->sources, name);
	if (place) {
		source = *place;
	} else {
		source = arena_alloc(im->a, sizeof(*source));
		source->key = source_key(im->a, name, url, &im->keys);
		add_key(im, source->key);
		name = arena_str(im->a, name);
		*map_put(&im->sources, name) = source;
	}
	*key = source->key;
	return store_source(im, source, name, err);
}

/* Who has the article: 0 nobody yet, 1 an import (this one or an earlier), 2 its source brought it.
 * *path is its own. */
static int find_owner(struct import *im, struct job *job, int64_t *id, struct str *path,
		      struct err *err)
{
	struct article have;
	int rc = store_article_find(im->store, job->art.url, job->art.source, job->art.guid, id,
				    err);

	*path = job->art.path;
	if (rc <= 0)
		return rc;
	if (store_article_get(im->store, &job->arena, *id, STORE_FIELDS, &have, err) < 0)
		return err->code;
	*path = have.path;
	return have.title_from == FROM_IMPORT ? 1 : 2;
}

/* The article's other names: the address as it was written, and the post's where another one has
 * the article. */
static int add_aliases(struct import *im, struct job *job, int64_t id, struct str path,
		       struct err *err)
{
	struct str written = url_canonical(&job->arena, job->post.from_written);

	if (url_is_http(written) && !str_eq(written, job->art.url) &&
	    store_alias_add(im->store, id, written, err) < 0)
		return err->code;
	return str_eq(path, job->art.path) ? 0 : store_alias_add(im->store, id, job->art.path, err);
}

static int put_article(struct import *im, struct job *job, int64_t *id, struct err *err)
{
	struct capture c = {
		.url = arena_strf(&job->arena, "jekyll:%.*s", STR_FMT(job->path)),
		.final_url = job->art.url,
		.fetched = im->now,
		.content_type = S("text/x-jekyll-post"),
		.body = job->body,
		.body_bytes = job->body_bytes,
	};
	struct store_put put = {
		.article = &job->art, .now = im->now, .keep_path = true, .around = job->around
	};
	enum store_change change;

	if (store_capture_add(im->store, &c, err) < 0)
		return err->code;
	put.capture_id = c.id;
	struct str path;
	int owner = find_owner(im, job, id, &path, err);
	if (owner < 0)
		return owner;
	if (owner == 2) {
		im->report.live++;
		add_line(im, job->path, S("its article came from its source already"));
		return add_aliases(im, job, *id, path, err);
	}
	if (store_article_put(im->store, &put, id, &change, err) < 0)
		return err->code;
	im->report.new += change == STORE_NEW;
	im->report.revised += change == STORE_REVISED;
	im->report.again += change == STORE_SAME;
	if (change != STORE_NEW)
		add_line(im, job->path,
			 change == STORE_SAME
				 ? S("an article that is here already, the same")
				 : S("an article that is here already, changed: a revision"));
	return add_aliases(im, job, *id, path, err);
}

/* What put_article would do, as far as it can be told without doing it. */
static int pretend_article(struct import *im, struct job *job, struct err *err)
{
	int64_t id;
	struct str name = job->art.url.len > 0 ? job->art.url : job->art.guid;
	int there = store_article_find(im->store, job->art.url, job->art.source, job->art.guid, &id,
				       err);

	if (there < 0)
		return there;
	if (there > 0 || !hashset_add(&im->addresses, name)) {
		im->report.again++;
		add_line(im, job->path, S("an article that is here already"));
	} else {
		im->report.new ++;
	}
	return 0;
}

static void count_findings(struct import *im, const struct job *job)
{
	import_count_faults(&im->report, job->post.faults);
	im->report.relative_links += job->relative_links;
	im->report.furniture_bytes += job->furniture_bytes;
	im->report.furniture_articles += job->furniture_bytes > 0;
}

/* Two posts of one old address: Jekyll showed one of them, and so do we there. */
static void count_path(struct import *im, const struct job *job)
{
	im->report.paths_taken += !hashset_add(&im->paths, job->art.path);
}

static int write_job(struct import *im, struct job *job, struct err *err)
{
	int64_t id = 0, before = im->report.new;
	int rc;

	im->report.files++;
	if (job->known) {
		im->report.known++;
		return 0;
	}
	if (job->rc == ERR_IO) {
		*err = job->err;
		return job->rc;
	}
	if (job->rc < 0) {
		im->report.refused++;
		add_line(im, job->path, arena_str(im->a, str_of(job->err.msg)));
		return 0;
	}
	count_findings(im, job);
	rc = source_of(im, &job->arena, job->art.site_name, job->art.url, &job->art.source, err);
	if (rc < 0)
		return rc;
	rc = im->opt->dry_run ? pretend_article(im, job, err) : put_article(im, job, &id, err);
	if (rc < 0)
		return err_wrap(err, "%.*s", STR_FMT(job->path));
	if (im->report.new > before)
		count_path(im, job);
	struct imported *file = list_add(&im->batch);
	*file = (struct imported){
		.label = im->label, .path = job->path, .body = job->body, .article = id
	};
	return 0;
}

static int commit(struct import *im, struct err *err)
{
	if (im->opt->dry_run) {
		list_reset(&im->batch);
		return 0;
	}
	/* What the rows name is on the disk before they are. */
	if (blob_sync(im->blobs, err) < 0 ||
	    imported_add(im->store, im->batch.items, im->batch.count, err) < 0 ||
	    store_commit(im->store, err) < 0)
		return err->code;
	list_reset(&im->batch);
	return 0;
}

static void free_job(struct job *job)
{
	if (!job)
		return;
	arena_fini(&job->arena);
	mem_free(job);
}

static struct job *new_job(const struct import *im, size_t number)
{
	struct job *job = mem_alloc(sizeof(*job));
	struct stat st;

	arena_init(&job->arena);
	job->number = number;
	job->path = im->files.items[number];
	/* One that cannot be looked at is told when it is read. */
	if (stat(path_join(&job->arena, im->root, job->path.ptr), &st) == 0)
		job->weight = (int64_t)st.st_size;
	return job;
}

/* Hands out what comes next, as far as the window and the memory that posts in work may take allow.
 */
static void push_jobs(struct import *im, size_t next, size_t *pushed, struct job **waiting)
{
	while (*pushed < im->files.count && *pushed - next < WINDOW) {
		struct job *job = *waiting ? *waiting : new_job(im, *pushed);

		*waiting = job;
		if (*pushed > next && im->weight + job->weight > WINDOW_BYTES)
			return;
		*waiting = NULL;
		im->weight += job->weight;
		queue_push(im->todo, job);
		(*pushed)++;
	}
}

static void show_progress(const struct import *im, size_t done)
{
	if (im->ctx->progress && (done % BATCH_FILES == 0 || done == im->files.count))
		fprintf(stderr, "\r%zu of %zu files%s", done, im->files.count,
			done == im->files.count ? "\n" : "");
}

/* Writes the jobs as they come, in the order of the files. */
static int write_all(struct import *im, struct err *err)
{
	struct job *ring[WINDOW] = { 0 }, *waiting = NULL;
	size_t next = 0, pushed = 0;
	bool open = false;
	int rc = 0;

	while (rc == 0 && next < im->files.count && !*im->ctx->stop) {
		push_jobs(im, next, &pushed, &waiting);
		struct job *job = queue_pop(im->done);
		ring[job->number % WINDOW] = job;
		for (; rc == 0 && (job = ring[next % WINDOW]); next++) {
			if (!open && !im->opt->dry_run)
				rc = store_begin(im->store, err);
			open = true;
			if (rc == 0)
				rc = write_job(im, job, err);
			ring[next % WINDOW] = NULL;
			im->weight -= job->weight;
			free_job(job);
			if (rc == 0 && im->batch.count >= BATCH_FILES) {
				rc = commit(im, err);
				open = false;
			}
			show_progress(im, next + 1);
		}
	}
	if (rc == 0 && open)
		rc = commit(im, err);
	else if (rc < 0 && open && !im->opt->dry_run)
		store_rollback(im->store);
	if (rc == 0 && next < im->files.count)
		rc = err_set(err, ERR_IO,
			     "stopped after %zu of %zu files; the same command goes on from there",
			     next, im->files.count);
	for (size_t i = 0; i < WINDOW; i++)
		free_job(ring[i]);
	free_job(waiting);
	return rc;
}

static int run_workers(struct import *im, struct err *err)
{
	struct thread threads[MAX_WORKERS];
	int count = im->opt->workers ? im->opt->workers : thread_cpus(), started = 0, rc = 0;
	struct job *job;

	count = count > MAX_WORKERS ? MAX_WORKERS : count;
	im->todo = queue_new(WINDOW);
	im->done = queue_new(WINDOW);
	while (started < count && rc == 0) {
		rc = thread_start(&threads[started], "import", run_worker, im, err);
		started += rc == 0;
	}
	if (rc == 0)
		rc = write_all(im, err);
	queue_end(im->todo);
	while ((job = queue_try_pop(im->todo)))
		free_job(job);
	for (int i = 0; i < started; i++)
		thread_join(&threads[i]);
	queue_end(im->done);
	while ((job = queue_pop(im->done)))
		free_job(job);
	queue_free(&im->todo);
	queue_free(&im->done);
	return rc;
}

/* --- what stands beside the posts --- */

/* 0 and its bytes in im->a, ERR_NOTFOUND where the site has none. */
static int read_beside(struct import *im, const char *name, struct str *out, struct err *err)
{
	struct buf b;
	int rc;

	buf_init(&b, EXCHANGE_MAX_BYTES);
	rc = file_read(path_join(im->a, im->root, name), &b, err);
	if (rc == 0)
		*out = arena_str(im->a, buf_str(&b));
	buf_fini(&b);
	return rc;
}

static int take_subs(struct import *im, struct err *err)
{
	struct source *sources;
	struct str bytes;
	size_t count;
	int rc = read_beside(im, "subs.json", &bytes, err);

	if (rc == ERR_NOTFOUND)
		return 0;
	if (rc == 0)
		rc = subs_parse(im->a, bytes, &sources, &count, err);
	if (rc == ERR_INPUT) {
		add_line(im, S("subs.json"), arena_str(im->a, str_of(err->msg)));
		return 0;
	}
	if (rc == 0)
		rc = import_sources(im->ctx, im->config, sources, count, im->opt->dry_run,
				    &im->report.sources_new, err);
	return rc;
}

/* allurls.dat: what the incumbent had seen, an address a line. Those that no post has are counted.
 */
static int take_allurls(struct import *im, struct err *err)
{
	struct str bytes, line;
	int rc = read_beside(im, "allurls.dat", &bytes, err);

	if (rc < 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	while (str_split(&bytes, '\n', &line)) {
		struct arena a;
		int64_t id;
		struct str url = str_trim(line);

		if (!url_is_http(url))
			continue;
		arena_init(&a);
		url = url_canonical(&a, url);
		rc = store_article_find(im->store, url, S(""), S(""), &id, err);
		im->report.listed++;
		im->report.listed_without += rc == 0 && !hashset_has(&im->addresses, url);
		arena_fini(&a);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* The old site's title and words, where the mirror has none of its own yet. */
static int take_title(struct import *im, struct err *err)
{
	if (im->opt->dry_run)
		return 0;
	if (im->site.title.len > 0 &&
	    config_set_unset(im->ctx->dir, "title", im->site.title, err) < 0)
		return err->code;
	if (im->site.description.len > 0 &&
	    config_set_unset(im->ctx->dir, "subtitle", im->site.description, err) < 0)
		return err->code;
	return 0;
}

/* --- the import --- */

/* A folder, or one post: then its folder is the root. */
static int find_files(struct import *im, struct err *err)
{
	char *path = arena_cstr(im->a, str_of(im->opt->path));
	struct stat st;
	char *full;

	if (stat(path, &st) != 0)
		return err_errno(err, ERR_NOTFOUND, "%s", path);
	if (!S_ISDIR(st.st_mode)) {
		im->files.items = arena_alloc(im->a, sizeof(*im->files.items));
		im->files.items[0] =
			arena_str(im->a, str_of(basename(arena_cstr(im->a, str_of(path)))));
		im->files.count = 1;
		path = dirname(path);
	}
	im->root = path;
	full = realpath(path, NULL);
	im->label = arena_str(im->a, str_of(full ? basename(full) : "site"));
	free(full);
	return im->files.count ? 0 : jekyll_files(im->a, path, &im->files, err);
}

static int load_known(struct import *im, struct err *err)
{
	struct imported_walk *walk;
	struct imported file;
	int rc = imported_open(im->store, &walk, err);

	while (rc >= 0 && (rc = imported_next(walk, &file, err)) > 0) {
		struct arena a;

		arena_init(&a);
		hashset_add(&im->known, known_key(&a, &file.body, file.label, file.path));
		arena_fini(&a);
	}
	imported_close(&walk);
	return rc;
}

static int load_sources(struct import *im, struct err *err)
{
	struct source_state *states;
	size_t count;

	if (store_sources(im->store, im->a, &states, &count, err) < 0)
		return err->code;
	const size_t all = count + im->config->source_count;
	struct import_source *sources = arena_array(im->a, all, sizeof(*sources));
	for (size_t i = 0; i < count; i++) {
		sources[i] = (struct import_source){ .key = states[i].key, .stored = true };
		*map_put(&im->sources, states[i].name) = &sources[i];
		add_key(im, states[i].key);
	}
	/* Those followed come last: their names win. */
	for (size_t i = 0; i < im->config->source_count; i++) {
		const struct source *s = &im->config->sources[i];
		void **place = map_put(&im->sources, s->name);
		const struct import_source *known = *place;

		sources[count + i] = (struct import_source){
			.key = s->key,
			.followed = s,
			.stored = known && str_eq(known->key, s->key),
		};
		*place = &sources[count + i];
		add_key(im, s->key);
	}
	return 0;
}

static int run_import(struct import *im, struct err *err)
{
	struct err none;

	if (find_files(im, err) < 0)
		return err->code;
	int rc = jekyll_site_load(im->a, im->root, &im->site, &none);
	if (rc < 0 && rc != ERR_NOTFOUND) {
		*err = none;
		return rc;
	}
	if (take_subs(im, err) < 0 || take_title(im, err) < 0 || load_known(im, err) < 0 ||
	    load_sources(im, err) < 0)
		return err->code;
	if (im->files.count == 0 && im->report.sources_new == 0 && im->site.title.len == 0)
		return err_set(err, ERR_INPUT, "%s: no Jekyll site, no posts", im->opt->path);
	if (run_workers(im, err) < 0)
		return err->code;
	return take_allurls(im, err);
}

static void fini_import(struct import *im)
{
	hashset_fini(&im->known);
	hashset_fini(&im->addresses);
	hashset_fini(&im->paths);
	map_fini(&im->sources);
	list_fini(&im->batch);
	list_fini(&im->report.lines);
	blob_close(&im->blobs);
	store_close(&im->store);
}

int import_jekyll(struct cmd_context *ctx, struct config *config, const struct import_options *opt)
{
	struct import im = {
		.ctx = ctx, .config = config, .opt = opt, .a = ctx->arena, .now = clock_now()
	};
	struct err err;
	int status = cmd_store(ctx, config, !opt->dry_run, &im.store);

	if (status >= 0)
		return status;
	hashset_init(&im.known);
	hashset_init(&im.addresses);
	hashset_init(&im.paths);
	map_init(&im.sources);
	list_init(&im.batch, sizeof(struct imported));
	list_init(&im.report.lines, sizeof(struct import_line));
	int rc = opt->dry_run ? 0 : blob_open(cmd_path(ctx, config->blobs), &im.blobs, &err);
	if (rc == 0)
		rc = run_import(&im, &err);
	if (rc == 0 || im.report.files > 0)
		import_print_report(&im.report, opt, &im.site, config);
	status = rc < 0 ? cmd_fail(&err) : im.report.refused > 0 ? EXIT_PARTLY : EXIT_DONE;
	fini_import(&im);
	return status;
}
