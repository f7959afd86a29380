/*
 * main - from argv to a command: global options, signals, exit status.
 */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"

static atomic_int reload; /* set by SIGHUP; a command that lives long puts it back */
static atomic_int stop;   /* set once, by a signal; commands look at it between two steps */

static void on_signal(int sig)
{
	(void)sig;
	if (stop)
		_exit(EXIT_FAILED); /* the second Ctrl-C: whatever is committed is durable */
	stop = 1;
}

static void on_reload(int sig)
{
	(void)sig;
	reload = 1;
}

static void take_signals(const struct cmd *cmd)
{
	struct sigaction act = { .sa_handler = on_signal };

	sigemptyset(&act.sa_mask);
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	if (cmd->run == cmd_run) {
		act.sa_handler = on_reload;
		sigaction(SIGHUP, &act, NULL);
	}
	act.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &act, NULL);
}

static void print_help(FILE *f)
{
	fprintf(f, "usage: dibao [-C DIR] COMMAND [ARGUMENT...]\n\n"
		   "dibao follows news sources, keeps every article and revision, and publishes "
		   "the mirror.\n\n");
	for (const struct cmd *c = cmd_table; c->name; c++)
		fprintf(f, "  %-12s %s\n", c->name, c->summary);
	fprintf(f, "\n  -C DIR         work on the mirror in DIR, not the one here\n"
		   "  -h, --help     this help; `dibao COMMAND --help` for a command's\n"
		   "  -V, --version  the version\n");
}

static int fail_usage(const char *what, const char *word)
{
	fprintf(stderr, "dibao: %s%s (dibao --help)\n", what, word);
	return EXIT_USAGE;
}

static int fail_command(const char *word)
{
	const struct cmd *near = cmd_nearest(str_of(word));

	if (!near)
		return fail_usage("no command ", word);
	fprintf(stderr, "dibao: no command %s; did you mean %s? (dibao --help)\n", word,
		near->name);
	return EXIT_USAGE;
}

/*
 * A full disk shows here at the latest: what was printed is then not whole. A reader that has gone
 * (head) has what it wanted.
 */
static int finish_output(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	if (errno == EPIPE)
		return status;
	fprintf(stderr, "dibao: standard output could not be written\n");
	return status == EXIT_DONE ? EXIT_FAILED : status;
}

int main(int argc, char **argv)
{
	struct arena arena;
	struct cmd_context ctx = { .arena = &arena, .dir = ".", .stop = &stop, .reload = &reload };
	int i = 1;

	for (; i < argc && argv[i][0] == '-'; i++) {
		if (strcmp(argv[i], "-h") == 0 || strcmp(argv[i], "--help") == 0) {
			print_help(stdout);
			return finish_output(EXIT_DONE);
		}
		if (strcmp(argv[i], "-V") == 0 || strcmp(argv[i], "--version") == 0) {
			printf("dibao %s\n", DIBAO_VERSION);
			return finish_output(EXIT_DONE);
		}
		if (strcmp(argv[i], "-C") != 0)
			return fail_usage("no option ", argv[i]);
		if (++i >= argc)
			return fail_usage("-C needs a directory", "");
		ctx.dir = argv[i];
	}
	if (i >= argc) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	ctx.cmd = cmd_find(str_of(argv[i]));
	if (!ctx.cmd)
		return fail_command(argv[i]);
	cmd_start_up();
	take_signals(ctx.cmd);
	ctx.color = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
	ctx.progress = isatty(STDERR_FILENO);
	arena_init(&arena);
	int status = ctx.cmd->run(&ctx, argc - i, argv + i);
	arena_fini(&arena);
	return finish_output(status);
}
