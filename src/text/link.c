#include "text/link.h"

static void skip_space(struct str *s)
{
	while (s->len && ch_is_space(s->ptr[0]))
		*s = str_from(*s, 1);
}

/* Takes what stands before any of `stops`. */
static struct str take_until(struct str *s, const char *stops)
{
	size_t n = 0;

	for (; n < s->len; n++)
		for (const char *stop = stops; *stop; stop++)
			if (s->ptr[n] == *stop)
				goto found;
found:;
	struct str taken = str_sub(*s, 0, n);
	*s = str_from(*s, n);
	return taken;
}

/* Behind the opening quote; a backslash quotes what follows, and stays in the view. */
static struct str take_quoted(struct str *s)
{
	size_t n = 0;

	while (n < s->len && s->ptr[n] != '"')
		n += s->ptr[n] == '\\' ? 2 : 1;
	struct str taken = str_sub(*s, 0, n);
	*s = str_from(*s, n + 1);
	return taken;
}

/* One parameter behind its semicolon. */
static void take_parameter(struct str *rest, struct link *out)
{
	struct str value = { 0 };

	skip_space(rest);
	struct str name = str_trim(take_until(rest, "=;,"));
	if (rest->len && rest->ptr[0] == '=') {
		*rest = str_from(*rest, 1);
		skip_space(rest);
		if (rest->len && rest->ptr[0] == '"') {
			*rest = str_from(*rest, 1);
			value = take_quoted(rest);
			take_until(rest, ";,");
		} else {
			value = str_trim(take_until(rest, ";,"));
		}
	}
	/* The first rel counts (RFC 8288 3.3). */
	if (str_eq_nocase(name, S("rel")) && !out->rels.len)
		out->rels = value;
	if (str_eq_nocase(name, S("anchor")))
		out->anchored = true;
}

bool link_next(struct str *rest, struct link *out)
{
	while (rest->len) {
		*out = (struct link){ 0 };
		take_until(rest, "<");
		if (!rest->len)
			return false;
		*rest = str_from(*rest, 1);
		out->target = str_trim(take_until(rest, ">"));
		if (!rest->len)
			return false;
		*rest = str_from(*rest, 1);
		skip_space(rest);
		while (rest->len && rest->ptr[0] == ';') {
			*rest = str_from(*rest, 1);
			take_parameter(rest, out);
			skip_space(rest);
		}
		if (out->rels.len)
			return true;
	}
	return false;
}

bool link_is(const struct link *link, struct str rel)
{
	struct str rest = link->rels, one;

	while (str_split(&rest, ' ', &one))
		if (str_eq_nocase(str_trim(one), rel))
			return true;
	return false;
}
