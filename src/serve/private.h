/* What the files of this room share. */
#ifndef DIBAO_SERVE_PRIVATE_H
#define DIBAO_SERVE_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"

/* What of a request's headers decides how a page is sent. */
struct request_headers {
	struct str if_none_match, if_modified_since, range, if_range, accept_encoding;
	bool head;
};

struct answer {
	unsigned status;
	struct str type;
	struct buf body;
	int64_t modified;     /* or TIME_UNSTATED */
	const char *cache;    /* Cache-Control */
	bool foreign;         /* the operator's comments may need other hosts: no content policy */
	size_t from, len;     /* what of the body is sent */
	const char *location; /* where the page is instead, or NULL */
	struct {
		const char *name;
		char value[160];
	} headers[12];
	size_t header_count;
};

/*
 * Decides between 200, 206, 304 and 416 (RFC 9110), compresses, and writes the headers. The status
 * of a page that was not found stays.
 */
void answer_finish(struct answer *a, const struct request_headers *h);

/* True where the list of an If-None-Match names `etag` (weakly compared), or is "*". */
bool etag_in(struct str list, struct str etag);

enum range { RANGE_NONE, RANGE_PART, RANGE_OUTSIDE };
/* One range of bytes; several, or what is no range, is RANGE_NONE: the whole is sent. */
enum range range_parse(struct str header, size_t len, size_t *from, size_t *to);

#endif
