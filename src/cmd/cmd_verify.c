/* dibao verify: is everything there, and whole? */
#include <stdio.h>

#include "blob/blob.h"
#include "cmd/cmd.h"
#include "store/store.h"
#include "text/json.h"

const struct cmd_option cmd_verify_options[] = {
	{ "json", OPTION_FLAG, NULL, "print what is damaged as JSON" },
	{ 0 },
};

static void show_progress(void *arg, int64_t done, int64_t all)
{
	(void)arg;
	fprintf(stderr, "\rverify: %lld of %lld", (long long)done,
		(long long)(all > done ? all : done));
}

static void print_json(const struct store_damage *damages, size_t count)
{
	struct buf out;
	struct json j;

	buf_init(&out, BUF_NO_MAX);
	json_start(&j, &out, 2);
	json_begin_object(&j);
	json_add_key(&j, S("damages"));
	json_begin_array(&j);
	for (size_t i = 0; i < count; i++)
		json_add_str(&j, damages[i].what);
	json_end(&j);
	json_end(&j);
	printf("%.*s\n", STR_FMT(buf_str(&out)));
	buf_fini(&out);
}

static int verify(struct cmd_context *ctx, struct store *store, struct blob *blobs, bool json)
{
	struct store_damage *damages;
	struct store_query all = { 0 };
	size_t count;
	int64_t articles = 0;
	struct err err;

	int rc = store_verify(store, blobs, ctx->arena, ctx->progress ? show_progress : NULL, NULL,
			      &damages, &count, &err);
	if (ctx->progress)
		fprintf(stderr, "\r\x1b[K");
	if (rc < 0)
		return cmd_fail(&err);
	if (json)
		print_json(damages, count);
	for (size_t i = 0; i < count && !json; i++)
		printf("%.*s\n", STR_FMT(damages[i].what));
	if (count) {
		fprintf(stderr, "dibao: %zu damaged\n", count);
		return EXIT_DAMAGE;
	}
	if (!json && store_count(store, &all, &articles, &err) == 0)
		printf("%lld articles, nothing damaged\n", (long long)articles);
	return EXIT_DONE;
}

int cmd_verify(struct cmd_context *ctx, int argc, char **argv)
{
	struct cmd_args args;
	struct config config;
	struct store *store;
	struct blob *blobs;
	struct err err;
	int status = cmd_options(ctx, argc, argv, &args);

	if (status < 0 && args.word_count > 0)
		status = cmd_usage(ctx, "no argument is taken: %s", args.words[0]);
	if (status < 0)
		status = cmd_config(ctx, &config);
	if (status < 0)
		status = cmd_store(ctx, &config, false, &store);
	if (status >= 0)
		return status;
	if (blob_open(cmd_path(ctx, config.blobs), &blobs, &err) < 0) {
		status = cmd_fail(&err);
	} else {
		status = verify(ctx, store, blobs, cmd_flag(&args, "json"));
		blob_close(&blobs);
	}
	store_close(&store);
	return status;
}
