/*
 * libconfuse reads the grammar and counts lines; what a value must be is decided here, by the
 * table, so that every wrong value is told the same way. All options are strings to libconfuse,
 * checked one by one while it parses, when it knows the line. Its callbacks take no pointer of
 * ours: the state of a load travels in a hidden option, whose `simple_value` points at it, and
 * whose name no text file has. The same name is put behind the file's end: where it does not arrive
 * at top level, something before it was not closed.
 */
#include "config.h"

#include <confuse.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/list.h"
#include "base/map.h"
#include "base/mem.h"
#include "config_table.h"
#include "page/page.h"
#include "text/comments.h"
#include "text/date.h"
#include "text/nearest.h"
#include "text/quantity.h"
#include "text/url.h"
#include "text/utf8.h"

#define END_MARK "\001"

enum { MAX_OPTIONS = 40 };

static const struct {
	const char *name;
	enum source_kind kind;
} kinds[] = { { "feed", SOURCE_FEED }, { "page", SOURCE_PAGE } };

/* --- values --- */

static int parse_bool(struct str s, bool *out, struct err *err)
{
	static const struct str words[] = { STR("true"), STR("false"), STR("yes"),
					    STR("no"),   STR("on"),    STR("off") };
	const size_t count = sizeof(words) / sizeof(words[0]);

	for (size_t i = 0; i < count; i++)
		if (str_eq_nocase(s, words[i])) {
			*out = i % 2 == 0;
			return 0;
		}
	struct str near = nearest_word(s, words, count);
	if (near.len > 0)
		return err_set(err, ERR_CONFIG, "true or false, not \"%.*s\"; did you mean %.*s?",
			       STR_FMT(s), STR_FMT(near));
	return err_set(err, ERR_CONFIG, "true or false, not \"%.*s\"", STR_FMT(s));
}

static int parse_kind(struct str s, enum source_kind *out, struct err *err)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_eq_nocase(s, str_of(kinds[i].name))) {
			*out = kinds[i].kind;
			return 0;
		}
	return err_set(err, ERR_CONFIG, "feed or page, not \"%.*s\"", STR_FMT(s));
}

static int parse_number(const struct option *o, struct str s, int64_t *out, struct err *err)
{
	bool ok = o->type == DURATION ? quantity_ms(s, out)
		  : o->type == SIZE   ? quantity_bytes(s, out)
				      : str_to_i64(s, INT64_MIN, INT64_MAX, out);

	if (!ok)
		return err_set(err, ERR_CONFIG, "%s, not \"%.*s\"",
			       o->type == DURATION ? "a time with its unit (90s, 30m, 2h, 1d)"
			       : o->type == SIZE   ? "a size (500KB, 5MB, 1GiB)"
						   : "a whole number",
			       STR_FMT(s));
	if (*out < o->min || *out > o->max)
		return err_set(err, ERR_CONFIG, "%s: it is %lld, and may be %lld to %lld%s",
			       *out < o->min ? "more" : "less", (long long)*out, (long long)o->min,
			       (long long)o->max,
			       o->type == DURATION ? " milliseconds"
			       : o->type == SIZE   ? " bytes"
						   : "");
	return 0;
}

static int parse_web(struct arena *a, struct str s, struct str *out, struct err *err)
{
	struct url url;
	struct err why;

	*out = s;
	if (s.len == 0)
		return 0;
	if (!url_is_http(s) || url_parse(a, s, &url, &why) < 0)
		return err_set(err, ERR_CONFIG, "an address with http:// or https://, not \"%.*s\"",
			       STR_FMT(s));
	return 0;
}

static int parse_language(struct str s, struct err *err)
{
	bool ok = s.len > 1 && s.len < 36 && ch_is_alpha(s.ptr[0]);

	for (size_t i = 0; i < s.len; i++)
		ok = ok && (ch_is_alnum(s.ptr[i]) || (s.ptr[i] == '-' && i + 1 < s.len));
	return ok ? 0
		  : err_set(err, ERR_CONFIG, "a language tag like en or zh-Hant-TW, not \"%.*s\"",
			    STR_FMT(s));
}

/* One value of o into its field of the struct at `base`. The sentence of an error fits behind "NAME
 * must be ". */
static int parse_value(struct arena *a, const struct option *o, struct str s, void *base,
		       struct err *err)
{
	void *field = (char *)base + o->offset;
	int64_t n;

	switch (o->type) {
	case BOOL: return parse_bool(s, field, err);
	case KIND: return parse_kind(s, field, err);
	case COUNT:
	case DURATION:
	case SIZE:
		if (parse_number(o, s, &n, err) < 0)
			return err->code;
		if (o->size == sizeof(int64_t))
			*(int64_t *)field = n;
		else
			*(int *)field = (int)n;
		return 0;
	case ZONE:
		if (!date_zone(s, field))
			return err_set(err, ERR_CONFIG,
				       "an offset like +08:00 or UTC, not \"%.*s\"", STR_FMT(s));
		return 0;
	case WEB:
		if (parse_web(a, s, field, err) < 0)
			return err->code;
		break;
	case LANGUAGE:
		if (parse_language(s, err) < 0)
			return err->code;
		break;
	case SELECTORS: return page_check_selector(s, err);
	case TEXT: break;
	}
	*(struct str *)field = arena_str(a, s);
	return 0;
}

/* --- reading a file --- */

struct load {
	struct arena *a;
	struct err *err;
	bool failed;
	long end;        /* written by libconfuse where END_MARK arrives at top level */
	long end_inside; /* ... inside a section */
	struct config *config;
	int lines[MAX_OPTIONS]; /* where each option of the file, or of the section being read, was
				   set */
	/* sources.conf */
	struct source source; /* the section being read */
	int source_line;
	struct list sources;   /* of struct source */
	struct map keys, urls; /* to lines, as (void *)(intptr_t) */
};

/* The hidden option of a file (its `number` is load.end) or of a section. */
static struct load *load_of(cfg_t *cfg)
{
	for (cfg_opt_t *o = cfg->opts; o->name; o++)
		if (strcmp(o->name, END_MARK) == 0)
			return (struct load *)(void *)((char *)o->simple_value.number -
						       (cfg->title
								? offsetof(struct load, end_inside)
								: offsetof(struct load, end)));
	return NULL;
}

/* The first error counts; what libconfuse says behind it is its consequence. */
static void fail(cfg_t *cfg, struct load *l, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
static void fail(cfg_t *cfg, struct load *l, const char *fmt, ...)
{
	char msg[sizeof(l->err->msg)];
	va_list args;

	if (l->failed)
		return;
	l->failed = true;
	va_start(args, fmt);
	vsnprintf(msg, sizeof(msg), fmt, args);
	va_end(args);
	err_set(l->err, ERR_CONFIG, "%s:%d: %s", cfg->filename, cfg->line, msg);
}

static void fail_unknown(cfg_t *cfg, struct load *l, struct str word)
{
	struct str words[MAX_OPTIONS];
	size_t count = 0;

	if (str_eq(word, S(END_MARK))) {
		fail(cfg, l, "the file ends in the middle of an option");
		return;
	}
	for (cfg_opt_t *o = cfg->opts; o->name && count < MAX_OPTIONS; o++)
		if (strcmp(o->name, END_MARK) != 0)
			words[count++] = str_of(o->name);
	struct str near = nearest_word(word, words, count);
	if (near.len > 0)
		fail(cfg, l, "no option %.*s here; did you mean %.*s?", STR_FMT(word),
		     STR_FMT(near));
	else
		fail(cfg, l, "no option %.*s here (dibao.conf(5) has them all)", STR_FMT(word));
}

/* libconfuse's own complaints; the one that has a word in it is said better. */
static void on_error(cfg_t *cfg, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));
static void on_error(cfg_t *cfg, const char *fmt, va_list args)
{
	struct load *l = load_of(cfg);
	char msg[200];
	va_list copy;

	va_copy(copy, args);
	if (strcmp(fmt, "no such option '%s'") == 0) {
		fail_unknown(cfg, l, str_of(va_arg(copy, const char *)));
	} else {
		vsnprintf(msg, sizeof(msg), fmt, args);
		fail(cfg, l, "%s",
		     strcmp(msg, "premature end of file") == 0
			     ? "the file ends inside a quoted text or an option"
			     : msg);
	}
	va_end(copy);
}

static const struct option *option_named(const struct option *table, const char *name)
{
	for (const struct option *o = table; o->name; o++)
		if (strcmp(o->name, name) == 0)
			return o;
	return NULL;
}

/* One value was set: check it now, while its line is known. */
static int on_value(cfg_t *cfg, cfg_opt_t *opt)
{
	struct load *l = load_of(cfg);
	const struct option *table = cfg->title ? source_options : mirror_options;
	const struct option *o = option_named(table, opt->name);
	struct err why;

	if (opt->nvalues == 0)
		return 0; /* keep = {} */
	struct str s = str_trim(str_of(cfg_opt_getnstr(opt, opt->nvalues - 1)));
	int *line = &l->lines[o - table];

	if (str_contains(s, S(END_MARK)))
		fail(cfg, l, "the file ends in the middle of an option");
	else if (*line != 0 && o->type != SELECTORS)
		fail(cfg, l, "%s is set twice, first on line %d", o->name, *line);
	else if (!utf8_valid(s))
		fail(cfg, l, "%s is not UTF-8", o->name);
	else if (parse_value(l->a, o, s, cfg->title ? (void *)&l->source : (void *)l->config,
			     &why) < 0)
		fail(cfg, l, o->type == SELECTORS ? "%s: %s" : "%s must be %s", o->name, why.msg);
	if (*line == 0)
		*line = cfg->line;
	return l->failed ? -1 : 0;
}

static bool key_ok(struct str key)
{
	for (size_t i = 0; i < key.len; i++)
		if (!(ch_is_digit(key.ptr[i]) || (key.ptr[i] >= 'a' && key.ptr[i] <= 'z') ||
		      (key.ptr[i] == '-' && i > 0)))
			return false;
	return key.len > 0 && key.len <= CONFIG_MAX_KEY;
}

static struct strs take_list(struct load *l, cfg_t *section, const char *name)
{
	cfg_opt_t *opt = cfg_getopt(section, name);
	struct strs out = { .count = opt->nvalues };

	out.items = arena_array(l->a, out.count, sizeof(*out.items));
	for (unsigned i = 0; i < opt->nvalues; i++)
		out.items[i] = arena_str(l->a, str_trim(str_of(cfg_opt_getnstr(opt, i))));
	return out;
}

static void source_defaults(struct load *l)
{
	struct err err;

	l->source = (struct source){ 0 };
	memset(l->lines, 0, sizeof(l->lines));
	for (const struct option *o = source_options; o->name; o++)
		if (o->value && *o->value)
			parse_value(l->a, o, str_of(o->value), &l->source, &err);
	l->source.zone_min = l->config->zone_min;
}

/* A section has ended. */
static int on_source(cfg_t *cfg, cfg_opt_t *opt)
{
	struct load *l = load_of(cfg);
	cfg_t *section = cfg_opt_getnsec(opt, opt->nvalues - 1);
	struct source *s = &l->source;

	s->key = arena_str(l->a, str_of(section->title));
	if (!key_ok(s->key)) {
		fail(cfg, l, "source \"%s\": a key is 1 to %d of a-z, 0-9 and -", section->title,
		     CONFIG_MAX_KEY);
		return -1;
	}
	if (s->url.len == 0) {
		fail(cfg, l, "source \"%s\" has no url", section->title);
		return -1;
	}
	if (map_get(&l->keys, s->key)) {
		fail(cfg, l, "source \"%s\" stands twice, first on line %d", section->title,
		     (int)(intptr_t)*map_get(&l->keys, s->key));
		return -1;
	}
	if (map_get(&l->urls, s->url)) {
		fail(cfg, l, "source \"%s\": this url is followed already, on line %d",
		     section->title, (int)(intptr_t)*map_get(&l->urls, s->url));
		return -1;
	}
	*map_put(&l->urls, s->url) = (void *)(intptr_t)l->lines[0];
	*map_put(&l->keys, s->key) = (void *)(intptr_t)l->lines[0];
	if (s->name.len == 0)
		s->name = s->key;
	if (s->category.len == 0)
		s->category = s->name;
	s->keep = take_list(l, section, "keep");
	s->drop = take_list(l, section, "drop");
	*(struct source *)list_add(&l->sources) = *s;
	source_defaults(l);
	/* All is copied. libconfuse looks through the sections it holds at each new one: it shall
	 * hold none. */
	cfg_free_value(opt);
	return 0;
}

static size_t fill_options(const struct option *table, cfg_opt_t *out, long *end)
{
	size_t n = 0;

	for (const struct option *o = table; o->name; o++) {
		if (o->size == 0)
			continue;
		out[n] = o->type == SELECTORS
				 ? (cfg_opt_t)CFG_STR_LIST(o->name, NULL, CFGF_NODEFAULT)
				 : (cfg_opt_t)CFG_STR(o->name, NULL, CFGF_NODEFAULT);
		out[n++].validcb = on_value;
	}
	out[n++] = (cfg_opt_t)CFG_SIMPLE_INT(END_MARK, end);
	return n;
}

/* Reads the file at path into out, with END_MARK behind it; refuses what no text file has. */
static int read_text(const char *path, const char *name, struct buf *out, struct err *err)
{
	if (file_read(path, out, err) < 0)
		return err->code;
	struct str text = buf_str(out);
	int line = 1;

	for (size_t i = 0; i < text.len; i++) {
		unsigned char ch = (unsigned char)text.ptr[i];

		line += ch == '\n';
		if (ch < ' ' && !ch_is_space((char)ch))
			return err_set(err, ERR_CONFIG,
				       "%s:%d: a control character (%d) in a text file", name, line,
				       ch);
	}
	if (str_has_prefix(text, S("\xEF\xBB\xBF")))
		memset(out->ptr, ' ', 3);
	buf_add_ch(out, '\n'); /* a comment in the last line ends too */
	blank_comments(out->ptr, out->len);
	buf_add_cstr(out, END_MARK " = 1\n");
	return 0;
}

/* `opts` must outlive the call; l->err is set where it fails. */
static int parse_file(struct load *l, const char *dir, const char *name, cfg_opt_t *opts)
{
	struct buf text;

	buf_init(&text, CONFIG_MAX_BYTES);
	if (read_text(path_join(l->a, dir, name), name, &text, l->err) < 0) {
		buf_fini(&text);
		return l->err->code;
	}
	cfg_t *cfg = cfg_init(opts, CFGF_NONE);
	FILE *f = fmemopen(text.ptr, text.len, "r");
	int rc = 0;

	l->failed = false;
	l->end = l->end_inside = 0;
	if (!cfg || !f) {
		rc = err_errno(l->err, ERR_IO, "%s", name);
	} else {
		cfg->filename = strdup(name);
		cfg_set_error_function(cfg, on_error);
		if (cfg_parse_fp(cfg, f) != CFG_SUCCESS && !l->failed)
			fail(cfg, l, "it cannot be read");
		if (!l->failed && l->end == 0)
			fail(cfg, l,
			     l->end_inside ? "the last section is not closed: a } is missing"
					   : "a comment is not closed: */ is missing");
		rc = l->failed ? l->err->code : 0;
	}
	if (f)
		fclose(f);
	if (cfg)
		cfg_free(cfg);
	buf_fini(&text);
	return rc;
}

static int load_mirror(struct load *l, const char *dir)
{
	cfg_opt_t opts[MAX_OPTIONS + 2] = { 0 };
	struct err err;

	fill_options(mirror_options, opts, &l->end);
	for (const struct option *o = mirror_options; o->name; o++)
		if (o->size > 0 && parse_value(l->a, o, str_of(o->value), l->config, &err) < 0)
			return err_set(l->err, ERR_CONFIG, "default of %s: %s", o->name, err.msg);
	int rc = parse_file(l, dir, "dibao.conf", opts);
	if (rc == ERR_NOTFOUND)
		return err_set(l->err, ERR_NOTFOUND,
			       "not a mirror: no dibao.conf in %s (dibao init makes one)",
			       strcmp(dir, ".") == 0 ? "this directory" : dir);
	struct str *const bases[] = { &l->config->base_url, &l->config->hub_callback };
	for (size_t i = 0; rc == 0 && i < sizeof(bases) / sizeof(bases[0]); i++)
		if (bases[i]->len > 0 && !str_has_suffix(*bases[i], S("/")))
			*bases[i] = arena_strf(l->a, "%.*s/", STR_FMT(*bases[i]));
	return rc;
}

static int load_sources(struct load *l, const char *dir)
{
	cfg_opt_t section[MAX_OPTIONS + 2] = { 0 };
	fill_options(source_options, section, &l->end_inside);
	cfg_opt_t opts[] = {
		CFG_SEC("source", section, CFGF_TITLE | CFGF_MULTI),
		CFG_SIMPLE_INT(END_MARK, &l->end),
		CFG_END(),
	};

	opts[0].validcb = on_source;
	source_defaults(l);
	int rc = parse_file(l, dir, "sources.conf", opts);
	return rc == ERR_NOTFOUND ? 0 : rc;
}

int config_load(struct arena *a, const char *dir, struct config *out, struct err *err)
{
	struct load l = { .a = a, .err = err, .config = out };

	*out = (struct config){ 0 };
	list_init(&l.sources, sizeof(struct source));
	map_init(&l.keys);
	map_init(&l.urls);
	int rc = load_mirror(&l, dir);
	if (rc == 0)
		rc = load_sources(&l, dir);
	if (rc == 0) {
		out->source_count = l.sources.count;
		out->sources = arena_array(a, l.sources.count, sizeof(*out->sources));
		if (l.sources.count > 0)
			memcpy(out->sources, l.sources.items,
			       l.sources.count * sizeof(*out->sources));
	}
	map_fini(&l.urls);
	map_fini(&l.keys);
	list_fini(&l.sources);
	return rc;
}

const struct source *config_source(const struct config *c, struct str key)
{
	for (size_t i = 0; i < c->source_count; i++)
		if (str_eq(c->sources[i].key, key))
			return &c->sources[i];
	return NULL;
}

/* --- printing --- */

/* Between double quotes; "${" would be an environment variable. */
static void add_quoted(struct buf *out, struct str s)
{
	buf_add_ch(out, '"');
	for (size_t i = 0; i < s.len; i++) {
		char ch = s.ptr[i];

		if (ch == '\n')
			buf_add_cstr(out, "\\n");
		else if (ch == '"' || ch == '\\' || ch == '$')
			buf_addf(out, "\\%c", ch);
		else if ((unsigned char)ch >= ' ')
			buf_add_ch(out, ch);
		else
			buf_add_ch(out, ' ');
	}
	buf_add_ch(out, '"');
}

/* Help as comment lines of at most 100 columns. */
static void add_comment(struct buf *out, const char *indent, const char *text)
{
	struct str rest = str_of(text), word;
	size_t column = 0;

	while (str_split(&rest, ' ', &word)) {
		if (column == 0 || column + 1 + word.len > 96) {
			buf_addf(out, "%s%s#", column ? "\n" : "", indent);
			column = strlen(indent) + 1;
		}
		buf_addf(out, " %.*s", STR_FMT(word));
		column += 1 + word.len;
	}
	buf_add_ch(out, '\n');
}

static bool is_bare(const struct option *o)
{
	return o->type == BOOL || o->type == COUNT || o->type == KIND;
}

static void add_default(struct buf *out, const struct option *o)
{
	if (o->type == SELECTORS)
		buf_add_cstr(out, "{}");
	else if (is_bare(o))
		buf_add_cstr(out, o->value);
	else
		add_quoted(out, str_of(o->value));
}

void config_print_default(struct buf *out)
{
	buf_add_cstr(out, "# dibao.conf - settings of this mirror; dibao.conf(5) is the manual. "
			  "Each option stands here\n"
			  "# with its default: take the # away and change it. What is followed "
			  "stands in sources.conf.\n");
	for (const struct option *o = mirror_options; o->name; o++) {
		if (o->size == 0) {
			buf_addf(out, "\n# --- %s ---\n", o->name);
			continue;
		}
		buf_add_ch(out, '\n');
		add_comment(out, "", o->help);
		buf_addf(out, "#%s = ", o->name);
		add_default(out, o);
		buf_add_ch(out, '\n');
	}
}

void config_print_default_sources(struct buf *out)
{
	buf_add_cstr(out, "# sources.conf - what this mirror follows, one section a source; "
			  "dibao.conf(5) is the manual.\n"
			  "# `dibao add URL` and `dibao import` write sections; so may you. All a "
			  "section can say:\n#\n"
			  "# source \"key\" {\n");
	for (const struct option *o = source_options; o->name; o++) {
		add_comment(out, "#     ", o->help);
		buf_addf(out, "#     %s = ", o->name);
		if (o->value)
			add_default(out, o);
		else
			buf_add_cstr(out, o->type == SELECTORS
						  ? "{}"
						  : "\"https://example.org/feed.xml\"");
		buf_add_ch(out, '\n');
	}
	buf_add_cstr(out, "# }\n");
}

/* What the manual calls the value of an option. */
static const char *type_name(enum option_type type)
{
	static const char *const names[] = {
		[TEXT] = "text",        [BOOL] = "true | false",
		[COUNT] = "number",     [DURATION] = "time",
		[SIZE] = "size",        [ZONE] = "offset",
		[WEB] = "address",      [LANGUAGE] = "tag",
		[KIND] = "feed | page", [SELECTORS] = "{ selector, ... }",
	};

	return names[type];
}

/* Text for mdoc: a new line behind each sentence, as its style asks, and before column 80. */
static void add_mdoc(struct buf *out, const char *text)
{
	struct str rest = str_of(text), word;
	size_t column = 0;

	while (str_split(&rest, ' ', &word)) {
		if (column > 0)
			buf_add_ch(out, column + word.len > 76 ? '\n' : ' ');
		column = column + word.len > 76 ? word.len + 1 : column + word.len + 1;
		buf_add(out, word);
		if (rest.len > 0 && str_has_suffix(word, S("."))) {
			buf_add_ch(out, '\n');
			column = 0;
		}
	}
	buf_add_ch(out, '\n');
}

static void add_manual_option(struct buf *out, const struct option *o)
{
	buf_addf(out, ".It Ic %s No = Ar %s\n", o->name, type_name(o->type));
	add_mdoc(out, o->help);
	if (!o->value || !*o->value)
		return;
	bool bounded = o->min < o->max;
	buf_addf(out, "Default:\n.Ql %s%s\n", o->value, bounded ? " ," : " .");
	if (bounded)
		buf_addf(out, "from %lld to %lld%s.\n", (long long)o->min, (long long)o->max,
			 o->type == DURATION ? " milliseconds"
			 : o->type == SIZE   ? " bytes"
					     : "");
}

void config_print_manual(struct buf *out)
{
	for (const struct option *o = mirror_options; o->name; o++) {
		if (o->size > 0) {
			add_manual_option(out, o);
			continue;
		}
		buf_addf(out, "%s.Ss %s\n.Bl -tag -width Ds\n", o == mirror_options ? "" : ".El\n",
			 o->name);
	}
	buf_add_cstr(out, ".El\n");
}

void config_print_manual_sources(struct buf *out)
{
	buf_add_cstr(out, ".Bl -tag -width Ds\n");
	for (const struct option *o = source_options; o->name; o++)
		add_manual_option(out, o);
	buf_add_cstr(out, ".El\n");
}

static void add_list(struct buf *out, const char *name, const struct strs *list)
{
	if (list->count == 0)
		return;
	buf_addf(out, "\t%s = { ", name);
	for (size_t i = 0; i < list->count; i++) {
		buf_add_cstr(out, i ? ", " : "");
		add_quoted(out, list->items[i]);
	}
	buf_add_cstr(out, " }\n");
}

void config_print_text(struct buf *out, const char *name, struct str value)
{
	buf_addf(out, "%s = ", name);
	add_quoted(out, value);
}

static void add_text(struct buf *out, const char *name, struct str value)
{
	if (value.len == 0)
		return;
	buf_add_ch(out, '\t');
	config_print_text(out, name, value);
	buf_add_ch(out, '\n');
}

static void add_duration(struct buf *out, const char *name, int64_t ms)
{
	static const struct {
		const char *name;
		int64_t factor;
	} units[] = {
		{ "d", 86400000 }, { "h", 3600000 }, { "m", 60000 }, { "s", 1000 }, { "ms", 1 }
	};
	size_t i = 0;

	while (ms % units[i].factor != 0)
		i++;
	buf_addf(out, "\t%s = \"%lld%s\"\n", name, (long long)(ms / units[i].factor),
		 units[i].name);
}

void config_print_source(struct buf *out, const struct source *s)
{
	buf_addf(out, "source \"%.*s\" {\n", STR_FMT(s->key));
	add_text(out, "url", s->url);
	if (!str_eq(s->name, s->key))
		add_text(out, "name", s->name);
	if (!str_eq(s->category, s->name))
		add_text(out, "category", s->category);
	add_text(out, "home", s->home_url);
	if (s->kind != SOURCE_FEED)
		buf_addf(out, "\tkind = %s\n", kinds[s->kind].name);
	if (!s->look_again)
		buf_add_cstr(out, "\tlook_again = false\n");
	if (!s->full_text)
		buf_add_cstr(out, "\tfull_text = false\n");
	if (s->every_ms > 0)
		add_duration(out, "every", s->every_ms);
	if (s->zone_min != 0)
		buf_addf(out, "\tzone = \"%c%02d:%02d\"\n", s->zone_min < 0 ? '-' : '+',
			 abs(s->zone_min) / 60, abs(s->zone_min) % 60);
	add_list(out, "keep", &s->keep);
	add_list(out, "drop", &s->drop);
	add_text(out, "ignore_robots", s->ignore_robots);
	if (s->allow_private)
		buf_add_cstr(out, "\tallow_private = true\n");
	buf_add_cstr(out, "}\n");
}

int config_append_sources(const char *dir, const struct source *sources, size_t count,
			  struct err *err)
{
	struct arena a;
	struct buf text;
	struct err missing;
	int rc;

	arena_init(&a);
	buf_init(&text, CONFIG_MAX_BYTES);
	const char *path = path_join(&a, dir, "sources.conf");
	rc = file_read(path, &text, &missing);
	if (rc < 0 && rc != ERR_NOTFOUND) {
		*err = missing;
		goto out;
	}
	if (text.len > 0 && text.ptr[text.len - 1] != '\n')
		buf_add_ch(&text, '\n');
	for (size_t i = 0; i < count; i++) {
		if (text.len > 0)
			buf_add_ch(&text, '\n');
		config_print_source(&text, &sources[i]);
	}
	rc = buf_check(&text, err);
	if (rc == 0)
		rc = file_write(path, buf_str(&text), true, err);
out:
	buf_fini(&text);
	arena_fini(&a);
	return rc;
}

int config_set_unset(const char *dir, const char *name, struct str value, struct err *err)
{
	struct arena a;
	struct buf old, new;
	int changed = 0;

	arena_init(&a);
	buf_init(&old, CONFIG_MAX_BYTES);
	buf_init(&new, CONFIG_MAX_BYTES);
	const char *path = path_join(&a, dir, "dibao.conf");
	struct str unset = arena_strf(&a, "#%s = ", name);
	int rc = file_read(path, &old, err);
	for (struct str rest = buf_str(&old), line; rc == 0 && str_split(&rest, '\n', &line);) {
		if (str_has_prefix(line, unset) && changed++ == 0)
			config_print_text(&new, name, value);
		else
			buf_add(&new, line);
		buf_add_ch(&new, '\n');
	}
	if (rc == 0 && changed && (rc = buf_check(&new, err)) == 0)
		rc = file_write(path, buf_str(&new), true, err);
	buf_fini(&new);
	buf_fini(&old);
	arena_fini(&a);
	return rc < 0 ? rc : changed > 0;
}
