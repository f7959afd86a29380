#include "page/address.h"

#include "page/rules.h"
#include "text/url.h"

struct str address_stripped(struct arena *a, struct str ref)
{
	size_t n = 0;
	bool clean = true;
	char *copy;

	while (ref.len && (unsigned char)ref.ptr[0] <= ' ')
		ref = str_from(ref, 1);
	while (ref.len && (unsigned char)ref.ptr[ref.len - 1] <= ' ')
		ref.len--;
	for (size_t i = 0; i < ref.len && clean; i++)
		clean = (unsigned char)ref.ptr[i] >= ' ' && ref.ptr[i] != 0x7f;
	if (clean)
		return ref;
	copy = arena_alloc(a, ref.len + 1);
	for (size_t i = 0; i < ref.len; i++) {
		if ((unsigned char)ref.ptr[i] >= ' ' && ref.ptr[i] != 0x7f)
			copy[n++] = ref.ptr[i];
	}
	while (n && copy[n - 1] == ' ')
		n--;
	ref = str_n(copy, n);
	while (ref.len && *ref.ptr == ' ')
		ref = str_from(ref, 1);
	return ref;
}

/* The length of "scheme" in "scheme:...", 0 for a relative address. */
static size_t scheme_len(struct str ref)
{
	for (size_t i = 0; i < ref.len; i++) {
		char ch = ref.ptr[i];

		if (ch == ':')
			return i;
		if (!(ch_is_alpha(ch) ||
		      (i && (ch_is_digit(ch) || ch == '+' || ch == '-' || ch == '.'))))
			return 0;
	}
	return 0;
}

static struct str absolute(struct arena *a, struct str ref, unsigned schemes)
{
	struct err ignored;
	struct url url;

	if (url_parse(a, ref, &url, &ignored) < 0)
		return str_n(NULL, 0);
	if (!(scheme_of(url.scheme) & schemes) || url.href.len > URL_MAX_BYTES)
		return str_n(NULL, 0);
	if (scheme_of(url.scheme) == SCHEME_WEB && !url.host.len)
		return str_n(NULL, 0);
	return url.href;
}

/* Nothing in it that a browser could take for a scheme, a host, or the end of an attribute. */
static struct str relative(struct arena *a, struct str ref)
{
	char *copy = arena_alloc(a, ref.len * 3 + 1);
	size_t n = 0;

	for (size_t i = 0; i < ref.len; i++) {
		char ch = ref.ptr[i];

		if (ch == ' ' || ch == '"' || ch == '<' || ch == '>' || ch == '`' || ch == '\\') {
			copy[n++] = '%';
			copy[n++] = "0123456789ABCDEF"[ch >> 4];
			copy[n++] = "0123456789ABCDEF"[ch & 15];
		} else {
			copy[n++] = ch;
		}
	}
	return str_n(copy, n);
}

static bool is_slash(char ch)
{
	return ch == '/' || ch == '\\';
}

struct str address_safe(struct arena *a, struct str base, struct str ref, unsigned schemes)
{
	size_t scheme;

	if (ref.len > URL_MAX_BYTES)
		return str_n(NULL, 0);
	ref = address_stripped(a, ref);
	if (!ref.len)
		return ref;
	scheme = scheme_len(ref);
	if (scheme)
		return scheme_of(str_sub(ref, 0, scheme)) & schemes ? absolute(a, ref, schemes)
								    : str_n(NULL, 0);
	if (!(schemes & SCHEME_WEB) || *ref.ptr == ':')
		return str_n(NULL, 0);
	if (url_is_http(base))
		return absolute(a, url_resolve(a, base, ref), SCHEME_WEB);
	if (ref.len >= 2 && is_slash(ref.ptr[0]) && is_slash(ref.ptr[1]))
		return absolute(a, arena_strf(a, "https:%.*s", STR_FMT(ref)), SCHEME_WEB);
	return relative(a, ref);
}
