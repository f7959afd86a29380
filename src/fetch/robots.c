/*
 * RFC 9309 with what it leaves open: Crawl-delay is read, "\r" alone ends a line, and a Disallow
 * that is longer than we keep is cut, which forbids more, while such an Allow is dropped.
 */
#include "fetch/robots.h"

#include <string.h>

enum line_kind { LINE_OTHER, LINE_AGENT, LINE_ALLOW, LINE_DISALLOW, LINE_DELAY };

static const struct {
	struct str name;
	enum line_kind kind;
} line_names[] = {
	{ STR("user-agent"), LINE_AGENT },
	{ STR("allow"), LINE_ALLOW },
	{ STR("disallow"), LINE_DISALLOW },
	{ STR("crawl-delay"), LINE_DELAY },
};

struct line {
	enum line_kind kind;
	struct str value;
};

static bool next_line(struct str text, size_t *pos, struct line *out)
{
	if (*pos >= text.len)
		return false;
	size_t end = *pos;
	while (end < text.len && text.ptr[end] != '\n' && text.ptr[end] != '\r')
		end++;
	struct str line = str_sub(text, *pos, end);
	*pos = end + 1;
	line = str_sub(line, 0, str_find_ch(line, '#'));

	size_t colon = str_find_ch(line, ':');
	out->kind = LINE_OTHER;
	if (colon == STR_NONE)
		return true;
	struct str name = str_trim(str_sub(line, 0, colon));
	for (size_t i = 0; i < sizeof(line_names) / sizeof(*line_names); i++)
		if (str_eq_nocase(name, line_names[i].name))
			out->kind = line_names[i].kind;
	out->value = str_trim(str_from(line, colon + 1));
	return true;
}

static int hex_digit(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	ch = ch_lower(ch);
	return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

static bool is_unreserved(int c)
{
	return c < 0x80 && (ch_is_alnum((char)c) || (c != 0 && strchr("-._~", c)));
}

/* One spelling for paths and patterns (RFC 9309 2.2.2): %41 as A, %e4 and the byte alike as %E4. */
static size_t normalise(struct str in, char *out, size_t max)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t n = 0;

	for (size_t i = 0; i < in.len && n + 3 <= max; i++) {
		int c = (unsigned char)in.ptr[i];
		bool escape = c >= 0x80 || c <= 0x20;

		if (c == '%' && i + 2 < in.len && hex_digit(in.ptr[i + 1]) >= 0 &&
		    hex_digit(in.ptr[i + 2]) >= 0) {
			c = hex_digit(in.ptr[i + 1]) * 16 + hex_digit(in.ptr[i + 2]);
			escape = !is_unreserved(c);
			i += 2;
		}
		if (escape) {
			out[n++] = '%';
			out[n++] = digits[c >> 4];
			out[n++] = digits[c & 15];
		} else {
			out[n++] = (char)c;
		}
	}
	return n;
}

static void add_rule(struct arena *a, struct robots *r, bool allow, struct str value)
{
	char pattern[ROBOTS_MAX_PATTERN * 3 + 3]; /* each byte may become an escape */
	bool anchored = str_has_suffix(value, S("$"));
	bool cut = value.len > ROBOTS_MAX_PATTERN;

	if (value.len == 0 || r->count == ROBOTS_MAX_RULES || (cut && allow))
		return;
	if (anchored)
		value.len--;
	value = str_sub(value, 0, ROBOTS_MAX_PATTERN);
	struct str s = str_n(pattern, normalise(value, pattern, sizeof(pattern)));
	bool wild = str_find_ch(s, '*') != STR_NONE;
	if (wild && r->wild_count == ROBOTS_MAX_WILD) {
		if (allow)
			return;
		s = str_sub(s, 0, str_find_ch(s, '*'));
		wild = anchored = false;
	}
	if (r->count == r->cap) {
		size_t cap = r->cap ? r->cap * 2 : 16;
		r->rules = arena_grow(a, r->rules, r->cap * sizeof(*r->rules),
				      cap * sizeof(*r->rules));
		r->cap = cap;
	}
	r->wild_count += wild;
	r->rules[r->count++] = (struct robots_rule){ .pattern = arena_str(a, s),
						     .allow = allow,
						     .anchored = anchored && !cut,
						     .wild = wild };
}

static int64_t delay_of(struct str value)
{
	double seconds = 0, unit = 1;
	bool behind_point = false;

	for (size_t i = 0; i < value.len; i++) {
		if (value.ptr[i] == '.' && !behind_point)
			behind_point = true;
		else if (!ch_is_digit(value.ptr[i]))
			return 0;
		else if (behind_point)
			seconds += (value.ptr[i] - '0') * (unit /= 10);
		else
			seconds = seconds * 10 + (value.ptr[i] - '0');
	}
	return seconds < 86400 ? (int64_t)(seconds * 1000) : 86400000;
}

/* "dibao/1.0" and "Dibao" name the product dibao. */
static bool names_product(struct str value, struct str product)
{
	size_t n = 0;

	while (n < value.len &&
	       (ch_is_alpha(value.ptr[n]) || value.ptr[n] == '-' || value.ptr[n] == '_'))
		n++;
	return str_eq_nocase(str_sub(value, 0, n), product);
}

/* Reads the groups for `agent` ("" is "*"). True when there was one. */
static bool read_groups(struct arena *a, struct str text, struct str agent, struct robots *out)
{
	bool any = false, ours = false, in_agents = false;
	size_t pos = 0;
	struct line line;

	*out = (struct robots){ 0 };
	while (next_line(text, &pos, &line)) {
		if (line.kind == LINE_AGENT) {
			bool match = agent.len ? names_product(line.value, agent)
					       : str_eq(line.value, S("*"));

			ours = match || (in_agents && ours);
			any = any || match;
			in_agents = true;
			continue;
		}
		if (line.kind == LINE_OTHER)
			continue;
		in_agents = false;
		if (!ours)
			continue;
		if (line.kind == LINE_DELAY)
			out->delay_ms = delay_of(line.value);
		else
			add_rule(a, out, line.kind == LINE_ALLOW, line.value);
	}
	return any;
}

void robots_parse(struct arena *a, struct str text, struct str product, struct robots *out)
{
	if (str_has_prefix(text, S("\xEF\xBB\xBF")))
		text = str_from(text, 3);
	text = str_sub(text, 0, ROBOTS_MAX_BYTES);
	if (!read_groups(a, text, product, out))
		read_groups(a, text, str_n(NULL, 0), out);
}

/* Greedy, back to the last "*" only: time is the product of the lengths at worst. */
static bool wild_match(struct str pattern, struct str path, bool anchored)
{
	size_t p = 0, s = 0, star = STR_NONE, star_s = 0;

	while (s < path.len || p < pattern.len) {
		if (p < pattern.len && pattern.ptr[p] == '*') {
			star = p++;
			star_s = s;
		} else if (p == pattern.len && !anchored) {
			return true;
		} else if (s < path.len && p < pattern.len && pattern.ptr[p] == path.ptr[s]) {
			p++;
			s++;
		} else if (star != STR_NONE && star_s < path.len) {
			p = star + 1;
			s = ++star_s;
		} else {
			return false;
		}
	}
	return true;
}

static bool matches(const struct robots_rule *rule, struct str path)
{
	if (rule->wild)
		return wild_match(rule->pattern, path, rule->anchored);
	return rule->anchored ? str_eq(path, rule->pattern) : str_has_prefix(path, rule->pattern);
}

bool robots_allow(const struct robots *r, struct str path_query)
{
	char path_bytes[ROBOTS_MAX_PATH * 3 + 3];
	struct str path;
	size_t best = 0;
	bool allow = true;

	if (str_eq(path_query, S("/robots.txt")))
		return true;
	path_query = str_sub(path_query, 0, ROBOTS_MAX_PATH);
	path = str_n(path_bytes, normalise(path_query, path_bytes, sizeof(path_bytes)));
	for (size_t i = 0; i < r->count; i++) {
		const struct robots_rule *rule = &r->rules[i];
		size_t length = rule->pattern.len + rule->anchored;

		if (length < best || !matches(rule, path))
			continue;
		/* The longest wins; of two as long, the one that allows (2.2.2). */
		if (length > best || rule->allow)
			allow = rule->allow;
		best = length;
	}
	return allow;
}
