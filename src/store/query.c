#include "store/query.h"

#include <string.h>

#include "base/clock.h"
#include "store/postings.h"
#include "text/date.h"
#include "text/fold.h"
#include "text/segment.h"
#include "text/utf8.h"

static struct clause *add_clause(struct arena *mem, struct query *q)
{
	if (!q->clauses)
		q->clauses = arena_array(mem, QUERY_MAX_CLAUSES + 1, sizeof(*q->clauses));
	if (q->count >= QUERY_MAX_CLAUSES)
		return NULL;
	return &q->clauses[q->count++];
}

static int too_long(struct err *err)
{
	return err_set(err, ERR_INPUT, "a query of more than %d terms", QUERY_MAX_CLAUSES);
}

/* Adds the characters of a pair or single, or a word, that are not there yet. */
static void add_units(struct clause *c, struct str folded, const struct term *t, size_t *end)
{
	size_t pos = t->from;

	while (pos < t->to) {
		size_t start = pos;

		if (t->kind == TERM_WORD)
			pos = t->to;
		else
			utf8_next(folded, &pos);
		if (start < *end || c->unit_count == CLAUSE_MAX_UNITS)
			continue;
		struct unit *u = &c->units[c->unit_count++];
		u->text = str_sub(folded, start, pos);
		u->cjk = t->kind != TERM_WORD;
		u->joined = u->cjk && c->unit_count > 1 && u[-1].cjk && start == *end;
		*end = pos;
	}
}

/* False: nothing in it that can be searched. */
static bool make_clause(struct arena *mem, struct str text, struct clause *c)
{
	struct str folded = fold_text(mem, text);
	struct segment seg;
	struct term t;
	size_t end = 0;

	c->units = arena_array(mem, CLAUSE_MAX_UNITS, sizeof(*c->units));
	c->terms = arena_array(mem, CLAUSE_MAX_UNITS, sizeof(*c->terms));
	segment_start(&seg, folded);
	while (segment_next(&seg, &t) && c->term_count < CLAUSE_MAX_UNITS) {
		if (t.kind == TERM_LAST)
			continue;
		add_units(c, folded, &t, &end);
		struct query_term *q = &c->terms[c->term_count++];
		q->text = str_sub(t.text, 0, TERM_MAX_BYTES);
		q->unit = t.unit;
		q->prefix = t.kind == TERM_SINGLE;
	}
	return c->term_count > 0;
}

static void make_field(struct arena *mem, const char *field, struct str value, struct clause *c)
{
	struct str term = arena_strf(mem, "%s%.*s", field, STR_FMT(value));

	c->field = true;
	c->terms = arena_alloc(mem, sizeof(*c->terms));
	c->terms[c->term_count++].text = str_sub(term, 0, TERM_MAX_BYTES);
}

void query_add_source(struct arena *mem, struct query *q, struct str source)
{
	struct clause *c = add_clause(mem, q);

	if (c)
		make_field(mem, FIELD_SOURCE, source, c);
}

enum word { WORD_SOURCE, WORD_TAG, WORD_FROM, WORD_TO, WORD_NONE };

static enum word read_word(struct str *token)
{
	static const struct str words[] = { STR("source:"), STR("tag:"), STR("from:"), STR("to:") };

	for (int i = 0; i < 4; i++)
		if (str_has_prefix_nocase(*token, words[i])) {
			*token = str_from(*token, words[i].len);
			return (enum word)i;
		}
	return WORD_NONE;
}

static int add_token(struct arena *mem, struct query *q, enum word word, struct str value,
		     bool without, struct err *err)
{
	static const char *const names[] = { "source:", "tag:", "from:", "to:" };
	int64_t *when = word == WORD_FROM ? &q->from : &q->to;

	if (word != WORD_NONE && !str_trim(value).len)
		return err_set(err, ERR_INPUT, "%s needs a value", names[word]);
	if (word == WORD_FROM || word == WORD_TO) {
		if (without || !date_span(value, q->zone_min, word == WORD_TO, when))
			return err_set(err, ERR_INPUT,
				       "%s%.*s is no date (2023, 2023-01 or 2023-01-23)",
				       names[word], STR_FMT(value));
		return 0;
	}
	struct clause c = { .without = without };
	if (word == WORD_SOURCE)
		make_field(mem, FIELD_SOURCE, value, &c);
	else if (word == WORD_TAG)
		make_field(mem, FIELD_TAG, str_trim(fold_text(mem, value)), &c);
	else if (!make_clause(mem, value, &c))
		return 0; /* only punctuation: says nothing */
	struct clause *to = add_clause(mem, q);
	if (!to)
		return too_long(err);
	*to = c;
	return 0;
}

static bool is_quote(uint32_t c, bool closing)
{
	return c == '"' || c == (closing ? 0x201Du : 0x201Cu) || (closing && c == 0x201C) ||
	       (!closing && c == 0x201D);
}

/* Up to the closing quote; *pos is behind the opening one. */
static int read_quoted(struct str text, size_t *pos, struct str *out, struct err *err)
{
	size_t start = *pos;

	while (*pos < text.len) {
		size_t at = *pos;

		if (is_quote(utf8_next(text, pos), true)) {
			*out = str_sub(text, start, at);
			return 0;
		}
	}
	return err_set(err, ERR_INPUT, "a quotation mark is not closed: %.*s",
		       STR_FMT(utf8_cut(str_from(text, start), 60)));
}

static struct str read_bare(struct str text, size_t *pos)
{
	size_t start = *pos, at = *pos;

	while (at < text.len) {
		*pos = at;
		if (utf8_is_space(utf8_next(text, &at)))
			return str_sub(text, start, *pos);
	}
	*pos = at;
	return str_sub(text, start, at);
}

int query_parse(struct arena *mem, struct str text, int zone_min, struct query *out,
		struct err *err)
{
	*out = (struct query){ .from = TIME_UNSTATED, .to = TIME_UNSTATED, .zone_min = zone_min };
	if (text.len > QUERY_MAX_BYTES)
		return err_set(err, ERR_INPUT, "a query of more than %d bytes", QUERY_MAX_BYTES);
	for (size_t pos = 0; pos < text.len;) {
		size_t next = pos;
		bool without = false;
		struct str value;

		if (utf8_is_space(utf8_next(text, &next))) {
			pos = next;
			continue;
		}
		if (text.ptr[pos] == '-' && pos + 1 < text.len) {
			without = true;
			pos++;
		}
		struct str rest = str_from(text, pos);
		enum word word = read_word(&rest);
		pos = next = text.len - rest.len;
		if (rest.len && is_quote(utf8_next(text, &next), false)) {
			pos = next;
			if (read_quoted(text, &pos, &value, err) < 0)
				return err->code;
		} else {
			value = read_bare(text, &pos);
		}
		if (add_token(mem, out, word, value, without, err) < 0)
			return err->code;
	}
	return 0;
}
