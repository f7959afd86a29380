/*
 * dibao completion: the scripts that complete commands, options and source keys in a shell, from
 * the command table. Source keys are read from sources.conf by the script itself, so that a key
 * typed is a key completed.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "cmd/cmd.h"

const struct cmd_option cmd_completion_options[] = { { 0 } };

/* What the words of a command are, told from its usage line. */
enum words { WORDS_NONE, WORDS_FILE, WORDS_DIR, WORDS_SOURCE, WORDS_LIST };

static enum words words_of(const struct cmd *c)
{
	struct str args = str_of(c->args);

	if (str_contains(args, S("SOURCE")))
		return WORDS_SOURCE;
	if (str_contains(args, S("DIR")))
		return WORDS_DIR;
	if (str_contains(args, S("FILE")) || str_contains(args, S("PATH")))
		return WORDS_FILE;
	return WORDS_NONE;
}

/* The words a command's first argument is one of; NULL: open. */
static const char *choices_of(const struct cmd *c)
{
	static const struct {
		const char *name, *choices;
	} known[] = {
		{ "completion", "bash zsh fish" },
		{ "export", "jekyll json opml" },
		{ "import", "opml subs jekyll" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].name, c->name) == 0)
			return known[i].choices;
	return NULL;
}

/* Inside single quotes; [ ] : are zsh's own in its specs. */
static void add_quoted(struct buf *b, const char *text, const char *escape)
{
	for (const char *p = text; *p; p++) {
		if (*p == '\'')
			buf_add_cstr(b, "'\\''");
		else if (strchr(escape, *p))
			buf_addf(b, "\\%c", *p);
		else
			buf_add_ch(b, *p);
	}
}

#define KEYS "sed -n 's/^source \"\\([a-z0-9-]*\\)\".*/\\1/p' \"$dir/sources.conf\" 2>/dev/null"

static void add_bash(struct buf *b)
{
	buf_add_cstr(b, "# bash completion of dibao, made by `dibao completion bash`\n_dibao()\n{\n"
			"\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
			"\tlocal i=1 dir=. cmd=\"\" words=\"\" kind=\"\"\n"
			"\twhile [ \"$i\" -lt \"$COMP_CWORD\" ]; do\n\t\tcase ${COMP_WORDS[i]} in\n"
			"\t\t-C) i=$((i + 1)); dir=${COMP_WORDS[i]} ;;\n\t\t-*) ;;\n"
			"\t\t*) cmd=${COMP_WORDS[i]}; break ;;\n\t\tesac\n\t\ti=$((i + "
			"1))\n\tdone\n\tCOMPREPLY=()\n"
			"\tif [ \"$prev\" = -C ] && [ -z \"$cmd\" ]; then\n"
			"\t\tmapfile -t COMPREPLY < <(compgen -d -- "
			"\"$cur\")\n\t\treturn\n\tfi\n\tcase $cmd in\n");
	buf_add_cstr(b, "\t'') words='-C -h --help -V --version");
	for (const struct cmd *c = cmd_table; c->name; c++)
		buf_addf(b, " %s", c->name);
	buf_add_cstr(b, "' ;;\n");
	for (const struct cmd *c = cmd_table; c->name; c++) {
		static const char *const kinds[] = { [WORDS_NONE] = "",
						     [WORDS_FILE] = "file",
						     [WORDS_DIR] = "dir",
						     [WORDS_SOURCE] = "source" };

		buf_addf(b, "\t%s) kind='%s' words='%s", c->name, kinds[words_of(c)],
			 choices_of(c) ? choices_of(c) : "");
		for (const struct cmd_option *o = c->options; o && o->name; o++)
			buf_addf(b, " --%s", o->name);
		buf_add_cstr(b, " --help' ;;\n");
	}
	buf_add_cstr(b, "\tesac\n\tcase $prev in\n");
	for (const struct cmd *c = cmd_table; c->name; c++)
		for (const struct cmd_option *o = c->options; o && o->name; o++)
			if (o->kind != OPTION_FLAG && strcmp(o->value, "DIR") == 0)
				buf_addf(b, "\t--%s) kind=dir words= ;;\n", o->name);
	buf_add_cstr(b,
		     "\t--source) kind=source words= ;;\n\tesac\n"
		     "\tcase $kind in\n\tsource) words=\"$words $(" KEYS ")\" ;;\n"
		     "\tfile) mapfile -t COMPREPLY < <(compgen -f -- \"$cur\") ;;\n"
		     "\tdir) mapfile -t COMPREPLY < <(compgen -d -- \"$cur\") ;;\n\tesac\n"
		     "\tlocal more\n\tmapfile -t more < <(compgen -W \"$words\" -- \"$cur\")\n"
		     "\tCOMPREPLY+=(\"${more[@]}\")\n}\ncomplete -o filenames -F _dibao dibao\n");
}

static void add_zsh_command(struct buf *b, const struct cmd *c)
{
	static const char *const rest[] = {
		[WORDS_NONE] = "",
		[WORDS_FILE] = " '*:file:_files'",
		[WORDS_DIR] = " '*:directory:_files -/'",
		[WORDS_SOURCE] = " '*:source:_dibao_sources'",
	};

	buf_addf(b, "\t\t%s)\n\t\t\t_arguments '(-h --help)'{-h,--help}'[show the help]'", c->name);
	for (const struct cmd_option *o = c->options; o && o->name; o++) {
		buf_addf(b, " \\\n\t\t\t\t'%s--%s%s[", o->kind == OPTION_FLAG ? "" : "*", o->name,
			 o->kind == OPTION_FLAG ? "" : "=");
		add_quoted(b, o->help, "[]:\\");
		buf_add_ch(b, ']');
		if (o->kind != OPTION_FLAG) {
			buf_add_ch(b, ':');
			add_quoted(b, o->value, "[]:\\");
			buf_add_cstr(b, strcmp(o->name, "source") == 0 ? ":_dibao_sources"
					: strcmp(o->value, "DIR") == 0 ? ":_files -/"
								       : ":");
		}
		buf_add_ch(b, '\'');
	}
	if (choices_of(c))
		buf_addf(b, " \\\n\t\t\t\t'1:what:(%s)'", choices_of(c));
	if (*rest[words_of(c)])
		buf_addf(b, " \\\n\t\t\t\t%s", rest[words_of(c)] + 1);
	buf_add_cstr(b, " ;;\n");
}

static void add_zsh(struct buf *b)
{
	buf_add_cstr(b,
		     "#compdef dibao\n# zsh completion of dibao, made by `dibao completion zsh`\n\n"
		     "_dibao_sources() {\n\tlocal dir=${dibao_dir:-.}\n\tlocal -a keys\n"
		     "\tkeys=(${(f)\"$(" KEYS ")\"})\n\t_describe source keys\n}\n\n"
		     "_dibao() {\n\tlocal context state line\n\ttypeset -A opt_args\n\tlocal -a "
		     "commands\n\tcommands=(\n");
	for (const struct cmd *c = cmd_table; c->name; c++) {
		buf_addf(b, "\t\t'%s:", c->name);
		add_quoted(b, c->summary, ":\\");
		buf_add_cstr(b, "'\n");
	}
	buf_add_cstr(b,
		     "\t)\n\t_arguments -C '-C[work on the mirror in DIR]:directory:_files -/' \\\n"
		     "\t\t'(-h --help)'{-h,--help}'[show the help]' \\\n"
		     "\t\t'(-V --version)'{-V,--version}'[show the version]' \\\n"
		     "\t\t'1: :->command' '*:: :->rest'\n"
		     "\tlocal dibao_dir=${(Q)opt_args[-C]:-.}\n"
		     "\tcase $state in\n\tcommand) _describe command commands ;;\n"
		     "\trest)\n\t\tcase $words[1] in\n");
	for (const struct cmd *c = cmd_table; c->name; c++)
		add_zsh_command(b, c);
	buf_add_cstr(b, "\t\tesac ;;\n\tesac\n}\n\nif [ \"$funcstack[1]\" = _dibao ]; "
			"then\n\t_dibao \"$@\"\n"
			"else\n\tcompdef _dibao dibao\nfi\n");
}

static void add_fish_command(struct buf *b, const struct cmd *c)
{
	buf_addf(b, "complete -c dibao -n __fish_use_subcommand -a %s -d '", c->name);
	add_quoted(b, c->summary, "");
	buf_add_cstr(b, "'\n");
	for (const struct cmd_option *o = c->options; o && o->name; o++) {
		buf_addf(b, "complete -c dibao -n '__fish_seen_subcommand_from %s' -l %s%s -d '",
			 c->name, o->name,
			 o->kind == OPTION_FLAG           ? ""
			 : strcmp(o->name, "source") == 0 ? " -x -a '(__dibao_sources)'"
			 : strcmp(o->value, "DIR") == 0   ? " -r -a '(__fish_complete_directories)'"
							  : " -x");
		add_quoted(b, o->help, "");
		buf_add_cstr(b, "'\n");
	}
	if (choices_of(c))
		buf_addf(b, "complete -c dibao -n '__fish_seen_subcommand_from %s' -a '%s'\n",
			 c->name, choices_of(c));
	if (words_of(c) == WORDS_SOURCE)
		buf_addf(b,
			 "complete -c dibao -n '__fish_seen_subcommand_from %s' -a "
			 "'(__dibao_sources)'\n",
			 c->name);
	if (words_of(c) == WORDS_FILE || words_of(c) == WORDS_DIR)
		buf_addf(b, "complete -c dibao -n '__fish_seen_subcommand_from %s' -F\n", c->name);
}

static void add_fish(struct buf *b)
{
	buf_add_cstr(b,
		     "# fish completion of dibao, made by `dibao completion fish`\n"
		     "function __dibao_sources\n\tset -l dir .\n\tset -l words (commandline -opc)\n"
		     "\tif set -l i (contains -i -- -C $words)\n\t\tset dir $words[(math $i + "
		     "1)]\n\tend\n"
		     "\t" KEYS "\nend\n\ncomplete -c dibao -f\n"
		     "complete -c dibao -n __fish_use_subcommand -s C -r -a "
		     "'(__fish_complete_directories)' "
		     "-d 'work on the mirror in DIR'\n"
		     "complete -c dibao -s h -l help -d 'show the help'\n"
		     "complete -c dibao -n __fish_use_subcommand -s V -l version -d 'show the "
		     "version'\n");
	for (const struct cmd *c = cmd_table; c->name; c++)
		add_fish_command(b, c);
}

int cmd_completion(struct cmd_context *ctx, int argc, char **argv)
{
	static const struct {
		const char *shell;
		void (*add)(struct buf *b);
	} shells[] = { { "bash", add_bash }, { "zsh", add_zsh }, { "fish", add_fish } };
	struct cmd_args args;
	struct buf b;
	int status = cmd_options(ctx, argc, argv, &args);

	if (status >= 0)
		return status;
	if (args.word_count != 1)
		return cmd_usage(ctx, "one shell is named: bash, zsh or fish");
	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
		if (strcmp(args.words[0], shells[i].shell) != 0)
			continue;
		buf_init(&b, BUF_NO_MAX);
		shells[i].add(&b);
		cmd_print(buf_str(&b));
		buf_fini(&b);
		return EXIT_DONE;
	}
	return cmd_usage(ctx, "no shell %s: bash, zsh or fish", args.words[0]);
}
