#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { READ_CHUNK = 64 << 10 };

static int read_all(int fd, const char *path, struct buf *out, struct err *err)
{
	for (;;) {
		/* One byte past the ceiling is asked for, to know that there is more. */
		size_t room = out->max - out->len < READ_CHUNK ? out->max - out->len : READ_CHUNK;
		char spare, *to = room ? buf_room(out, room) : &spare;
		ssize_t n = read(fd, to, room ? room : 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, ERR_IO, "%s", path);
		if (n == 0)
			return 0;
		if (room == 0)
			return err_set(err, ERR_LIMIT, "%s: larger than %zu bytes", path, out->max);
		buf_advance(out, (size_t)n);
	}
}

/* A big file in pages of 2 MB where the system has them: a fifth of the time to read it is its page
 * faults. */
static void prefer_large_pages(char *ptr, size_t len)
{
#ifdef MADV_HUGEPAGE
	size_t page = (size_t)2 << 20, skip = page - (uintptr_t)ptr % page;

	if (len > 4 * page)
		madvise(ptr + skip, (len - skip) / page * page,
			MADV_HUGEPAGE); /* a wish: may fail */
#else
	(void)ptr;
	(void)len;
#endif
}

int file_read(const char *path, struct buf *out, struct err *err)
{
	struct stat st;

	if (strcmp(path, "-") == 0)
		return read_all(STDIN_FILENO, "standard input", out, err);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_errno(err, errno == ENOENT ? ERR_NOTFOUND : ERR_IO, "%s", path);
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		return err_set(err, ERR_IO, "%s: is a directory", path);
	}
	if (S_ISREG(st.st_mode) && st.st_size > 0 && (size_t)st.st_size < out->max - out->len) {
		char *room = buf_room(out, (size_t)st.st_size + 1); /* one allocation, not many */

		prefer_large_pages(room, room ? (size_t)st.st_size : 0);
	}
	int result = read_all(fd, path, out, err);
	close(fd);
	return result;
}

static int write_all(int fd, struct str bytes)
{
	while (bytes.len) {
		ssize_t n = write(fd, bytes.ptr, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		bytes = str_from(bytes, (size_t)n);
	}
	return 0;
}

static int sync_folder_of(const char *path, struct err *err)
{
	struct arena a;

	arena_init(&a);
	int result = dir_sync(dirname(arena_cstr(&a, str_of(path))), err);
	arena_fini(&a);
	return result;
}

int file_write(const char *path, struct str bytes, bool sync, struct err *err)
{
	struct arena a;
	int result = 0;

	arena_init(&a);
	const char *temporary = arena_strf(&a, "%s.%d.tmp", path, (int)getpid()).ptr;
	int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0) {
		result = err_errno(err, ERR_IO, "%s", path);
		goto out;
	}
	if (write_all(fd, bytes) != 0 || (sync && fsync(fd) != 0)) {
		result = err_errno(err, ERR_IO, "%s", path);
		close(fd);
		unlink(temporary);
		goto out;
	}
	if (close(fd) != 0 || rename(temporary, path) != 0) {
		result = err_errno(err, ERR_IO, "%s", path);
		unlink(temporary);
		goto out;
	}
	if (sync)
		result = sync_folder_of(path, err);
out:
	arena_fini(&a);
	return result;
}

int file_nameless(const char *dir, const char *name, struct err *err)
{
	struct arena a;

	arena_init(&a);
	const char *path = path_join(&a, dir, name);
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (fd < 0)
		err_errno(err, ERR_IO, "%s cannot be written", path);
	else
		unlink(path);
	arena_fini(&a);
	return fd < 0 ? err->code : fd;
}

bool file_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

bool file_on_read_only(const char *path)
{
	struct statvfs st;

	return statvfs(path, &st) == 0 && st.f_flag & ST_RDONLY;
}

bool dir_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int dir_make(const char *path, struct err *err)
{
	struct arena a;
	int result = 0;

	arena_init(&a);
	char *partial = arena_cstr(&a, str_of(path));
	for (char *p = partial; *p;) {
		p += strspn(p, "/");
		p += strcspn(p, "/");
		char kept = *p;
		*p = '\0';
		if (mkdir(partial, 0777) != 0 && !(errno == EEXIST && dir_exists(partial))) {
			result = err_errno(err, ERR_IO, "%s", partial);
			break;
		}
		*p = kept;
	}
	arena_fini(&a);
	return result;
}

int dir_sync(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_errno(err, ERR_IO, "%s", path);
	int result = fsync(fd) == 0 ? 0 : err_errno(err, ERR_IO, "%s", path);
	close(fd);
	return result;
}

char *path_join(struct arena *a, const char *dir, const char *name)
{
	if (name[0] == '/' || *dir == '\0' || strcmp(dir, ".") == 0)
		return arena_cstr(a, str_of(name));
	size_t len = strlen(dir);
	while (len > 1 && dir[len - 1] == '/')
		len--;
	size_t slash = dir[len - 1] != '/', rest = strlen(name);
	char *joined = arena_alloc(a, len + slash + rest + 1);
	memcpy(joined, dir, len);
	if (slash)
		joined[len] = '/';
	memcpy(joined + len + slash, name, rest);
	return joined;
}

int lock_take(struct lock *l, const char *path, const char *what, struct err *err)
{
	char held[128];

	l->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (l->fd < 0)
		return err_errno(err, ERR_IO, "%s", path);
	if (flock(l->fd, LOCK_EX | LOCK_NB) != 0) {
		ssize_t n = pread(l->fd, held, sizeof(held) - 1, 0);
		struct str by = str_trim(str_n(held, n > 0 ? (size_t)n : 0));

		close(l->fd);
		l->fd = -1;
		return err_set(err, ERR_AGAIN, "the mirror is in use by %s%.*s",
			       by.len ? "" : "another process", STR_FMT(by));
	}
	int n = snprintf(held, sizeof(held), "dibao %s, process %d\n", what, (int)getpid());
	/* What stands in the file only helps the message; the lock is flock's and ends with us. */
	if (ftruncate(l->fd, 0) != 0 || pwrite(l->fd, held, (size_t)n, 0) != n) {
		int result = err_errno(err, ERR_IO, "%s", path);

		lock_release(l);
		return result;
	}
	return 0;
}

void lock_release(struct lock *l)
{
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
}
