/*
 * log - lines for whoever runs dibao, on standard error; its level is one of the two
 * mutable statics of the program.
 */
#ifndef DIBAO_BASE_LOG_H
#define DIBAO_BASE_LOG_H

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };
enum log_format { LOG_PLAIN, LOG_LOGFMT, LOG_JSON };

void log_setup(enum log_level level, enum log_format format);

/* One line; safe from any thread. `fmt` is a sentence without a final stop. */
void log_line(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
