#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* vsnprintf cuts anywhere: takes the broken character at the end away again. */
static void end_between_characters(char *msg, size_t cap)
{
	size_t len = strlen(msg);

	if (len + 1 < cap)
		return;
	size_t start = len;
	while (start > 0 && ((unsigned char)msg[start - 1] & 0xC0) == 0x80)
		start--;
	if (start == 0)
		return;
	unsigned char lead = (unsigned char)msg[start - 1];
	size_t want = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
	if (lead >= 0x80 && len - start + 1 < want)
		msg[start - 1] = '\0';
}

/* A sentence is one line, whatever stood in the bytes it quotes. */
static void flatten(char *msg)
{
	for (; *msg; msg++)
		if ((unsigned char)*msg < 0x20 || *msg == 0x7F)
			*msg = ' ';
}

__attribute__((format(printf, 3, 0))) static void set_v(struct err *err, enum err_code code,
							const char *fmt, va_list args)
{
	err->code = code;
	vsnprintf(err->msg, sizeof(err->msg), fmt, args);
	end_between_characters(err->msg, sizeof(err->msg));
	flatten(err->msg);
}

int err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	set_v(err, code, fmt, args);
	va_end(args);
	return code;
}

int err_wrap(struct err *err, const char *fmt, ...)
{
	struct err outer;
	va_list args;

	va_start(args, fmt);
	set_v(&outer, err->code, fmt, args);
	va_end(args);
	struct {
		const char *ptr;
		size_t len;
	} parts[] = { { ": ", 2 }, { err->msg, strlen(err->msg) } };
	size_t len = strlen(outer.msg);
	for (int i = 0; i < 2; i++) {
		size_t room = sizeof(outer.msg) - 1 - len,
		       n = parts[i].len < room ? parts[i].len : room;

		memcpy(outer.msg + len, parts[i].ptr, n);
		len += n;
	}
	outer.msg[len] = '\0';
	end_between_characters(outer.msg, sizeof(outer.msg));
	*err = outer;
	return err->code;
}

int err_errno(struct err *err, enum err_code code, const char *fmt, ...)
{
	int saved = errno;
	char reason[96];
	va_list args;

	va_start(args, fmt);
	set_v(err, code, fmt, args);
	va_end(args);
	/* The GNU strerror_r: thread-safe, returns the text. */
	const char *text = strerror_r(saved, reason, sizeof(reason));
	size_t len = strlen(err->msg);
	snprintf(err->msg + len, sizeof(err->msg) - len, ": %s", text);
	errno = saved;
	return code;
}
