/*
 * err - what went wrong, in one sentence, and what the caller can do about it.
 *
 * 0 or a useful positive is success; a negative is an err_code. The sentence
 * gains context on its way up (err_wrap) and is printed once, at the top. A
 * struct err is never NULL and is untouched on success.
 */
#ifndef DIBAO_BASE_ERR_H
#define DIBAO_BASE_ERR_H

enum err_code {
	ERR_IO = -1,       /* the disk, the network or the database failed */
	ERR_INPUT = -2,    /* the bytes are not what they should be */
	ERR_LIMIT = -3,    /* a ceiling of ours was passed */
	ERR_NOTFOUND = -4, /* what was asked for is not there */
	ERR_AGAIN = -5,    /* in use or busy: the same call may succeed later */
	ERR_CONFIG = -6    /* a setting is wrong; the sentence names file and line */
};

struct err {
	enum err_code code;
	char msg[256]; /* UTF-8, cut between characters, no final stop, no newline */
};

/* Sets the sentence; returns code. */
int err_set(struct err *err, enum err_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "fmt: " before the sentence; returns err->code. */
int err_wrap(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* err_set with ": " and the text of errno behind the sentence. */
int err_errno(struct err *err, enum err_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
