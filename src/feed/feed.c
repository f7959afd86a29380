/*
 * A reader: bytes to UTF-8, detection, and the choice of the tokenizer. Well-formed XML goes
 * through expat. Where it turns out not to be well-formed, the liberal tokenizer takes over behind
 * the last entry that was given, with the elements that were open there; what expat had read of the
 * entry under way is read again. See docs/feed.md.
 */
#include "feed/feed.h"

#include <string.h>

#include "base/mem.h"
#include "feed/private.h"
#include "text/charset.h"

int feed_open(struct str bytes, const struct feed_options *opt, struct feed **out, struct err *err)
{
	struct feed *f = mem_alloc(sizeof(*f));
	struct charset charset;
	int ret;

	*out = NULL;
	arena_init(&f->own);
	buf_init(&f->names, BUF_NO_MAX);
	buf_init(&f->collected, BUF_NO_MAX);
	f->opt = *opt;
	f->base = arena_str(&f->own, str_trim(opt->base));
	f->info.ttl_s = -1;
	f->info.updated = TIME_UNSTATED;
	f->entity_budget = 1 << 20;
	f->text = charset_to_utf8(&f->own, bytes, charset_of_content_type(opt->content_type),
				  charset_of_xml(bytes), &charset);
	f->info.encoding = arena_cstr(&f->own, charset.name);
	f->info.malformed = charset.damaged;
	ret = feed_detect(f, bytes, err);
	if (ret < 0) {
		feed_close(&f);
		return ret;
	}
	*out = f;
	return 0;
}

/* From where the last whole entry ended, with what was open there. */
static void go_liberal(struct feed *f)
{
	feed_expat_free(f);
	f->liberal = true;
	f->info.malformed = true;
	f->pos = f->checkpoint;
	f->depth = f->checkpoint_depth;
	f->lost_depth = 0;
	buf_truncate(&f->names, f->checkpoint_names);
	f->binding_count = f->checkpoint_bindings;
	f->collect_depth = 0;
	f->entry = NULL;
	f->entry_done = false;
}

static int next_xml(struct feed *f)
{
	int got = f->liberal ? feed_liberal_next(f) : feed_expat_next(f);

	if (got >= 0)
		return got;
	go_liberal(f);
	return feed_liberal_next(f);
}

int feed_next(struct feed *f, struct arena *mem, struct entry *out, struct err *err)
{
	struct entry entry;
	int got;

	if (f->entry_count >= FEED_MAX_ENTRIES)
		return err_set(err, ERR_LIMIT, "more than %d entries", (int)FEED_MAX_ENTRIES);
	f->mem = mem;
	f->entry_done = false;
	f->entry = NULL;
	*out = entry = (struct entry){ 0 };
	if (f->json)
		got = feed_json_next(f);
	else
		got = next_xml(f);
	if (got == 0) {
		f->mem = NULL;
		feed_finish_info(f);
		return 0;
	}
	*out = *f->entry;
	f->entry = NULL;
	f->entry_count++;
	return 1;
}

const struct feed_info *feed_info(const struct feed *f)
{
	return &f->info;
}

void feed_close(struct feed **f)
{
	if (!*f)
		return;
	feed_expat_free(*f);
	buf_fini(&(*f)->names);
	buf_fini(&(*f)->collected);
	arena_fini(&(*f)->own);
	mem_free(*f);
	*f = NULL;
}
