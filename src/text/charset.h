/*
 * charset - bytes of any encoding to UTF-8, by the WHATWG Encoding standard (lexbor's tables).
 *
 * Order of belief: BOM; valid UTF-8 with non-ASCII bytes over a single-byte, GBK or Big5 label; the
 * transport's label; the document's own; detection from the bytes, also over a label of Latin-1
 * whose text comes in pairs of bytes and reads as Chinese, Japanese or Korean.
 */
#ifndef DIBAO_TEXT_CHARSET_H
#define DIBAO_TEXT_CHARSET_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct charset {
	struct str name; /* WHATWG name: "UTF-8", "gb18030", "Big5", ...; static */
	bool detected;   /* no label was believed */
	bool damaged;    /* some bytes were malformed and became U+FFFD */
};

/*
 * All of bytes as UTF-8: a view of bytes (behind a BOM) where they are UTF-8 already, else in a.
 * `header_label` (from Content-Type) and `document_label` (XML declaration, <meta>) may be empty or
 * unknown.
 */
struct str charset_to_utf8(struct arena *a, struct str bytes, struct str header_label,
			   struct str document_label, struct charset *out);

/* The charset parameter of a Content-Type value; empty if none. */
struct str charset_of_content_type(struct str content_type);
/* encoding="..." of an XML declaration in the first bytes (UTF-16 too); empty if none. */
struct str charset_of_xml(struct str bytes);
/* <meta charset> and <meta http-equiv> in the first 4096 bytes; empty if none. */
struct str charset_of_html(struct str bytes);

#endif
