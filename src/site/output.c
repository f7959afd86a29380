/*
 * What is new is written at once: nothing that stands there names it yet. What replaces a page
 * waits beside the site until the build has made all of it, and takes its place then; what goes,
 * goes last. So a page never names one that is not there, and a build that fails, or is killed, or
 * finds the disk full, leaves the site as it was.
 */
#include "site/output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/list.h"
#include "base/mem.h"
#include "base/queue.h"
#include "base/thread.h"
#include "site/packed.h"

enum {
	PATH_MAX_BYTES = 2048,
	PACKED_MAX_BYTES = PATH_MAX_BYTES + 3,
	FOLDERS_KNOWN = 1 << 13,
	WAITING_MAX =
		50000 /* pages of a thread that wait; past it they take their places at once */
};

struct job {
	char path[PATH_MAX_BYTES]; /* without the first "/" */
	struct buf bytes;
	bool remove;
};

/* What one thread writes with. */
struct output_hand {
	struct output *output;
	struct buf old;        /* what stands there */
	struct packer *packer; /* or NULL */
	int number;
	struct arena names;
	struct list waiting, going; /* char *: paths that are replaced, and removed, at the end */
	uint64_t *folders;          /* hashes of some that are there; only where all is fresh */
	struct output_counts counts;
};

struct output {
	int root;
	bool fresh;
	enum output_packed packed;
	struct queue *full, *empty; /* jobs to do; jobs to be used again */
	struct thread thread;
	struct output_hand own; /* the thread's */
	struct list all;        /* struct output_hand *: they end with the output */
	int hands;
	struct output_counts counts; /* of hands that are done */
	struct err err;              /* of the thread: read when `failed` is set */
	atomic_bool failed;
};

static const char own_folder[] = ".dibao";

static void start_hand(struct output_hand *h, struct output *o)
{
	*h = (struct output_hand){ .output = o };
	buf_init(&h->old, BUF_NO_MAX);
	arena_init(&h->names);
	list_init(&h->waiting, sizeof(char *));
	list_init(&h->going, sizeof(char *));
	if (o->packed == PACKED_BESIDE)
		h->packer = packer_new();
	if (o->fresh)
		h->folders = mem_array(FOLDERS_KNOWN, sizeof(*h->folders));
	h->number = o->hands++;
	*(struct output_hand **)list_add(&o->all) = h;
}

/* Where a file is written before it takes its place: out of the way of what is published. */
struct temporary {
	char path[64];
};

static struct temporary temporary_of(const struct output_hand *h, size_t n)
{
	struct temporary t;

	snprintf(t.path, sizeof(t.path), "%s/page-%d-%zu.tmp", own_folder, h->number, n);
	return t;
}

static void end_hand(struct output_hand *h)
{
	struct output_counts *all = &h->output->counts;

	buf_fini(&h->old);
	packer_free(&h->packer);
	mem_free(h->folders);
	arena_fini(&h->names);
	list_fini(&h->waiting);
	list_fini(&h->going);
	all->written += h->counts.written;
	all->unchanged += h->counts.unchanged;
	all->removed += h->counts.removed;
}

/*
 * The folders a path stands in; most are there, so they are tried from the last one on. Many sites
 * have a folder for each article: asking for all of them each time is most of what writing costs.
 */
static bool make_folders(int root, char *path)
{
	char *slash = strrchr(path, '/');
	bool ok;

	if (!slash)
		return true;
	*slash = '\0';
	ok = mkdirat(root, path, 0777) == 0 || errno == EEXIST;
	if (!ok && errno == ENOENT)
		ok = make_folders(root, path) &&
		     (mkdirat(root, path, 0777) == 0 || errno == EEXIST);
	*slash = '/';
	return ok;
}

/*
 * The same in a site nobody else writes, where many a page has a folder of its own: those seen last
 * are known, and nothing is asked of the file system that is known to fail.
 */
static void make_new_folders(struct output_hand *h, char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash)
		return;
	*slash = '\0';
	uint64_t hash = hash64_fast(str_of(path));
	uint64_t *known = &h->folders[hash % FOLDERS_KNOWN];
	if (*known != hash) {
		make_new_folders(h, path);
		if (mkdirat(h->output->root, path, 0777) == 0 || errno == EEXIST)
			*known = hash;
	}
	*slash = '/';
}

static bool write_all(int fd, struct str bytes)
{
	while (bytes.len) {
		ssize_t n = write(fd, bytes.ptr, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes = str_from(bytes, (size_t)n);
	}
	return true;
}

static bool is_same(struct buf *old, int root, const char *path, struct str bytes)
{
	int fd = openat(root, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;
	bool same = false;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (uint64_t)st.st_size == bytes.len) {
		buf_reset(old);
		char *room = buf_room(old, bytes.len + 1);
		size_t got = 0;
		ssize_t n = 0;

		while (room && got < bytes.len && (n = read(fd, room + got, bytes.len - got)) > 0)
			got += (size_t)n;
		same = room && got == bytes.len && memcmp(room, bytes.ptr, bytes.len) == 0;
	}
	close(fd);
	return same;
}

static int write_failed(const char *path, struct err *err)
{
	return err_errno(err, ERR_IO, "%s cannot be written", path);
}

static bool place(struct output_hand *h, const struct temporary *t, char *path)
{
	int root = h->output->root;

	return renameat(root, t->path, root, path) == 0 ||
	       (errno == ENOENT && make_folders(root, path) &&
		renameat(root, t->path, root, path) == 0);
}

/* Elsewhere, then over it: a reader has the old page or the new one. `wait`: at the end. */
static int replace(struct output_hand *h, char *path, struct str bytes, bool wait, struct err *err)
{
	struct temporary t = temporary_of(h, h->waiting.count);
	int fd = openat(h->output->root, t.path,
			O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);

	if (fd < 0)
		return write_failed(path, err);
	bool ok = write_all(fd, bytes);
	ok = close(fd) == 0 && ok && (wait || place(h, &t, path));
	if (!ok) {
		write_failed(path, err);
		unlinkat(h->output->root, t.path, 0);
		return ERR_IO;
	}
	if (wait)
		*(char **)list_add(&h->waiting) = arena_cstr(&h->names, str_of(path));
	h->counts.written++;
	return 0;
}

static int create(struct output_hand *h, char *path)
{
	enum { HOW = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC };
	int root = h->output->root;

	make_new_folders(h, path);
	int fd = openat(root, path, HOW, 0666);

	if (fd < 0 && errno == ENOENT && make_folders(root, path))
		fd = openat(root, path, HOW, 0666);
	return fd;
}

/* Over what stands there, at the end; at once where nothing does. */
static int put_over(struct output_hand *h, char *path, struct str bytes, struct err *err)
{
	bool wait = !h->output->fresh && h->waiting.count < WAITING_MAX &&
		    faccessat(h->output->root, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;

	return replace(h, path, bytes, wait, err);
}

/* The name of what stands beside a file. False: nothing does, or did. */
static bool packed_name(const struct output_hand *h, const char *path, char out[PACKED_MAX_BYTES])
{
	if (h->output->packed == PACKED_NONE || !packed_is_worth(str_of(path)))
		return false;
	return snprintf(out, PACKED_MAX_BYTES, "%s.gz", path) > 0;
}

/* It takes its place before the file itself: a build that is killed between the two finds the file
 * different again, and makes both. */
static int put_packed(struct output_hand *h, const char *path, struct str bytes, struct err *err)
{
	char name[PACKED_MAX_BYTES];

	if (!packed_name(h, path, name))
		return 0;
	if (h->output->packed == PACKED_BESIDE)
		return put_over(h, name, packer_pack(h->packer, bytes), err);
	if (unlinkat(h->output->root, name, 0) == 0)
		h->counts.removed++;
	return 0;
}

static bool packed_is_there(const struct output_hand *h, const char *path)
{
	char name[PACKED_MAX_BYTES];

	return !packed_name(h, path, name) ||
	       (h->output->packed == PACKED_BESIDE &&
		faccessat(h->output->root, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0);
}

static int write_file(struct output_hand *h, char *path, struct str bytes, struct err *err)
{
	int root = h->output->root;
	int fd = -1;

	if (!h->output->fresh && is_same(&h->old, root, path, bytes)) {
		h->counts.unchanged++;
		return packed_is_there(h, path) ? 0 : put_packed(h, path, bytes, err);
	}
	if (put_packed(h, path, bytes, err) < 0)
		return err->code;
	if (h->output->fresh)
		fd = create(h, path);
	if (fd >= 0) {
		bool ok = write_all(fd, bytes);

		if (close(fd) != 0 || !ok)
			return write_failed(path, err);
		h->counts.written++;
		return 0;
	}
	/* It stands there from a build that was killed before it was moved to its place. */
	if (h->output->fresh && is_same(&h->old, root, path, bytes)) {
		h->counts.unchanged++;
		return 0;
	}
	return put_over(h, path, bytes, err);
}

static int remove_file(struct output_hand *h, const char *path, struct err *err)
{
	char name[PACKED_MAX_BYTES];

	if (packed_name(h, path, name))
		unlinkat(h->output->root, name, 0);
	if (unlinkat(h->output->root, path, 0) == 0)
		h->counts.removed++;
	else if (errno != ENOENT)
		return err_errno(err, ERR_IO, "%s cannot be removed", path);
	return 0;
}

static void *run(void *arg)
{
	struct output *o = arg;
	struct job *job;

	while ((job = queue_pop(o->full))) {
		if (job->remove)
			*(char **)list_add(&o->own.going) =
				arena_cstr(&o->own.names, str_of(job->path));
		else if (!atomic_load(&o->failed) &&
			 write_file(&o->own, job->path, buf_str(&job->bytes), &o->err) < 0)
			atomic_store(&o->failed, true);
		buf_reset(&job->bytes);
		if (!queue_try_push(o->empty, job)) {
			buf_fini(&job->bytes);
			mem_free(job);
		}
	}
	return NULL;
}

/* What a build that was killed had not yet put in its place. */
static void remove_temporaries(int root)
{
	int fd = openat(root, own_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;

	for (struct dirent *e; folder && (e = readdir(folder));)
		if (str_has_suffix(str_of(e->d_name), S(".tmp")))
			unlinkat(fd, e->d_name, 0);
	if (folder)
		closedir(folder);
	else if (fd >= 0)
		close(fd);
}

static void end_hands(struct output *o)
{
	for (size_t i = 0; i < o->all.count; i++) {
		struct output_hand *h = *(struct output_hand **)list_at(&o->all, i);

		end_hand(h);
		if (h != &o->own)
			mem_free(h);
	}
	list_fini(&o->all);
}

/* A folder that nothing is left in goes with its last file. */
static void remove_folders(struct output *o)
{
	char folder[PATH_MAX_BYTES];

	for (size_t n = 0; n < o->own.going.count; n++) {
		snprintf(folder, sizeof(folder), "%s", *(char **)list_at(&o->own.going, n));
		for (char *slash; (slash = strrchr(folder, '/'));) {
			*slash = '\0';
			if (unlinkat(o->root, folder, AT_REMOVEDIR) < 0)
				break;
		}
	}
}

/* All that waits takes its place; then what is to go goes. */
static int finish(struct output *o, struct err *err)
{
	for (size_t i = 0; i < o->all.count; i++) {
		struct output_hand *h = *(struct output_hand **)list_at(&o->all, i);

		for (size_t n = 0; n < h->waiting.count; n++) {
			struct temporary t = temporary_of(h, n);
			char *path = *(char **)list_at(&h->waiting, n);

			if (!place(h, &t, path))
				return write_failed(path, err);
		}
	}
	for (size_t n = 0; n < o->own.going.count; n++)
		if (remove_file(&o->own, *(char **)list_at(&o->own.going, n), err) < 0)
			return err->code;
	remove_folders(o);
	return 0;
}

int output_open(const char *dir, bool fresh, enum output_packed packed, struct output **out,
		struct err *err)
{
	struct output *o = mem_alloc(sizeof(*o));

	*out = NULL;
	o->fresh = fresh;
	o->packed = packed;
	o->root = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (o->root < 0) {
		mem_free(o);
		return err_errno(err, ERR_IO, "%s cannot be opened", dir);
	}
	remove_temporaries(o->root);
	list_init(&o->all, sizeof(struct output_hand *));
	start_hand(&o->own, o);
	o->full = queue_new(OUTPUT_WAITING);
	o->empty = queue_new(OUTPUT_WAITING + 2);
	if (thread_start(&o->thread, "output", run, o, err) < 0) {
		end_hands(o);
		close(o->root);
		queue_free(&o->full);
		queue_free(&o->empty);
		mem_free(o);
		return err->code;
	}
	*out = o;
	return 0;
}

/* The path without its first "/", as a string. */
static int take_path(char out[PATH_MAX_BYTES], struct str path, struct err *err)
{
	if (path.len < 2 || path.len > PATH_MAX_BYTES)
		return err_set(err, ERR_INPUT, "no path for a file: %.*s", STR_FMT(path));
	memcpy(out, path.ptr + 1, path.len - 1);
	out[path.len - 1] = '\0';
	return 0;
}

static int hand_over(struct output *o, struct str path, struct buf *bytes, struct err *err)
{
	char name[PATH_MAX_BYTES];

	if (atomic_load(&o->failed)) {
		*err = o->err;
		return err->code;
	}
	if (take_path(name, path, err) < 0)
		return err->code;
	struct job *job = queue_try_pop(o->empty);
	if (!job) {
		job = mem_alloc(sizeof(*job));
		buf_init(&job->bytes, BUF_NO_MAX);
	}
	memcpy(job->path, name, path.len);
	job->remove = !bytes;
	if (bytes) {
		struct buf used = job->bytes;

		job->bytes = *bytes;
		used.max = bytes->max;
		*bytes = used;
		buf_reset(bytes);
	}
	queue_push(o->full, job);
	return 0;
}

int output_put(struct output *o, struct str path, struct buf *bytes, struct err *err)
{
	return hand_over(o, path, bytes, err);
}

int output_remove(struct output *o, struct str path, struct err *err)
{
	return hand_over(o, path, NULL, err);
}

struct output_hand *output_hand(struct output *o)
{
	struct output_hand *h = mem_alloc(sizeof(*h));

	start_hand(h, o);
	return h;
}

int output_hand_put(struct output_hand *h, struct str path, struct str bytes, struct err *err)
{
	char name[PATH_MAX_BYTES];

	return take_path(name, path, err) < 0 ? (int)err->code : write_file(h, name, bytes, err);
}

bool output_exists(struct output *o, struct str path)
{
	char name[PATH_MAX_BYTES];
	struct stat st;
	struct err err;

	if (take_path(name, path, &err) < 0)
		return false;
	return fstatat(o->root, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

int output_close(struct output **op, bool whole, struct output_counts *counts, struct err *err)
{
	struct output *o = *op;
	struct job *job;
	int r = 0;

	if (!o)
		return 0;
	queue_end(o->full);
	thread_join(&o->thread);
	while ((job = queue_try_pop(o->empty))) {
		buf_fini(&job->bytes);
		mem_free(job);
	}
	if (atomic_load(&o->failed)) {
		*err = o->err;
		r = err->code;
	}
	if (r == 0 && whole)
		r = finish(o, err);
	else
		remove_temporaries(o->root);
	end_hands(o);
	close(o->root);
	queue_free(&o->full);
	queue_free(&o->empty);
	*counts = o->counts;
	mem_free(o);
	*op = NULL;
	return r;
}
