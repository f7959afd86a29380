/*
 * tables - what the manuals and example files say of commands and options, out of the program's own
 * tables. script/make-docs puts it in its places.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "config.h"

/* A sentence for mdoc: capital and stop. */
static void add_sentence(struct buf *out, const char *text)
{
	char first = text[0];

	if (first >= 'a' && first <= 'z')
		first = (char)(first - 'a' + 'A');
	buf_addf(out, "%c%s.\n", first, text + 1);
}

/* "[FORMAT] PATH" as mdoc macros. */
static void add_arguments(struct buf *out, const char *args)
{
	struct str rest = str_of(args), word;

	while (str_split(&rest, ' ', &word)) {
		size_t closing = 0;

		for (; word.len > 0 && word.ptr[0] == '['; word = str_from(word, 1))
			buf_add_cstr(out, " Oo");
		while (word.len > closing && word.ptr[word.len - 1 - closing] == ']')
			closing++;
		if (str_has_suffix(word, S("]...")))
			buf_addf(out, " Ar %.*s Oc Ns ...",
				 STR_FMT(str_sub(word, 0, word.len - 4)));
		else
			buf_addf(out, " Ar %.*s", STR_FMT(str_sub(word, 0, word.len - closing)));
		while (closing-- > 0)
			buf_add_cstr(out, " Oc");
	}
	buf_add_ch(out, '\n');
}

static void add_commands(struct buf *out)
{
	buf_add_cstr(out, ".Bl -tag -width Ds\n");
	for (const struct cmd *c = cmd_table; c->name; c++) {
		buf_addf(out, ".It Cm %s", c->name);
		if (c->options && c->options->name)
			buf_add_cstr(out, " Oo Ar option ... Oc");
		add_arguments(out, c->args);
		add_sentence(out, c->summary);
		if (!c->options || !c->options->name)
			continue;
		buf_add_cstr(out, ".Bl -tag -width Ds -compact\n");
		for (const struct cmd_option *o = c->options; o->name; o++) {
			buf_addf(out, ".It Fl -%s", o->name);
			if (o->kind != OPTION_FLAG)
				buf_addf(out, " Ar %s", o->value);
			buf_add_ch(out, '\n');
			add_sentence(out, o->help);
		}
		buf_add_cstr(out, ".El\n");
	}
	buf_add_cstr(out, ".El\n");
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*print)(struct buf *out);
	} tables[] = {
		{ "commands", add_commands },
		{ "options", config_print_manual },
		{ "source-options", config_print_manual_sources },
		{ "example", config_print_default },
	};
	struct buf out;

	for (size_t i = 0; argc == 2 && i < sizeof(tables) / sizeof(tables[0]); i++) {
		if (strcmp(argv[1], tables[i].name) != 0)
			continue;
		buf_init(&out, BUF_NO_MAX);
		tables[i].print(&out);
		fwrite(out.ptr, 1, out.len, stdout);
		buf_fini(&out);
		return 0;
	}
	fprintf(stderr, "usage: tables commands|options|source-options|example\n");
	return 2;
}
