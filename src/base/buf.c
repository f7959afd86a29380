#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){ .max = max < BUF_NO_MAX ? max : BUF_NO_MAX };
}

void buf_fini(struct buf *b)
{
	mem_free(b->ptr);
	*b = (struct buf){ 0 };
}

void buf_reset(struct buf *b)
{
	b->len = 0;
	b->dropped = false;
}

void buf_truncate(struct buf *b, size_t len)
{
	if (len < b->len)
		b->len = len;
}

bool buf_reserve(struct buf *b, size_t more)
{
	if (more > b->max - b->len) {
		b->dropped = true;
		return false;
	}
	size_t need = b->len + more + 1;
	if (need <= b->cap)
		return true;
	size_t cap = b->cap ? b->cap : 256;
	while (cap < need)
		cap += cap / 2 + 64;
	b->ptr = mem_realloc(b->ptr, cap);
	b->cap = cap;
	return true;
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	int len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len <= 0 || !buf_reserve(b, (size_t)len))
		return;
	va_start(args, fmt);
	vsnprintf(b->ptr + b->len, (size_t)len + 1, fmt, args);
	va_end(args);
	b->len += (size_t)len;
}

void buf_add_i64(struct buf *b, int64_t n)
{
	char digits[20], *p = digits + sizeof(digits);
	uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

	do
		*--p = (char)('0' + left % 10);
	while (left /= 10);
	if (n < 0)
		*--p = '-';
	buf_add_n(b, p, (size_t)(digits + sizeof(digits) - p));
}

char *buf_room(struct buf *b, size_t len)
{
	return buf_reserve(b, len) ? b->ptr + b->len : NULL;
}

void buf_advance(struct buf *b, size_t len)
{
	b->len += len;
}

const char *buf_cstr(struct buf *b)
{
	if (!b->ptr)
		return "";
	b->ptr[b->len] = '\0';
	return b->ptr;
}

struct str buf_str(struct buf *b)
{
	return (struct str){ buf_cstr(b), b->len };
}

char *buf_take(struct buf *b, size_t *len)
{
	char *ptr = b->ptr;

	if (ptr)
		ptr[b->len] = '\0';
	else
		ptr = mem_alloc(1);
	if (len)
		*len = b->len;
	buf_init(b, b->max);
	return ptr;
}

int buf_check(const struct buf *b, struct err *err)
{
	if (b->dropped)
		return err_set(err, ERR_LIMIT, "more than %zu bytes of output", b->max);
	return 0;
}
