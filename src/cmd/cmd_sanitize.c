/* dibao sanitize [--base URL] FILE|-: the HTML that is safe to publish */
#include "cmd/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/sandbox.h"
#include "page/sanitize.h"
#include "text/url.h"

const struct cmd_option cmd_sanitize_options[] = {
	{ "base", OPTION_TEXT, "URL", "what relative addresses resolve against" },
	{ 0 },
};

static int print(struct str s, struct err *err)
{
	if ((s.len && fwrite(s.ptr, 1, s.len, stdout) != s.len) || fflush(stdout) != 0)
		return err_set(err, ERR_IO, "standard output: %s", strerror(errno));
	return 0;
}

int cmd_sanitize(struct cmd_context *ctx, int argc, char **argv)
{
	struct sanitizer *s = NULL;
	struct cmd_args args;
	struct buf in, out;
	struct str base;
	struct err err;
	int status = cmd_options(ctx, argc, argv, &args);

	if (status >= 0)
		return status;
	if (args.word_count != 1)
		return cmd_usage(ctx, "one FILE, or - for standard input");
	base = str_of(cmd_text(&args, "base"));
	if (base.len && !url_is_http(base))
		return cmd_usage(ctx, "--base wants an http or https URL, not \"%.*s\"",
				 STR_FMT(base));
	buf_init(&in, SANITIZE_MAX_BYTES);
	buf_init(&out, BUF_NO_MAX);
	if (file_read(args.words[0], &in, &err) < 0 || sandbox_parser(&err) < 0)
		goto fail;
	s = sanitize_new();
	if (sanitize_html(s, buf_str(&in), base, &out, &err) < 0) {
		err_wrap(&err, "%s", args.words[0]);
		goto fail;
	}
	if (out.len && out.ptr[out.len - 1] != '\n')
		buf_add_ch(&out, '\n');
	if (print(buf_str(&out), &err) < 0)
		goto fail;
	status = EXIT_DONE;
	goto out;
fail:
	status = cmd_fail(&err);
out:
	sanitize_free(&s);
	buf_fini(&in);
	buf_fini(&out);
	return status;
}
