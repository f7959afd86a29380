/*
 * cmd - the commands, one file each, and the table that names them.
 *
 * From the table come the help, the completions and the list in dibao(1). A command reads its
 * options with cmd_options, prints results on standard output and returns an exit status.
 */
#ifndef DIBAO_CMD_CMD_H
#define DIBAO_CMD_CMD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "config.h"

enum exit_status {
	EXIT_DONE = 0,
	EXIT_FAILED = 1, /* one line on standard error says why */
	EXIT_USAGE = 2,
	EXIT_PARTLY = 3, /* some sources failed: each is named */
	EXIT_DAMAGE = 4, /* verify */
	EXIT_IN_USE = 75
};

enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_NUMBER };

struct cmd_option {
	const char *name; /* without "--" */
	enum option_kind kind;
	const char *value; /* what the help calls its value: "ADDR:PORT" */
	const char *help;
};

/* What every command gets. */
struct cmd_context {
	struct arena *arena; /* lives as long as the command */
	const char *dir;     /* the mirror: -C DIR, else "." */
	const struct cmd *cmd;
	bool color;             /* standard output is a terminal and NO_COLOR is unset */
	bool progress;          /* standard error is a terminal */
	const atomic_int *stop; /* set by SIGINT and SIGTERM */
	atomic_int *reload;     /* set by SIGHUP, for run */
};

struct cmd {
	const char *name;
	const char *args;                 /* "URL... " for the usage line */
	const char *summary;              /* "follow a source: ..." */
	const struct cmd_option *options; /* ended by a NULL name; may be NULL */
	int (*run)(struct cmd_context *ctx, int argc,
		   char **argv); /* argv[0] is the command's name */
};

/* Before everything else: what the libraries below want to know before there are threads. */
void cmd_start_up(void);

/* All commands, in the order of the help; ended by a NULL name. */
extern const struct cmd cmd_table[];
const struct cmd *cmd_find(struct str name);
const struct cmd *cmd_nearest(struct str name); /* what was meant, or NULL */

/* One parsed option's value. */
struct cmd_value {
	const char *name;
	const char *text;
	int64_t number;
};
struct cmd_args {
	struct cmd_value *values;
	size_t value_count;
	char **words; /* what is no option, in order */
	size_t word_count;
};
/*
 * Reads argv by ctx->cmd->options: --name VALUE, --name=VALUE, "--" ends. -1 to go on; otherwise
 * the exit status to end with (help was printed, or the call was wrong and was told so).
 */
int cmd_options(struct cmd_context *ctx, int argc, char **argv, struct cmd_args *out);
bool cmd_flag(const struct cmd_args *args, const char *name);
const char *cmd_text(const struct cmd_args *args,
		     const char *name); /* NULL: not given; the last wins */
int64_t cmd_number(const struct cmd_args *args, const char *name, int64_t otherwise);
/* All values of an option that may be given more than once, in order. */
size_t cmd_texts(const struct cmd_args *args, const char *name, const char **out, size_t max);

/* Prints "dibao: ..." and gives the status for err: EXIT_IN_USE for ERR_AGAIN, else EXIT_FAILED. */
int cmd_fail(const struct err *err);
/* To standard output. */
void cmd_print(struct str text);
/* "dibao: COMMAND: ..." and a pointer to --help; EXIT_USAGE. */
int cmd_usage(const struct cmd_context *ctx, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Settings of the mirror in ctx->dir. -1 to go on, else the status (told). */
int cmd_config(struct cmd_context *ctx, struct config *out);

/* A path named by the settings, which starts in the mirror unless it is absolute. */
char *cmd_path(struct cmd_context *ctx, struct str name);
/*
 * For a command that writes: takes the mirror until the process ends. -1 to go on, else the status
 * (EXIT_IN_USE: told who has it).
 */
int cmd_lock(struct cmd_context *ctx);

struct store;
struct store_options;
/*
 * What a command that shows something of the store does: opens settings and store, lets `add`
 * append to a buffer, and prints that only where it could be made; the status.
 */
int cmd_show_of_store(struct cmd_context *ctx, const struct cmd_args *args,
		      int (*add)(struct cmd_context *ctx, const struct cmd_args *args,
				 const struct config *config, struct store *store, struct buf *out,
				 struct err *err));

/* "no source KEY in sources.conf", with the nearest there is; the status. */
int cmd_no_source(struct cmd_context *ctx, const struct config *config, struct str key);

/* extract --again: articles of the sources named (none: all) made anew from the captures kept; the
 * status. */
int cmd_extract_again(struct cmd_context *ctx, const struct cmd_args *args);
/* store_open; what an older dibao made is brought up to date first, where it is only read, too. */
int cmd_open_store(struct cmd_context *ctx, const struct store_options *opt, struct store **out,
		   struct err *err);
/* The mirror's store. -1 to go on, else the status (told). */
int cmd_store(struct cmd_context *ctx, const struct config *config, bool write, struct store **out);
/* What the site is made with, by the settings. */
struct site_options;
void cmd_site(struct cmd_context *ctx, const struct config *config, struct site_options *out);

/*
 * What --from and --to say: the instant the first day, month or year begins, and the one the last
 * is over; TIME_UNSTATED where they are not given. -1, or the status of a wrong call.
 */
int cmd_days(struct cmd_context *ctx, const struct cmd_args *args, int zone_min, int64_t *from,
	     int64_t *to);

/* Writes an article as a JSON Feed item (cli.md). */
struct json;
struct article;
void cmd_json_article(struct json *j, const struct article *art);
/* The same of one page of `extract --batch`: its path, and what was wrong with it (empty: nothing).
 */
void cmd_json_page(struct json *j, const struct article *art, struct str path, struct str error);

int cmd_init(struct cmd_context *ctx, int argc, char **argv);
int cmd_add(struct cmd_context *ctx, int argc, char **argv);
int cmd_import(struct cmd_context *ctx, int argc, char **argv);
int cmd_update(struct cmd_context *ctx, int argc, char **argv);
int cmd_build(struct cmd_context *ctx, int argc, char **argv);
int cmd_serve(struct cmd_context *ctx, int argc, char **argv);
int cmd_run(struct cmd_context *ctx, int argc, char **argv);
int cmd_search(struct cmd_context *ctx, int argc, char **argv);
int cmd_list(struct cmd_context *ctx, int argc, char **argv);
int cmd_show(struct cmd_context *ctx, int argc, char **argv);
int cmd_diff(struct cmd_context *ctx, int argc, char **argv);
int cmd_status(struct cmd_context *ctx, int argc, char **argv);
int cmd_verify(struct cmd_context *ctx, int argc, char **argv);
int cmd_export(struct cmd_context *ctx, int argc, char **argv);
int cmd_feed(struct cmd_context *ctx, int argc, char **argv);
int cmd_extract(struct cmd_context *ctx, int argc, char **argv);
int cmd_sanitize(struct cmd_context *ctx, int argc, char **argv);
int cmd_completion(struct cmd_context *ctx, int argc, char **argv);

extern const struct cmd_option cmd_init_options[], cmd_add_options[], cmd_import_options[],
	cmd_update_options[], cmd_build_options[], cmd_serve_options[], cmd_run_options[],
	cmd_search_options[], cmd_list_options[], cmd_show_options[], cmd_diff_options[],
	cmd_status_options[], cmd_verify_options[], cmd_export_options[], cmd_feed_options[],
	cmd_extract_options[], cmd_sanitize_options[], cmd_completion_options[];

#endif
