/*
 * url - addresses, by the WHATWG URL standard (lexbor's parser).
 *
 * Pure; any thread. Results live in the arena given.
 */
#ifndef DIBAO_TEXT_URL_H
#define DIBAO_TEXT_URL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { URL_MAX_BYTES = 8192 };

/* The parts of a valid absolute URL, in an arena. */
struct url {
	struct str href;   /* all of it, normalised */
	struct str scheme; /* "https", lower case, no colon */
	struct str host;   /* lower case, punycode; IPv6 in brackets */
	int port;          /* the one stated, else the scheme's, else 0 */
	struct str path;   /* starts with "/" where there is a host */
	struct str query;  /* without "?" */
	struct str fragment;
};

/* ERR_INPUT: no absolute URL. */
int url_parse(struct arena *a, struct str s, struct url *out, struct err *err);

/*
 * `ref` against `base`, absolute and normalised. Where base is empty or no URL and ref is
 * relative, or ref cannot be parsed, ref as it stands (trimmed).
 */
struct str url_resolve(struct arena *a, struct str base, struct str ref);

bool url_is_http(struct str s);

/*
 * The address an article is known by: without fragment (except "#!" routes) and tracking parameters
 * (utm_*, fbclid, gclid, spm, from=timeline ...), default port and user info; scheme kept, host
 * lower case.
 */
struct str url_canonical(struct arena *a, struct str s);

/* "example.org" of "https://www.example.org/x": for showing, and for asking if two are one site. */
struct str url_site(struct arena *a, struct str s);
/* Same site: equal hosts but for a leading "www." or "m.". */
bool url_same_site(struct arena *a, struct str x, struct str y);

/* %XX decoded, for showing; invalid sequences stay. */
struct str url_unescape(struct arena *a, struct str s);
/* Percent-encodes all but unreserved characters (RFC 3986 2.3), for a query value or a path piece.
 */
struct str url_escape(struct arena *a, struct str s);

#endif
