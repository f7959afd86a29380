/*
 * A template becomes an array of operations; a section knows where its end is, so rendering is one
 * loop that recurses only into sections and partials.
 *
 * Indentation of partials is put in while rendering, not by compiling the partial anew for each
 * place: literal text knows whether it begins a line, and where a line begins with a tag an empty
 * literal stands before it. What is interpolated is never indented, as the specification wants.
 */
#include "site/template.h"

#include <string.h>

#include "base/list.h"
#include "text/escape.h"

enum op_kind { OP_TEXT, OP_VALUE, OP_RAW, OP_SECTION, OP_INVERTED, OP_END, OP_PARTIAL };

struct name_part {
	struct str text;
	uint32_t hash;
};

struct op {
	enum op_kind kind;
	bool line_start; /* OP_TEXT: its first byte begins a line of the template */
	bool standalone; /* OP_PARTIAL: alone on its line; `text` is then its indentation */
	int line;
	size_t jump; /* sections: index of their OP_END */
	struct str text;
	struct str name;         /* as written; OP_PARTIAL: the template called */
	struct name_part *parts; /* none for "." */
	size_t part_count;
	const struct template *partial;
};

struct template
{
	struct str name, file;
	struct op *ops;
	size_t count;
	struct template *next;
};

struct template_set {
	struct arena *arena;
	struct template *first;
};

struct compiler {
	struct arena *arena;
	struct template *t;
	struct str text;
	size_t pos;
	struct str open, close; /* delimiters */
	struct list ops;
	size_t stack[TEMPLATE_MAX_DEPTH]; /* sections not closed yet */
	size_t depth;
	struct err *err;
};

struct template_set *template_set_new(struct arena *a)
{
	struct template_set *set = arena_alloc(a, sizeof(*set));

	set->arena = a;
	return set;
}

static int line_at(const struct compiler *c, size_t pos)
{
	int line = 1;

	for (size_t i = 0; i < pos; i++)
		line += c->text.ptr[i] == '\n';
	return line;
}

static int fail(struct compiler *c, size_t pos, const char *what, struct str name)
{
	return err_set(c->err, ERR_CONFIG, "%.*s:%d: %s%s%.*s%s", STR_FMT(c->t->file),
		       line_at(c, pos), what, name.len ? " \"" : "", STR_FMT(name),
		       name.len ? "\"" : "");
}

static bool begins_line(const struct compiler *c, size_t pos)
{
	return pos == 0 || c->text.ptr[pos - 1] == '\n';
}

static struct op *add_op(struct compiler *c, enum op_kind kind, size_t pos)
{
	struct op *op = list_add(&c->ops);

	op->kind = kind;
	op->line = line_at(c, pos);
	return op;
}

/* Literal text; `before_tag` keeps an empty one where a line begins with a tag. */
static void add_text(struct compiler *c, size_t from, size_t to, bool before_tag)
{
	if (from < to) {
		struct op *op = add_op(c, OP_TEXT, from);

		op->text = str_sub(c->text, from, to);
		op->line_start = begins_line(c, from);
	}
	if (before_tag && begins_line(c, to))
		add_op(c, OP_TEXT, to)->line_start = true;
}

static void split_name(struct compiler *c, struct op *op, struct str name)
{
	struct str rest = name, part;
	size_t count = 1;

	op->name = name;
	if (str_eq(name, S(".")))
		return;
	for (size_t i = 0; i < name.len; i++)
		count += name.ptr[i] == '.';
	op->parts = arena_array(c->arena, count, sizeof(*op->parts));
	while (str_split(&rest, '.', &part))
		op->parts[op->part_count++] = (struct name_part){ part, value_hash(part) };
}

/* What stands between the delimiters at `from`. */
struct tag {
	char sigil; /* 0 for a variable; '{' for three braces */
	struct str name;
	size_t from, to; /* all of it in the text */
};

static int read_tag(struct compiler *c, size_t from, struct tag *tag)
{
	size_t at = from + c->open.len;
	char sigil = at < c->text.len ? c->text.ptr[at] : '\0';
	char end_text[72];
	struct str end = c->close;

	if (!sigil || !strchr("{#^/>&!=", sigil))
		sigil = '\0';
	else
		at++;
	if (sigil == '{' || sigil == '=') {
		end_text[0] = sigil == '{' ? '}' : '=';
		memcpy(end_text + 1, c->close.ptr, c->close.len);
		end = str_n(end_text, c->close.len + 1);
	}
	size_t stop = str_find(str_from(c->text, at), end);
	if (stop == STR_NONE)
		return fail(c, from, "a tag is not closed", S(""));
	*tag = (struct tag){ sigil, str_trim(str_sub(c->text, at, at + stop)), from,
			     at + stop + end.len };
	if (tag->name.len == 0 && sigil != '!')
		return fail(c, from, "a tag has no name", S(""));
	return 0;
}

static int set_delimiters(struct compiler *c, const struct tag *tag)
{
	struct str open = tag->name, close;
	size_t gap = 0;

	while (gap < open.len && !ch_is_space(open.ptr[gap]))
		gap++;
	close = str_trim(str_from(open, gap));
	open = str_sub(open, 0, gap);
	if (!open.len || !close.len || open.len > 64 || close.len > 64 ||
	    str_find_ch(open, '=') != STR_NONE || str_find_ch(close, '=') != STR_NONE)
		return fail(c, tag->from, "no two delimiters", tag->name);
	for (size_t i = 0; i < close.len; i++)
		if (ch_is_space(close.ptr[i]))
			return fail(c, tag->from, "no two delimiters", tag->name);
	c->open = open;
	c->close = close;
	return 0;
}

/* True where only blanks stand beside the tag on its line; then *from and *to take in the whole
 * line. */
static bool stands_alone(const struct compiler *c, const struct tag *tag, size_t *from, size_t *to)
{
	size_t start = tag->from, end = tag->to;

	while (start > 0 && (c->text.ptr[start - 1] == ' ' || c->text.ptr[start - 1] == '\t'))
		start--;
	if (!begins_line(c, start))
		return false;
	while (end < c->text.len && (c->text.ptr[end] == ' ' || c->text.ptr[end] == '\t'))
		end++;
	if (end < c->text.len) {
		if (c->text.ptr[end] == '\r' && end + 1 < c->text.len &&
		    c->text.ptr[end + 1] == '\n')
			end++;
		if (c->text.ptr[end] != '\n')
			return false;
		end++;
	}
	*from = start;
	*to = end;
	return true;
}

static int close_section(struct compiler *c, const struct tag *tag)
{
	if (c->depth == 0)
		return fail(c, tag->from, "closes what is not open:", tag->name);
	size_t start = c->stack[--c->depth];
	struct op *section = list_at(&c->ops, start);
	if (!str_eq(section->name, tag->name))
		return err_set(c->err, ERR_CONFIG,
			       "%.*s:%d: \"%.*s\" is closed where \"%.*s\" of line %d is open",
			       STR_FMT(c->t->file), line_at(c, tag->from), STR_FMT(tag->name),
			       STR_FMT(section->name), section->line);
	section->jump = c->ops.count;
	add_op(c, OP_END, tag->from);
	return 0;
}

static int open_section(struct compiler *c, const struct tag *tag)
{
	if (c->depth == TEMPLATE_MAX_DEPTH)
		return fail(c, tag->from, "too many sections in each other at", tag->name);
	c->stack[c->depth++] = c->ops.count;
	split_name(c, add_op(c, tag->sigil == '#' ? OP_SECTION : OP_INVERTED, tag->from),
		   tag->name);
	return 0;
}

static int add_tag(struct compiler *c, const struct tag *tag, bool alone, struct str indent)
{
	struct op *op;

	switch (tag->sigil) {
	case '!': return 0;
	case '=': return set_delimiters(c, tag);
	case '#':
	case '^': return open_section(c, tag);
	case '/': return close_section(c, tag);
	case '>':
		op = add_op(c, OP_PARTIAL, tag->from);
		op->name = tag->name;
		op->standalone = alone;
		op->text = indent;
		return 0;
	default:
		op = add_op(c, tag->sigil ? OP_RAW : OP_VALUE, tag->from);
		split_name(c, op, tag->name);
		return 0;
	}
}

static int compile(struct compiler *c)
{
	for (;;) {
		size_t found = str_find(str_from(c->text, c->pos), c->open);
		struct tag tag = { 0 };
		size_t from, to;

		if (found == STR_NONE)
			break;
		if (read_tag(c, c->pos + found, &tag) < 0)
			return c->err->code;
		from = tag.from;
		to = tag.to;
		bool alone = tag.sigil && tag.sigil != '{' && tag.sigil != '&' &&
			     stands_alone(c, &tag, &from, &to);
		add_text(c, c->pos, from, !alone);
		if (add_tag(c, &tag, alone, str_sub(c->text, from, tag.from)) < 0)
			return c->err->code;
		c->pos = to;
	}
	add_text(c, c->pos, c->text.len, false);
	if (c->depth > 0) {
		struct op *op = list_at(&c->ops, c->stack[c->depth - 1]);

		return err_set(c->err, ERR_CONFIG, "%.*s:%d: section \"%.*s\" is not closed",
			       STR_FMT(c->t->file), op->line, STR_FMT(op->name));
	}
	return 0;
}

int template_add(struct template_set *set, struct str name, struct str file, struct str text,
		 struct err *err)
{
	struct template *t = arena_alloc(set->arena, sizeof(*t));
	struct compiler c = {
		.arena = set->arena, .t = t, .open = STR("{{"), .close = STR("}}"), .err = err
	};

	t->name = arena_str(set->arena, name);
	t->file = arena_str(set->arena, file);
	if (text.len > TEMPLATE_MAX_BYTES)
		return err_set(err, ERR_CONFIG, "%.*s:1: larger than %d bytes", STR_FMT(file),
			       TEMPLATE_MAX_BYTES);
	c.text = arena_str(set->arena, text);
	list_init(&c.ops, sizeof(struct op));
	int r = compile(&c);
	if (r == 0 && c.ops.count) {
		t->ops = arena_array(set->arena, c.ops.count, sizeof(*t->ops));
		memcpy(t->ops, c.ops.items, c.ops.count * sizeof(*t->ops));
		t->count = c.ops.count;
	}
	list_fini(&c.ops);
	t->next = set->first;
	set->first = t;
	return r;
}

const struct template *template_find(const struct template_set *set, struct str name)
{
	for (const struct template *t = set->first; t; t = t->next)
		if (str_eq(t->name, name))
			return t;
	return NULL;
}

int template_link(struct template_set *set, bool lenient, struct err *err)
{
	for (struct template *t = set->first; t; t = t->next)
		for (size_t i = 0; i < t->count; i++) {
			struct op *op = &t->ops[i];

			if (op->kind != OP_PARTIAL)
				continue;
			op->partial = template_find(set, op->name);
			if (!op->partial && !lenient)
				return err_set(err, ERR_CONFIG, "%.*s:%d: no template \"%.*s\"",
					       STR_FMT(t->file), op->line, STR_FMT(op->name));
		}
	return 0;
}

/* Innermost first. */
struct frame {
	const struct value *value;
	const struct frame *outer;
};

struct renderer {
	struct buf *out;
	struct err *err;
	int depth;
	long steps;
};

static const struct value *look_up(const struct op *op, const struct frame *top)
{
	const struct value *v = NULL;

	if (op->part_count == 0)
		return top->value;
	for (const struct frame *f = top; f && !v; f = f->outer)
		if (f->value->kind == VALUE_OBJECT && value_may_have(f->value, op->parts[0].hash))
			v = value_get(f->value, op->parts[0].text, op->parts[0].hash);
	/* The first part found decides: a broken chain is empty, outer contexts are not tried. */
	for (size_t i = 1; i < op->part_count && v; i++)
		v = v->kind == VALUE_OBJECT ? value_get(v, op->parts[i].text, op->parts[i].hash)
					    : NULL;
	return v;
}

static void put_text(struct buf *out, const struct op *op, struct str indent)
{
	struct str rest = op->text;
	bool at_start = op->line_start;

	if (!indent.len) {
		buf_add(out, rest);
		return;
	}
	/* An empty literal stands for the beginning of a line too. */
	do {
		size_t nl = str_find_ch(rest, '\n');
		size_t end = nl == STR_NONE ? rest.len : nl + 1;

		if (at_start)
			buf_add(out, indent);
		buf_add(out, str_sub(rest, 0, end));
		rest = str_from(rest, end);
		at_start = true;
	} while (rest.len);
}

static void put_value(struct buf *out, const struct value *v, bool raw)
{
	if (!v)
		return;
	if (v->kind == VALUE_TRUE)
		buf_add(out, S("true"));
	else if (v->kind == VALUE_PLAIN || (v->kind == VALUE_TEXT && raw))
		buf_add(out, v->as.text);
	else if (v->kind == VALUE_TEXT)
		buf_add_html(out, v->as.text);
}

static int run(struct renderer *r, const struct template *t, size_t from, size_t to,
	       const struct frame *top, struct str indent);

static int run_section(struct renderer *r, const struct template *t, size_t at,
		       const struct value *v, const struct frame *top, struct str indent)
{
	size_t end = t->ops[at].jump;

	if (v->kind != VALUE_LIST) {
		struct frame inner = { v, top };

		return run(r, t, at + 1, end, &inner, indent);
	}
	for (uint32_t i = 0; i < v->count; i++) {
		struct frame inner = { &v->as.items[i], top };

		if (run(r, t, at + 1, end, &inner, indent) < 0)
			return r->err->code;
	}
	return 0;
}

static int run_partial(struct renderer *r, const struct op *op, const struct frame *top,
		       struct str indent)
{
	char joined[256];

	if (!op->partial)
		return 0;
	if (!op->standalone) {
		indent = S("");
	} else if (op->text.len) {
		/* Deeper than this is no layout any more; the text still comes, less indented. */
		size_t outer = indent.len, inner = op->text.len;

		if (outer > sizeof(joined))
			outer = sizeof(joined);
		if (inner > sizeof(joined) - outer)
			inner = sizeof(joined) - outer;
		if (outer)
			memcpy(joined, indent.ptr, outer);
		memcpy(joined + outer, op->text.ptr, inner);
		indent = str_n(joined, outer + inner);
	}
	return run(r, op->partial, 0, op->partial->count, top, indent);
}

static int run(struct renderer *r, const struct template *t, size_t from, size_t to,
	       const struct frame *top, struct str indent)
{
	int done = 0;

	if (++r->depth > TEMPLATE_MAX_DEPTH)
		return err_set(r->err, ERR_LIMIT,
			       "%.*s: templates call each other more than %d deep",
			       STR_FMT(t->file), TEMPLATE_MAX_DEPTH);
	for (size_t i = from; i < to && done == 0; i++) {
		const struct op *op = &t->ops[i];
		const struct value *v;

		if (++r->steps > TEMPLATE_MAX_STEPS || r->out->dropped)
			return err_set(r->err, ERR_LIMIT, "%.*s:%d: makes too large a page",
				       STR_FMT(t->file), op->line);
		switch (op->kind) {
		case OP_TEXT: put_text(r->out, op, indent); break;
		case OP_VALUE:
		case OP_RAW: put_value(r->out, look_up(op, top), op->kind == OP_RAW); break;
		case OP_SECTION:
		case OP_INVERTED:
			v = look_up(op, top);
			if (value_is_true(v) != (op->kind == OP_INVERTED)) {
				static const struct value nothing = { .kind = VALUE_NONE };

				done = run_section(r, t, i, op->kind == OP_SECTION ? v : &nothing,
						   top, indent);
			}
			i = op->jump;
			break;
		case OP_PARTIAL: done = run_partial(r, op, top, indent); break;
		case OP_END: break;
		}
	}
	r->depth--;
	return done;
}

int template_render(const struct template *t, const struct value *root, struct buf *out,
		    struct err *err)
{
	struct renderer r = { out, err, 0, 0 };
	struct frame top = { root, NULL };

	if (run(&r, t, 0, t->count, &top, S("")) < 0)
		return err->code;
	return buf_check(out, err);
}
