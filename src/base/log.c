#include "base/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

static struct {
	enum log_level level;
	enum log_format format;
} settings = { LOG_WARN, LOG_PLAIN }; /* set once, before threads start */

static const char *const level_names[] = { "error", "warn", "info", "debug" };

void log_setup(enum log_level level, enum log_format format)
{
	settings.level = level;
	settings.format = format;
}

/* Quoted as JSON and logfmt both read it. */
static void print_quoted(char *out, size_t cap, const char *s)
{
	size_t n = 0;

	for (; *s && n + 7 < cap; s++) {
		unsigned char ch = (unsigned char)*s;

		if (ch == '"' || ch == '\\') {
			out[n++] = '\\';
			out[n++] = (char)ch;
		} else if (ch < 0x20) {
			n += (size_t)snprintf(out + n, cap - n, "\\u%04x", ch);
		} else {
			out[n++] = (char)ch;
		}
	}
	out[n] = '\0';
}

static void stamp(char *out, size_t cap)
{
	int64_t now = clock_now();
	time_t seconds = (time_t)(now / 1000);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	size_t n = strftime(out, cap, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out + n, cap - n, ".%03dZ", (int)(now % 1000));
}

void log_line(enum log_level level, const char *fmt, ...)
{
	char msg[1024], quoted[2200], when[40];
	va_list args;

	if (level > settings.level)
		return;
	va_start(args, fmt);
	vsnprintf(msg, sizeof(msg), fmt, args);
	va_end(args);
	/* One fprintf a line: stdio's lock keeps lines of several threads apart. */
	if (settings.format == LOG_PLAIN) {
		fprintf(stderr, "dibao: %s\n", msg);
		return;
	}
	stamp(when, sizeof(when));
	print_quoted(quoted, sizeof(quoted), msg);
	if (settings.format == LOG_JSON)
		fprintf(stderr, "{\"time\":\"%s\",\"level\":\"%s\",\"msg\":\"%s\"}\n", when,
			level_names[level], quoted);
	else
		fprintf(stderr, "time=%s level=%s msg=\"%s\"\n", when, level_names[level], quoted);
}
