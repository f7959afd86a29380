/*
 * buf - bytes being written, with a ceiling and a sticky "too much" flag.
 *
 * Adding past `max` drops the bytes and sets the flag, so a writer checks once,
 * at the end, with buf_check. The bytes are owned by the buf; a NUL stands
 * behind them whenever buf_str or buf_cstr is called.
 */
#ifndef DIBAO_BASE_BUF_H
#define DIBAO_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"

struct buf {
	char *ptr;
	size_t len;
	size_t cap;
	size_t max;
	bool dropped; /* something did not fit below max */
};

#define BUF_NO_MAX ((size_t)-1 / 2)

void buf_init(struct buf *b, size_t max);
void buf_fini(struct buf *b);
void buf_reset(struct buf *b); /* empty again, memory kept */
void buf_truncate(struct buf *b, size_t len);

/* Room for `more` bytes and a NUL; false (and the flag) when past the ceiling. */
bool buf_reserve(struct buf *b, size_t more);

/* Pages are written in pieces of a few bytes: these stand here, not behind a call. */

static inline void buf_add_n(struct buf *b, const void *ptr, size_t len)
{
	bool fits = len < b->cap - b->len && len <= b->max - b->len;

	if (len == 0 || (!fits && !buf_reserve(b, len)))
		return;
	memcpy(b->ptr + b->len, ptr, len);
	b->len += len;
}

static inline void buf_add(struct buf *b, struct str s)
{
	buf_add_n(b, s.ptr, s.len);
}

static inline void buf_add_ch(struct buf *b, char ch)
{
	buf_add_n(b, &ch, 1);
}

static inline void buf_add_cstr(struct buf *b, const char *s)
{
	buf_add_n(b, s, strlen(s));
}

void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_add_i64(struct buf *b, int64_t n);

/* Room for `len` more bytes to be written by the caller at the returned place,
 * which buf_advance then counts; NULL (and the flag) when past the ceiling. */
char *buf_room(struct buf *b, size_t len);
void buf_advance(struct buf *b, size_t len);

struct str buf_str(struct buf *b);          /* borrowed until the next change */
const char *buf_cstr(struct buf *b);        /* the same, NUL-terminated */
char *buf_take(struct buf *b, size_t *len); /* for mem_free; leaves it empty */

/* 0, or ERR_LIMIT if anything was dropped. */
int buf_check(const struct buf *b, struct err *err);

#endif
