/*
 * Most addresses in feeds and pages are absolute, lower-case and plain; url_plain tells them
 * without the parser, which needs memory of its own. Everything else goes through lexbor.
 */
#include "text/url.h"

#include <string.h>

#include <lexbor/url/url.h>

#include "text/utf8.h"

/* A parser for one call; its memory goes with it. */
struct parser {
	lxb_url_parser_t lxb;
};

static bool parser_open(struct parser *p)
{
	memset(p, 0, sizeof(*p));
	return lxb_url_parser_init(&p->lxb, NULL) == LXB_STATUS_OK;
}

static void parser_close(struct parser *p)
{
	lxb_url_parser_memory_destroy(&p->lxb);
	lxb_url_parser_destroy(&p->lxb, false);
}

static lxb_status_t collect(const lxb_char_t *data, size_t len, void *ctx)
{
	buf_add_n(ctx, data, len);
	return LXB_STATUS_OK;
}

static struct str take(struct arena *a, struct buf *b)
{
	struct str s = arena_str(a, buf_str(b));

	buf_reset(b);
	return s;
}

static struct str of_lexbor(struct arena *a, const lexbor_str_t *s)
{
	return s->data ? arena_str(a, str_n((const char *)s->data, s->length)) : (struct str){ 0 };
}

static int scheme_port(struct str scheme)
{
	if (str_eq(scheme, S("https")))
		return 443;
	return str_eq(scheme, S("http")) ? 80 : 0;
}

/*
 * Without the tabs and line breaks that the standard says to drop. lexbor drops them as well, but
 * loses the copy it makes for that when the address turns out to be none.
 */
static struct str on_one_line(struct arena *a, struct str s)
{
	char *out;
	size_t n = 0;

	if (str_find_ch(s, '\n') == STR_NONE && str_find_ch(s, '\t') == STR_NONE &&
	    str_find_ch(s, '\r') == STR_NONE)
		return s;
	out = arena_alloc(a, s.len + 1);
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] != '\n' && s.ptr[i] != '\t' && s.ptr[i] != '\r')
			out[n++] = s.ptr[i];
	return str_n(out, n);
}

/* Bytes that stand in a path, query or fragment as they are. */
static bool is_plain_byte(char ch)
{
	static const bool marks[128] = {
		['-'] = true, ['.'] = true, ['_'] = true, ['~'] = true, ['!'] = true, ['$'] = true,
		['&'] = true, ['('] = true, [')'] = true, ['*'] = true, ['+'] = true, [','] = true,
		[';'] = true, ['='] = true, [':'] = true, ['@'] = true, ['/'] = true, ['%'] = true,
	};

	return ch_is_alnum(ch) || (!((unsigned char)ch & 0x80) && marks[(unsigned char)ch]);
}

/* 127.0.0.1, and no odd way to write it. */
static bool is_dotted_quad(struct str host)
{
	struct str part;
	int64_t n;
	int parts = 0;

	for (; str_split(&host, '.', &part); parts++)
		if (!part.len || !ch_is_digit(part.ptr[0]) || !str_to_i64(part, 0, 255, &n) ||
		    (part.len > 1 && part.ptr[0] == '0'))
			return false;
	return parts == 4;
}

/* Lower case, digits and hyphens; "xn--" must be checked, and a last label with a digit at either
 * end may be an odd IPv4 address. */
static bool is_plain_host(struct str host)
{
	size_t dot = str_rfind_ch(host, '.'), label = dot == STR_NONE ? 0 : dot + 1;

	for (size_t i = 0; i < host.len; i++)
		if (!(host.ptr[i] >= 'a' && host.ptr[i] <= 'z') && !ch_is_digit(host.ptr[i]) &&
		    host.ptr[i] != '-' && host.ptr[i] != '.')
			return false;
	if (label >= host.len)
		return false;
	if (ch_is_alpha(host.ptr[host.len - 1]) && !ch_is_digit(host.ptr[label]))
		return !str_contains(host, S("xn--"));
	return is_dotted_quad(host);
}

/* A port as it stands in an address: not the scheme's own, and no zero in front. */
static bool is_plain_port(struct str s, struct str scheme, int64_t *port)
{
	return s.len && ch_is_digit(s.ptr[0]) && s.ptr[0] != '0' && str_to_i64(s, 1, 65535, port) &&
	       *port != scheme_port(scheme);
}

/* An absolute http(s) address that the parser would give back unchanged. */
static bool url_plain(struct str s)
{
	size_t i;
	int64_t port;

	if (str_has_prefix(s, S("https://")))
		i = 8;
	else if (str_has_prefix(s, S("http://")))
		i = 7;
	else
		return false;
	struct str scheme = str_sub(s, 0, i - 3), host = str_from(s, i);
	size_t slash = str_find_ch(host, '/');
	if (slash == STR_NONE)
		return false;
	i += slash;
	host.len = slash;
	size_t colon = str_find_ch(host, ':');
	if (colon != STR_NONE && !is_plain_port(str_from(host, colon + 1), scheme, &port))
		return false;
	if (!is_plain_host(str_sub(host, 0, colon)))
		return false;
	size_t path = i;
	bool in_path = true;
	for (; i < s.len; i++) {
		if (s.ptr[i] == '?' || s.ptr[i] == '#')
			in_path = false;
		else if (!is_plain_byte(s.ptr[i]))
			return false;
		/* "/./", "/../" and their encoded forms are resolved by the parser. */
		if (in_path && s.ptr[i] == '/' && i + 1 < s.len &&
		    (s.ptr[i + 1] == '.' || s.ptr[i + 1] == '%'))
			return false;
	}
	return path < s.len && s.len <= URL_MAX_BYTES;
}

/* The parts of such an address. */
static void cut_plain(struct str s, struct url *out)
{
	size_t colon = str_find_ch(s, ':'), end = str_find_ch(s, '#');
	int64_t port;

	*out = (struct url){ .href = s, .scheme = str_sub(s, 0, colon) };
	out->port = scheme_port(out->scheme);
	if (end != STR_NONE)
		out->fragment = str_from(s, end + 1);
	s = str_from(str_sub(s, 0, end), colon + 3);
	end = str_find_ch(s, '?');
	if (end != STR_NONE)
		out->query = str_from(s, end + 1);
	s = str_sub(s, 0, end);
	end = str_find_ch(s, '/');
	out->path = str_from(s, end);
	s = str_sub(s, 0, end);
	colon = str_find_ch(s, ':');
	out->host = str_sub(s, 0, colon);
	if (colon != STR_NONE && is_plain_port(str_from(s, colon + 1), out->scheme, &port))
		out->port = (int)port;
}

/* lexbor's parser; NULL where s is no address. A host whose letters were written %4B comes out of
 * it in capitals, which the standard (3.3, domain to ASCII) folds. */
static lxb_url_t *parsed(struct parser *p, const lxb_url_t *base, struct str s)
{
	lxb_url_t *url =
		lxb_url_parse(&p->lxb, base, (const lxb_char_t *)(s.ptr ? s.ptr : ""), s.len);

	if (url && url->host.type == LXB_URL_HOST_TYPE_DOMAIN) {
		lexbor_str_t *host = &url->host.u.domain;

		for (size_t i = 0; i < host->length; i++)
			host->data[i] = (lxb_char_t)ch_lower((char)host->data[i]);
	}
	return url;
}

int url_parse(struct arena *a, struct str s, struct url *out, struct err *err)
{
	struct parser p;
	struct buf b;
	int result = 0;

	s = str_trim(s);
	if (s.len > URL_MAX_BYTES)
		return err_set(err, ERR_INPUT, "an address longer than %d bytes", URL_MAX_BYTES);
	if (url_plain(s)) {
		cut_plain(arena_str(a, s), out);
		return 0;
	}
	s = on_one_line(a, s);
	if (!parser_open(&p))
		return err_set(err, ERR_IO, "no memory for an address");
	buf_init(&b, BUF_NO_MAX);
	lxb_url_t *url = parsed(&p, NULL, s);
	if (!url) {
		result = err_set(err, ERR_INPUT, "no address: %.*s", STR_FMT(utf8_cut(s, 100)));
		goto out;
	}
	lxb_url_serialize(url, collect, &b, false);
	out->href = take(a, &b);
	out->scheme = of_lexbor(a, &url->scheme.name);
	lxb_url_serialize_host(&url->host, collect, &b);
	out->host = take(a, &b);
	out->port = url->has_port ? url->port : scheme_port(out->scheme);
	lxb_url_serialize_path(&url->path, collect, &b);
	out->path = take(a, &b);
	out->query = of_lexbor(a, &url->query);
	out->fragment = of_lexbor(a, &url->fragment);
out:
	buf_fini(&b);
	parser_close(&p);
	return result;
}

struct str url_resolve(struct arena *a, struct str base, struct str ref)
{
	struct parser p;
	struct buf b;
	lxb_url_t *against = NULL;

	ref = str_trim(ref);
	if (url_plain(ref) || ref.len > URL_MAX_BYTES)
		return ref;
	if (!parser_open(&p))
		return ref;
	ref = on_one_line(a, ref);
	base = on_one_line(a, base);
	if (base.len && base.len <= URL_MAX_BYTES)
		against = parsed(&p, NULL, base);
	lxb_url_t *url = parsed(&p, against, ref);
	/* Against nothing, "" is no address; against a base it is the base. */
	struct str result = ref;
	if (url) {
		buf_init(&b, BUF_NO_MAX);
		lxb_url_serialize(url, collect, &b, false);
		result = take(a, &b);
		buf_fini(&b);
	}
	parser_close(&p);
	return result;
}

bool url_is_http(struct str s)
{
	return str_has_prefix_nocase(s, S("http://")) || str_has_prefix_nocase(s, S("https://"));
}

/* Names of query parameters that tell where a reader came from, never what is shown; "*" ends a
 * prefix. */
static const struct str tracking[] = {
	STR("utm_*"),       STR("fbclid"),        STR("gclid"),
	STR("dclid"),       STR("msclkid"),       STR("yclid"),
	STR("twclid"),      STR("igshid"),        STR("mc_cid"),
	STR("mc_eid"),      STR("_ga"),           STR("_gl"),
	STR("spm"),         STR("at_medium"),     STR("at_campaign"),
	STR("at_custom*"),  STR("ns_mchannel"),   STR("ns_source"),
	STR("ns_campaign"), STR("ns_linkname"),   STR("ncid"),
	STR("cmpid"),       STR("ocid"),          STR("smid"),
	STR("share_token"), STR("wt_mc"),         STR("wtrid"),
	STR("xtor"),        STR("pk_campaign"),   STR("pk_kwd"),
	STR("mtm_*"),       STR("hsa_*"),         STR("__twitter_impression"),
	STR("guccounter"),  STR("guce_referrer"), STR("guce_referrer_sig"),
	STR("vero_id"),     STR("oly_anon_id"),   STR("oly_enc_id"),
	STR("rss_source"),  STR("feature_rss"),   STR("mkt_tok"),
	STR("wickedid"),    STR("gbraid"),        STR("wbraid"),
};

/* Pairs that are tracking only with this value: "from" names a section elsewhere. */
static const struct str tracking_pairs[] = {
	STR("from=timeline"),    STR("from=groupmessage"), STR("from=singlemessage"),
	STR("from=rss"),         STR("source=rss"),        STR("ref=rss"),
	STR("isappinstalled=0"), STR("isappinstalled=1"),  STR("utm=rss"),
	STR("src=rss"),          STR("output=rss"),
};

static bool is_tracking(struct str pair)
{
	size_t equals = str_find_ch(pair, '=');
	struct str name = str_sub(pair, 0, equals == STR_NONE ? pair.len : equals);

	for (size_t i = 0; i < sizeof(tracking) / sizeof(tracking[0]); i++) {
		struct str t = tracking[i];
		bool prefix = t.ptr[t.len - 1] == '*';

		if (prefix ? str_has_prefix_nocase(name, str_sub(t, 0, t.len - 1))
			   : str_eq_nocase(name, t))
			return true;
	}
	for (size_t i = 0; i < sizeof(tracking_pairs) / sizeof(tracking_pairs[0]); i++)
		if (str_eq_nocase(pair, tracking_pairs[i]))
			return true;
	return false;
}

static void add_clean_query(struct buf *b, struct str query)
{
	struct str pair;
	bool first = true;

	while (str_split(&query, '&', &pair)) {
		if (pair.len == 0 || is_tracking(pair))
			continue;
		buf_add_ch(b, first ? '?' : '&');
		buf_add(b, pair);
		first = false;
	}
}

struct str url_canonical(struct arena *a, struct str s)
{
	struct url u;
	struct err err;
	struct buf b;

	if (url_parse(a, s, &u, &err) < 0 || u.host.len == 0)
		return str_trim(s);
	buf_init(&b, BUF_NO_MAX);
	buf_add(&b, u.scheme);
	buf_add(&b, S("://"));
	buf_add(&b, u.host);
	if (u.port && u.port != scheme_port(u.scheme))
		buf_addf(&b, ":%d", u.port);
	buf_add(&b, u.path.len ? u.path : S("/"));
	add_clean_query(&b, u.query);
	/* "#!/story/7" is a route of a script-rendered site: the address without it is the front
	 * page. */
	if (str_has_prefix(u.fragment, S("!")) || str_has_prefix(u.fragment, S("/"))) {
		buf_add_ch(&b, '#');
		buf_add(&b, u.fragment);
	}
	struct str result = take(a, &b);
	buf_fini(&b);
	return result;
}

struct str url_site(struct arena *a, struct str s)
{
	struct url u;
	struct err err;

	if (url_parse(a, s, &u, &err) < 0)
		return (struct str){ 0 };
	if (str_has_prefix(u.host, S("www.")))
		return str_from(u.host, 4);
	return str_has_prefix(u.host, S("m.")) ? str_from(u.host, 2) : u.host;
}

bool url_same_site(struct arena *a, struct str x, struct str y)
{
	struct str site = url_site(a, x);

	return site.len && str_eq(site, url_site(a, y));
}

static int hex_value(char ch)
{
	if (ch_is_digit(ch))
		return ch - '0';
	ch = ch_lower(ch);
	return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

struct str url_unescape(struct arena *a, struct str s)
{
	if (str_find_ch(s, '%') == STR_NONE)
		return s;
	char *out = arena_alloc(a, s.len + 1);
	size_t len = 0;
	for (size_t i = 0; i < s.len; i++) {
		int high = s.ptr[i] == '%' && s.len - i > 2 ? hex_value(s.ptr[i + 1]) : -1;
		int low = high >= 0 ? hex_value(s.ptr[i + 2]) : -1;

		if (low < 0) {
			out[len++] = s.ptr[i];
			continue;
		}
		out[len++] = (char)(high << 4 | low);
		i += 2;
	}
	return str_n(out, len);
}

struct str url_escape(struct arena *a, struct str s)
{
	static const char hex[] = "0123456789ABCDEF";
	char *out = arena_alloc(a, s.len * 3 + 1);
	size_t len = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char ch = (unsigned char)s.ptr[i];

		if (ch_is_alnum(s.ptr[i]) || (ch && strchr("-._~", ch))) {
			out[len++] = s.ptr[i];
			continue;
		}
		out[len++] = '%';
		out[len++] = hex[ch >> 4];
		out[len++] = hex[ch & 15];
	}
	return str_n(out, len);
}
