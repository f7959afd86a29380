#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/list.h"
#include "base/mem.h"
#include "site/build.h"

static const char state_name[] = ".dibao/state";
static const char manifest_name[] = ".dibao/manifest";
static const char manifest_new[] = ".dibao/manifest.new";

static const struct str first_line = STR("dibao site 1");

int state_read(struct arena *a, const char *dir, struct build_state *out, struct err *err)
{
	struct buf b;
	struct str rest, line;

	*out = (struct build_state){ 0 };
	map_init(&out->sources);
	buf_init(&b, 64 << 20);
	int r = file_read(path_join(a, dir, state_name), &b, err);
	rest = r < 0 ? S("") : arena_str(a, buf_str(&b));
	buf_fini(&b);
	if (r < 0)
		return r == ERR_NOTFOUND ? 0 : r;
	/* What cannot be read is as if it were not there: everything is compared anew. */
	if (!str_split(&rest, '\n', &line) || !str_eq(line, first_line))
		return 0;
	while (str_split(&rest, '\n', &line)) {
		struct str key, value, hash;

		if (!str_split(&line, '\t', &key) || !str_split(&line, '\t', &value))
			continue;
		if (str_eq(key, S("fingerprint"))) {
			out->fingerprint = strtoull(arena_cstr(a, value), NULL, 16);
		} else if (str_eq(key, S("change"))) {
			out->known = str_to_i64(value, 0, INT64_MAX, &out->change);
		} else if (str_eq(key, S("packed"))) {
			out->packed = str_eq(value, S("1"));
		} else if (str_eq(key, S("articles"))) {
			str_to_i64(value, 0, INT64_MAX, &out->last_article);
		} else if (str_eq(key, S("edits"))) {
			str_to_i64(value, 0, INT64_MAX, &out->last_event[STORE_EDITS]);
		} else if (str_eq(key, S("deletions"))) {
			str_to_i64(value, 0, INT64_MAX, &out->last_event[STORE_DELETIONS]);
		} else if (str_eq(key, S("source")) && str_split(&line, '\t', &hash)) {
			uint64_t *n = arena_alloc(a, sizeof(*n));

			*n = strtoull(arena_cstr(a, hash), NULL, 16);
			*map_put(&out->sources, value) = n;
		}
	}
	return 0;
}

int state_write(const char *dir, const struct site *s, const struct build_state *made,
		struct err *err)
{
	struct arena a;
	struct buf b;

	arena_init(&a);
	buf_init(&b, BUF_NO_MAX);
	buf_addf(&b, "%.*s\nfingerprint\t%016llx\nchange\t%lld\n", STR_FMT(first_line),
		 (unsigned long long)made->fingerprint, (long long)made->change);
	buf_addf(&b, "packed\t%d\n", made->packed);
	buf_addf(&b, "articles\t%lld\nedits\t%lld\ndeletions\t%lld\n",
		 (long long)made->last_article, (long long)made->last_event[STORE_EDITS],
		 (long long)made->last_event[STORE_DELETIONS]);
	for (size_t i = 0; i < s->source_count; i++)
		buf_addf(&b, "source\t%.*s\t%016llx\n", STR_FMT(s->sources[i].key),
			 (unsigned long long)s->sources[i].hash);
	int r = file_write(path_join(&a, dir, state_name), buf_str(&b), false, err);
	buf_fini(&b);
	arena_fini(&a);
	return r;
}

/* A file in memory for reading; empty where there is none. */
static struct str map_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	struct str out = { 0 };

	if (fd < 0)
		return out;
	if (fstat(fd, &st) == 0 && st.st_size > 0) {
		void *at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);

		if (at != MAP_FAILED)
			out = str_n(at, (size_t)st.st_size);
	}
	close(fd);
	return out;
}

static void unmap_file(struct str s)
{
	if (s.len)
		munmap((void *)(uintptr_t)s.ptr, s.len);
}

/* A build that was killed while it wrote a line left a piece of it: half a list's name names none.
 */
static int cut_half_line(struct build *b, struct err *err)
{
	const char *path = path_join(&b->life, b->dir, manifest_name);
	struct str lines = map_file(path);
	size_t end = str_rfind_ch(lines, '\n');
	bool ok = true;

	end = end == STR_NONE ? 0 : end + 1;
	if (end < lines.len)
		ok = truncate(path, (off_t)end) == 0;
	unmap_file(lines);
	return ok ? 0 : err_errno(err, ERR_IO, "%s cannot be written", path);
}

/* A build that was killed left the names of its files in the new manifest: they are ours too. */
static int keep_unfinished(struct build *b, struct err *err)
{
	const char *path = path_join(&b->life, b->dir, manifest_new);
	struct str lines = map_file(path);
	bool ok = true;

	if (lines.len) {
		FILE *old = fopen(path_join(&b->life, b->dir, manifest_name), "ae");
		size_t whole = str_rfind_ch(lines, '\n');

		ok = old && fwrite(lines.ptr, 1, whole == STR_NONE ? 0 : whole + 1, old) ==
				    (whole == STR_NONE ? 0 : whole + 1);
		ok = old && fclose(old) == 0 && ok;
	}
	unmap_file(lines);
	if (!ok)
		return err_errno(err, ERR_IO, "%s/%s cannot be written", b->dir, manifest_name);
	unlink(path);
	return 0;
}

int manifest_start(struct build *b, bool anew, struct err *err)
{
	const char *name = anew ? manifest_new : manifest_name;

	if (cut_half_line(b, err) < 0 || keep_unfinished(b, err) < 0)
		return err->code;
	b->anew = anew;
	b->manifest = fopen(path_join(&b->life, b->dir, name), "ae");
	if (!b->manifest)
		return err_errno(err, ERR_IO, "%s/%s cannot be written", b->dir, name);
	setvbuf(b->manifest, NULL, _IOFBF, 1 << 16);
	return 0;
}

/* In one piece: workers write lines too. */
static void put_line(struct build *b, struct buf *line)
{
	buf_add_ch(line, '\n');
	fwrite(line->ptr, 1, line->len, b->manifest);
	buf_fini(line);
}

void manifest_file(struct build *b, struct str path)
{
	struct buf line;

	buf_init(&line, BUF_NO_MAX);
	buf_add(&line, S("F\t"));
	buf_add(&line, path);
	put_line(b, &line);
}

void manifest_article(struct build *b, struct str path, int64_t date, const struct strs *lists)
{
	struct buf line;

	buf_init(&line, BUF_NO_MAX);
	buf_add(&line, S("A\t"));
	buf_add(&line, path);
	buf_add_ch(&line, '\t');
	buf_add_i64(&line, date);
	for (size_t i = 0; i < lists->count; i++) {
		buf_add_ch(&line, '\t');
		buf_add(&line, lists->items[i]);
	}
	put_line(b, &line);
}

int manifest_flush(struct build *b, struct err *err)
{
	if (fflush(b->manifest) != 0 || ferror(b->manifest))
		return err_errno(err, ERR_IO, "%s/%s cannot be written", b->dir, manifest_name);
	return 0;
}

/* The path of a line; false where it is none. */
static bool line_path(struct str line, struct str *path)
{
	if (line.len < 3 || (line.ptr[0] != 'F' && line.ptr[0] != 'A') || line.ptr[1] != '\t')
		return false;
	line = str_from(line, 2);
	return str_split(&line, '\t', path) && path_is_safe(*path);
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

int manifest_finish_anew(struct build *b, struct err *err)
{
	const char *old_path = path_join(&b->life, b->dir, manifest_name);
	const char *new_path = path_join(&b->life, b->dir, manifest_new);
	struct list kept;
	struct str rest, line, path;
	int r = manifest_flush(b, err);

	if (fclose(b->manifest) != 0 && r == 0)
		r = err_errno(err, ERR_IO, "%s cannot be written", new_path);
	b->manifest = NULL;
	if (r < 0)
		return r;
	list_init(&kept, sizeof(uint64_t));
	struct str now = map_file(new_path), old = map_file(old_path);
	for (rest = now; old.len && str_split(&rest, '\n', &line);)
		if (line_path(line, &path))
			*(uint64_t *)list_add(&kept) = hash64_fast(path);
	if (kept.count)
		qsort(kept.items, kept.count, sizeof(uint64_t), by_number);
	for (rest = old; r == 0 && str_split(&rest, '\n', &line);) {
		uint64_t key;

		if (!line_path(line, &path))
			continue;
		key = hash64_fast(path);
		if (!kept.count || !bsearch(&key, kept.items, kept.count, sizeof(key), by_number))
			r = output_remove(b->output, path, err);
	}
	list_fini(&kept);
	unmap_file(now);
	unmap_file(old);
	return r;
}

int manifest_place(struct build *b, struct err *err)
{
	const char *new_path = path_join(&b->life, b->dir, manifest_new);

	if (b->anew && rename(new_path, path_join(&b->life, b->dir, manifest_name)) != 0)
		return err_errno(err, ERR_IO, "%s cannot be put in its place", new_path);
	return 0;
}

int manifest_lookup(const char *dir, const struct map *paths,
		    void (*found)(void *arg, struct str path, int64_t date, struct str lists),
		    void *arg, struct err *err)
{
	struct arena a;
	struct str all, rest, line, path, date;
	int64_t ms;

	(void)err;
	arena_init(&a);
	all = map_file(path_join(&a, dir, manifest_name));
	/* Of the lines being written the last may be there by half. */
	size_t end = str_rfind_ch(all, '\n');
	for (rest = str_sub(all, 0, end == STR_NONE ? 0 : end + 1);
	     str_split(&rest, '\n', &line);) {
		if (!line.len || line.ptr[0] != 'A' || !line_path(line, &path) ||
		    !map_get(paths, path))
			continue;
		line = str_from(line, 2 + path.len + 1);
		if (str_split(&line, '\t', &date) && str_to_i64(date, INT64_MIN, INT64_MAX, &ms))
			found(arg, path, ms, line);
	}
	unmap_file(all);
	arena_fini(&a);
	return 0;
}
