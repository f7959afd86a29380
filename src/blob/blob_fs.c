/*
 * Blobs in a directory.
 *
 * A news mirror has millions of small bodies. A file each was measured to cost 60 us of system time
 * and an fsync of its own; so bodies are appended to pack files, and a batch is made durable by one
 * fdatasync:
 *
 *	pack-00000001  records, one behind the other: struct head, the body compressed by zstd
 *	index.db       (name -> pack, place), SQLite
 *
 * The packs are the truth. The index says up to which byte of each pack it knows (`packs.known`);
 * what lies behind is found by walking the records' heads, so an index that lost its newest rows,
 * or all of them, costs time and nothing else. A pack that does not end with a whole record (the
 * machine went down) is left as it is, and the next writer starts another: nothing is ever cut
 * off, whatever the cause.
 *
 * There is one writer (the mirror's lock sees to that) and any number of readers; within a process
 * one mutex is held for the index and the tail, not for compressing or hashing.
 */
#include "blob/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "base/file.h"
#include "base/list.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/sqlite_rest.h"
#include "blob/private.h"

enum {
	PACK_MAGIC = 0x50424944,  /* "DIBP" */
	PACK_MAX_BYTES = 1 << 30, /* then the next pack */
	BODY_MAX_BYTES = 1 << 30,
	ZSTD_LEVEL = 1, /* 3 saves 6 % more at twice the time */
	COMPRESSORS = 8
};

/* Before each body, little-endian as the machines dibao runs on. */
struct head {
	uint32_t magic;
	uint32_t stored_bytes;
	uint64_t raw_bytes;
	uint8_t name[HASH_BYTES];
};
_Static_assert(sizeof(struct head) == 48, "the head has no gaps");

struct place {
	struct hash name;
	int64_t pack, offset; /* of the head */
};

struct blob {
	pthread_mutex_t lock;
	char *dir;
	sqlite3 *index;
	sqlite3_stmt *find, *add, *set_known;
	/* What the index does not know yet: put by us, or found behind `known`. */
	struct map fresh;    /* name -> struct place */
	struct arena places; /* the places */
	bool tail_read;
	bool torn;         /* the last pack does not end with a whole record */
	bool writing;      /* the last pack is ours to append to */
	int64_t pack, end; /* the last pack and its length */
	int fd;            /* of the last pack, or -1 */
	int read_fd;       /* of the pack read last, or -1 */
	int64_t read_pack;
	bool unsynced;
	ZSTD_CCtx *compressors[COMPRESSORS];
	size_t compressor_count;
};

struct blob_walk {
	struct list names;
	size_t next;
};

/* --- the index -------------------------------------------------------------------------------- */

static int index_fail(struct blob *b, struct err *err)
{
	int code = sqlite3_errcode(b->index) & 0xff;

	return err_set(err, code == SQLITE_CORRUPT || code == SQLITE_NOTADB ? ERR_INPUT : ERR_IO,
		       "%s/index.db: %s", b->dir, sqlite3_errmsg(b->index));
}

static int index_exec(struct blob *b, const char *sql, struct err *err)
{
	return sqlite3_exec(b->index, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : index_fail(b, err);
}

/* synchronous=NORMAL: a machine going down may cost the newest rows, which the packs give back. */
static int index_open_file(struct blob *b, const char *path, struct err *err)
{
	static const char tables[] =
		"PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -4000;"
		"CREATE TABLE IF NOT EXISTS blobs (name BLOB NOT NULL PRIMARY KEY, pack INTEGER "
		"NOT NULL,"
		" offset INTEGER NOT NULL) WITHOUT ROWID;"
		"CREATE TABLE IF NOT EXISTS packs (pack INTEGER PRIMARY KEY, known INTEGER NOT "
		"NULL);";
	bool at_rest = sqlite_at_rest(path);
	int rc = at_rest ? sqlite_open_at_rest(path, &b->index)
			 : sqlite3_open_v2(path, &b->index,
					   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
						   SQLITE_OPEN_NOMUTEX,
					   NULL);

	if (rc != SQLITE_OK)
		return index_fail(b, err);
	sqlite3_busy_timeout(b->index, 10000);
	return at_rest ? 0 : index_exec(b, tables, err);
}

static int index_open(struct blob *b, struct err *err)
{
	struct {
		sqlite3_stmt **stmt;
		const char *sql;
	} all[] = {
		{ &b->find, "SELECT pack, offset FROM blobs WHERE name = ?1" },
		{ &b->add, "INSERT INTO blobs (name, pack, offset) VALUES (?1, ?2, ?3) ON CONFLICT "
			   "DO NOTHING" },
		{ &b->set_known, "INSERT INTO packs (pack, known) VALUES (?1, ?2)"
				 " ON CONFLICT (pack) DO UPDATE SET known = excluded.known" },
	};
	struct arena a;

	arena_init(&a);
	int rc = index_open_file(b, path_join(&a, b->dir, "index.db"), err);
	arena_fini(&a);
	for (size_t i = 0; rc == 0 && i < sizeof(all) / sizeof(*all); i++)
		if (sqlite3_prepare_v3(b->index, all[i].sql, -1, SQLITE_PREPARE_PERSISTENT,
				       all[i].stmt, NULL) != SQLITE_OK)
			rc = index_fail(b, err);
	return rc;
}

static struct str name_str(const struct hash *name)
{
	return str_n((const char *)name->bytes, HASH_BYTES);
}

/* 1 and *out, 0: not there. Under the lock. */
static int index_find(struct blob *b, const struct hash *name, struct place *out, struct err *err)
{
	void **fresh = map_get(&b->fresh, name_str(name));

	if (fresh) {
		*out = *(struct place *)*fresh;
		return 1;
	}
	sqlite3_bind_blob(b->find, 1, name->bytes, HASH_BYTES, SQLITE_STATIC);
	int rc = sqlite3_step(b->find);
	if (rc == SQLITE_ROW)
		*out = (struct place){ *name, sqlite3_column_int64(b->find, 0),
				       sqlite3_column_int64(b->find, 1) };
	int result = rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : index_fail(b, err);
	sqlite3_reset(b->find);
	return result;
}

static void remember(struct blob *b, const struct place *p)
{
	struct place *kept = arena_alloc(&b->places, sizeof(*kept));

	*kept = *p;
	*map_put(&b->fresh, name_str(&kept->name)) = kept;
}

static void forget_fresh(struct blob *b)
{
	map_fini(&b->fresh);
	map_init(&b->fresh);
	arena_reset(&b->places);
}

/* --- packs ------------------------------------------------------------------------------------ */

static const char *pack_path(struct blob *b, struct arena *a, int64_t pack)
{
	return arena_strf(a, "%s/pack-%08" PRId64, b->dir, pack).ptr;
}

static int pack_open(struct blob *b, int64_t pack, int flags, struct err *err)
{
	struct arena a;

	arena_init(&a);
	const char *path = pack_path(b, &a, pack);
	int fd = open(path, flags | O_CLOEXEC, 0666);
	if (fd < 0)
		fd = err_errno(err, errno == ENOENT ? ERR_NOTFOUND : ERR_IO, "%s", path);
	arena_fini(&a);
	return fd;
}

/* Reads exactly len bytes: 1; 0 where the file ends before. */
static int read_at(int fd, void *to, size_t len, int64_t offset, struct err *err)
{
	for (char *p = to; len;) {
		ssize_t n = pread(fd, p, len, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, ERR_IO, "reading a pack");
		if (n == 0)
			return 0;
		p += n;
		offset += n;
		len -= (size_t)n;
	}
	return 1;
}

/* Appends the body of the record at `offset` to out. ERR_INPUT: damaged. */
static int read_record(int fd, int64_t offset, const struct hash *want, struct buf *out,
		       struct head *head, struct err *err)
{
	int rc = read_at(fd, head, sizeof(*head), offset, err);

	if (rc < 0)
		return rc;
	if (!rc || head->magic != PACK_MAGIC || head->raw_bytes > BODY_MAX_BYTES ||
	    head->stored_bytes > BODY_MAX_BYTES)
		return err_set(err, ERR_INPUT, "damaged: no record at %" PRId64, offset);
	if (want && memcmp(head->name, want->bytes, HASH_BYTES) != 0)
		return err_set(err, ERR_INPUT, "damaged: another record at %" PRId64, offset);
	char *stored = mem_alloc(head->stored_bytes + 1);
	rc = read_at(fd, stored, head->stored_bytes, offset + (int64_t)sizeof(*head), err);
	if (rc <= 0) {
		mem_free(stored);
		return rc < 0 ? rc : err_set(err, ERR_INPUT, "damaged: cut short");
	}
	size_t before = out->len, raw = (size_t)head->raw_bytes;
	char *room = buf_room(out, raw);
	if (!room) {
		mem_free(stored);
		return buf_check(out, err);
	}
	size_t n = ZSTD_decompress(room, raw, stored, head->stored_bytes);
	mem_free(stored);
	if (n != raw)
		return err_set(err, ERR_INPUT, "damaged: %s",
			       ZSTD_isError(n) ? ZSTD_getErrorName(n) : "another length");
	buf_advance(out, raw);
	struct hash is = hash_of(str_from(buf_str(out), before));
	if (memcmp(is.bytes, head->name, HASH_BYTES) == 0)
		return 0;
	buf_truncate(out, before);
	return err_set(err, ERR_INPUT, "damaged: it is not what its name says");
}

/*
 * Walks the records of one pack from `from`; *end is where the last whole one ends. A record whose
 * head is sound but whose body is damaged is known too, so that verify can name it.
 */
static int read_tail(struct blob *b, int64_t pack, int64_t from, int64_t size, int64_t *end,
		     struct err *err)
{
	struct head head;
	int fd = pack_open(b, pack, O_RDONLY, err), rc;

	if (fd < 0)
		return fd;
	while ((rc = read_at(fd, &head, sizeof(head), from, err)) > 0) {
		int64_t after = from + (int64_t)sizeof(head) + head.stored_bytes;

		if (head.magic != PACK_MAGIC || after > size)
			break;
		struct place p = { .pack = pack, .offset = from };
		memcpy(p.name.bytes, head.name, HASH_BYTES);
		remember(b, &p);
		from = after;
	}
	close(fd);
	*end = from;
	return rc < 0 ? rc : 0;
}

/* Every pack there is, behind what the index knows of it. Under the lock. */
static int read_tails(struct blob *b, struct err *err)
{
	sqlite3_stmt *known;

	if (b->tail_read)
		return 0;
	if (sqlite3_prepare_v2(b->index, "SELECT known FROM packs WHERE pack = ?1", -1, &known,
			       NULL) != SQLITE_OK)
		return index_fail(b, err);
	b->pack = 1;
	b->end = 0;
	for (int64_t pack = 1;; pack++) {
		struct err missing = { 0 };
		struct stat st;
		int fd = pack_open(b, pack, O_RDONLY, &missing);

		/* A pack that is gone leaves a gap, not an end, while the index knows later ones.
		 */
		sqlite3_bind_int64(known, 1, pack);
		int64_t from =
			sqlite3_step(known) == SQLITE_ROW ? sqlite3_column_int64(known, 0) : -1;
		sqlite3_reset(known);
		if (fd < 0 && from < 0)
			break;
		if (fd < 0)
			continue;
		bool statted = fstat(fd, &st) == 0;
		close(fd);
		b->pack = pack;
		b->end = from < 0 ? 0 : from;
		if (statted && st.st_size > b->end &&
		    read_tail(b, pack, b->end, st.st_size, &b->end, err) < 0) {
			sqlite3_finalize(known);
			return err->code;
		}
		b->torn = statted && st.st_size > b->end;
	}
	sqlite3_finalize(known);
	b->tail_read = true;
	return 0;
}

/* The last pack, or a new one behind it, ready to be appended to. Under the lock. */
static int start_writing(struct blob *b, struct err *err)
{
	if (b->writing)
		return 0;
	b->tail_read = false;
	forget_fresh(b);
	if (read_tails(b, err) < 0)
		return err->code;
	if (b->torn) {
		int fd = pack_open(b, b->pack, O_RDWR, err);

		if (fd < 0)
			return fd;
		int rc = fdatasync(fd) == 0
				 ? 0
				 : err_errno(err, ERR_IO, "%s: pack %" PRId64, b->dir, b->pack);
		close(fd);
		if (rc < 0)
			return rc;
		b->pack++;
		b->end = 0;
		b->torn = false;
	}
	if (b->fd >= 0)
		close(b->fd);
	b->fd = pack_open(b, b->pack, O_RDWR | O_CREAT, err);
	if (b->fd < 0)
		return b->fd;
	if (dir_sync(b->dir, err) < 0)
		return err->code;
	b->writing = true;
	b->unsynced = b->fresh.count > 0;
	return 0;
}

/* Up to where the index knows each pack from `first` on. */
static int write_known(struct blob *b, int64_t first, struct err *err)
{
	for (int64_t pack = first; pack <= b->pack; pack++) {
		struct arena a;
		struct stat st;

		arena_init(&a);
		int64_t size = stat(pack_path(b, &a, pack), &st) == 0 ? (int64_t)st.st_size : 0;
		arena_fini(&a);
		sqlite3_bind_int64(b->set_known, 1, pack);
		sqlite3_bind_int64(b->set_known, 2, pack == b->pack ? b->end : size);
		int rc = sqlite3_step(b->set_known);
		sqlite3_reset(b->set_known);
		if (rc != SQLITE_DONE)
			return index_fail(b, err);
	}
	return 0;
}

/* Sets *first to the first pack that has fresh blobs. */
static int write_fresh(struct blob *b, int64_t *first, struct err *err)
{
	*first = b->pack;
	for (size_t i = 0; i < b->fresh.cap; i++) {
		if (!b->fresh.slots[i].used)
			continue;
		const struct place *p = b->fresh.slots[i].value;

		if (p->pack < *first)
			*first = p->pack;
		sqlite3_bind_blob(b->add, 1, p->name.bytes, HASH_BYTES, SQLITE_STATIC);
		sqlite3_bind_int64(b->add, 2, p->pack);
		sqlite3_bind_int64(b->add, 3, p->offset);
		int rc = sqlite3_step(b->add);
		sqlite3_reset(b->add);
		if (rc != SQLITE_DONE)
			return index_fail(b, err);
	}
	return 0;
}

static int sync_locked(struct blob *b, struct err *err)
{
	if (!b->unsynced)
		return 0;
	if (fdatasync(b->fd) != 0)
		return err_errno(err, ERR_IO, "%s: pack %" PRId64, b->dir, b->pack);
	if (index_exec(b, "BEGIN IMMEDIATE", err) < 0)
		return err->code;
	int64_t first;
	if (write_fresh(b, &first, err) < 0 || write_known(b, first, err) < 0 ||
	    index_exec(b, "COMMIT", err) < 0) {
		sqlite3_exec(b->index, "ROLLBACK", NULL, NULL, NULL);
		return err->code;
	}
	forget_fresh(b);
	b->unsynced = false;
	return 0;
}

static int next_pack(struct blob *b, struct err *err)
{
	if (sync_locked(b, err) < 0)
		return err->code;
	int fd = pack_open(b, b->pack + 1, O_RDWR | O_CREAT | O_TRUNC, err);
	if (fd < 0)
		return fd;
	close(b->fd);
	b->fd = fd;
	b->pack++;
	b->end = 0;
	return dir_sync(b->dir, err);
}

/* Appends a whole record, or nothing. Under the lock. */
static int append(struct blob *b, const char *record, size_t len, const struct hash *name,
		  struct err *err)
{
	if (b->end > 0 && (int64_t)len > PACK_MAX_BYTES - b->end && next_pack(b, err) < 0)
		return err->code;
	for (size_t done = 0; done < len;) {
		ssize_t n =
			pwrite(b->fd, record + done, len - done, (off_t)(b->end + (int64_t)done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			err_errno(err, ERR_IO, "%s: pack %" PRId64, b->dir, b->pack);
			if (ftruncate(b->fd, (off_t)b->end) != 0)
				b->writing = false; /* the half record stays: the next put starts a
						       pack */
			return err->code;
		}
		done += (size_t)n;
	}
	struct place p = { *name, b->pack, b->end };
	remember(b, &p);
	b->end += (int64_t)len;
	b->unsynced = true;
	return 0;
}

/* --- the contract ----------------------------------------------------------------------------- */

int blob_fs_open(const char *dir, struct blob **out, struct err *err)
{
	struct blob *b = mem_alloc(sizeof(*b));
	size_t len = strlen(dir) + 1;

	*out = NULL;
	pthread_mutex_init(&b->lock, NULL);
	b->fd = b->read_fd = -1;
	b->dir = mem_alloc(len);
	memcpy(b->dir, dir, len);
	map_init(&b->fresh);
	arena_init(&b->places);
	if (dir_make(dir, err) < 0 || index_open(b, err) < 0) {
		blob_close(&b);
		return err->code;
	}
	*out = b;
	return 0;
}

void blob_close(struct blob **blob)
{
	struct blob *b = *blob;

	*blob = NULL;
	if (!b)
		return;
	sqlite3_finalize(b->find);
	sqlite3_finalize(b->add);
	sqlite3_finalize(b->set_known);
	sqlite3_close_v2(b->index);
	if (b->fd >= 0)
		close(b->fd);
	if (b->read_fd >= 0)
		close(b->read_fd);
	for (size_t i = 0; i < b->compressor_count; i++)
		ZSTD_freeCCtx(b->compressors[i]);
	map_fini(&b->fresh);
	arena_fini(&b->places);
	pthread_mutex_destroy(&b->lock);
	mem_free(b->dir);
	mem_free(b);
}

static ZSTD_CCtx *take_compressor(struct blob *b)
{
	ZSTD_CCtx *c = NULL;

	pthread_mutex_lock(&b->lock);
	if (b->compressor_count)
		c = b->compressors[--b->compressor_count];
	pthread_mutex_unlock(&b->lock);
	return c ? c : ZSTD_createCCtx();
}

static void give_compressor(struct blob *b, ZSTD_CCtx *c)
{
	if (b->compressor_count < COMPRESSORS)
		b->compressors[b->compressor_count++] = c;
	else
		ZSTD_freeCCtx(c);
}

/* 1: there. Falls back to the packs' tails, which another process may have written. */
static int find_locked(struct blob *b, const struct hash *name, struct place *p, struct err *err)
{
	int rc = index_find(b, name, p, err);

	if (rc != 0 || b->writing)
		return rc;
	b->tail_read = false;
	forget_fresh(b);
	if (read_tails(b, err) < 0)
		return err->code;
	return index_find(b, name, p, err);
}

int blob_put(struct blob *b, struct str bytes, struct hash *name, struct err *err)
{
	struct place p;

	if (bytes.len > BODY_MAX_BYTES)
		return err_set(err, ERR_LIMIT, "a body larger than %d bytes", BODY_MAX_BYTES);
	*name = hash_of(bytes);
	pthread_mutex_lock(&b->lock);
	int rc = start_writing(b, err);
	if (rc == 0)
		rc = index_find(b, name, &p, err);
	pthread_mutex_unlock(&b->lock);
	if (rc != 0)
		return rc < 0 ? rc : 0;

	size_t max = ZSTD_compressBound(bytes.len);
	char *record = mem_alloc(sizeof(struct head) + max);
	struct head head = { .magic = PACK_MAGIC, .raw_bytes = bytes.len };
	ZSTD_CCtx *c = take_compressor(b);
	size_t n = c ? ZSTD_compressCCtx(c, record + sizeof(head), max, bytes.ptr, bytes.len,
					 ZSTD_LEVEL)
		     : (size_t)-1;
	memcpy(head.name, name->bytes, HASH_BYTES);
	head.stored_bytes = (uint32_t)n;
	memcpy(record, &head, sizeof(head));

	pthread_mutex_lock(&b->lock);
	if (c)
		give_compressor(b, c);
	if (ZSTD_isError(n))
		rc = err_set(err, ERR_IO, "zstd: %s", ZSTD_getErrorName(n));
	else
		rc = index_find(b, name, &p, err); /* another thread may have been faster */
	if (rc == 0)
		rc = append(b, record, sizeof(head) + n, name, err);
	pthread_mutex_unlock(&b->lock);
	mem_free(record);
	return rc < 0 ? rc : 0;
}

int blob_sync(struct blob *b, struct err *err)
{
	pthread_mutex_lock(&b->lock);
	int rc = sync_locked(b, err);
	pthread_mutex_unlock(&b->lock);
	return rc;
}

/* The descriptor of a pack for reading, kept until another pack is asked for. Under the lock. */
static int reading_fd(struct blob *b, int64_t pack, struct err *err)
{
	if (b->read_fd >= 0 && b->read_pack == pack)
		return b->read_fd;
	if (b->read_fd >= 0)
		close(b->read_fd);
	b->read_fd = pack_open(b, pack, O_RDONLY, err);
	b->read_pack = pack;
	return b->read_fd;
}

int blob_get(struct blob *b, const struct hash *name, struct buf *out, struct err *err)
{
	char hex[HASH_HEX + 1];
	struct place p;
	struct head head;

	pthread_mutex_lock(&b->lock);
	int rc = find_locked(b, name, &p, err), fd = -1;
	if (rc > 0) {
		fd = reading_fd(b, p.pack, err);
		if (fd >= 0)
			fd = fcntl(fd, F_DUPFD_CLOEXEC,
				   0); /* ours, whatever another thread asks for */
		if (fd < 0)
			rc = b->read_fd < 0 ? b->read_fd : err_errno(err, ERR_IO, "%s", b->dir);
	}
	pthread_mutex_unlock(&b->lock);
	hash_to_hex(name, hex);
	if (rc == 0)
		return err_set(err, ERR_NOTFOUND, "no blob %s", hex);
	if (rc > 0) {
		rc = read_record(fd, p.offset, name, out, &head, err);
		close(fd);
	}
	return rc < 0 ? err_wrap(err, "blob %s", hex) : 0;
}

bool blob_has(struct blob *b, const struct hash *name)
{
	struct err err = { 0 };
	struct place p;

	pthread_mutex_lock(&b->lock);
	int rc = find_locked(b, name, &p, &err);
	pthread_mutex_unlock(&b->lock);
	return rc > 0;
}

int blob_walk_open(struct blob *b, struct blob_walk **out, struct err *err)
{
	struct blob_walk *w = mem_alloc(sizeof(*w));
	sqlite3_stmt *all = NULL;
	int rc;

	*out = NULL;
	list_init(&w->names, sizeof(struct hash));
	pthread_mutex_lock(&b->lock);
	rc = read_tails(b, err);
	if (rc == 0 && sqlite3_prepare_v2(b->index, "SELECT name FROM blobs ORDER BY pack, offset",
					  -1, &all, NULL) != SQLITE_OK)
		rc = index_fail(b, err);
	while (rc == 0 && (rc = sqlite3_step(all)) == SQLITE_ROW) {
		if (sqlite3_column_bytes(all, 0) == HASH_BYTES)
			memcpy(list_add(&w->names), sqlite3_column_blob(all, 0), HASH_BYTES);
		rc = 0;
	}
	if (rc > 0)
		rc = rc == SQLITE_DONE ? 0 : index_fail(b, err);
	sqlite3_finalize(all);
	for (size_t i = 0; rc == 0 && i < b->fresh.cap; i++)
		if (b->fresh.slots[i].used)
			*(struct hash *)list_add(&w->names) =
				((struct place *)b->fresh.slots[i].value)->name;
	pthread_mutex_unlock(&b->lock);
	if (rc < 0) {
		blob_walk_close(&w);
		return rc;
	}
	*out = w;
	return 0;
}

int blob_walk_next(struct blob_walk *w, struct hash *name, struct err *err)
{
	(void)err;
	if (w->next == w->names.count)
		return 0;
	*name = *(struct hash *)list_at(&w->names, w->next++);
	return 1;
}

void blob_walk_close(struct blob_walk **w)
{
	if (!*w)
		return;
	list_fini(&(*w)->names);
	mem_free(*w);
	*w = NULL;
}
