/*
 * A reader: bytes to UTF-8, detection, and the choice of the tokenizer. Well-formed XML goes
 * through expat. Where it turns out not to be well-formed, the liberal tokenizer takes over behind
 * the last entry that was given, with the elements that were open there; what expat had read of the
 * entry under way is read again. See docs/feed.md.
 */
#include "feed/feed.h"

#include <string.h>

#include "base/mem.h"
#include "feed/rules.h"
#include "text/charset.h"
#include "text/utf8.h"

enum { QUICK_LOOK = 64 << 10 };

static bool says_utf8(struct str label)
{
	return !label.len || str_eq_nocase(label, S("utf-8")) || str_eq_nocase(label, S("utf8"));
}

/*
 * Whether the bytes may go to expat as they are: nobody says they are anything but UTF-8, and their
 * beginning is. What is no UTF-8 further on expat will find; then the rest is looked at as a whole
 * (go_liberal).
 */
static bool looks_like_utf8(struct str bytes, struct str header_label, struct str document_label)
{
	struct str head = utf8_cut(str_sub(bytes, 0, QUICK_LOOK), QUICK_LOOK - 8);

	return bytes.len > QUICK_LOOK && says_utf8(header_label) && says_utf8(document_label) &&
	       str_find_ch(head, '\0') == STR_NONE && utf8_valid(head);
}

static struct str to_utf8(struct feed *f, struct str bytes)
{
	struct charset charset;
	struct str text =
		charset_to_utf8(&f->own, bytes, charset_of_content_type(f->opt.content_type),
				charset_of_xml(bytes), &charset);

	f->info.encoding = arena_cstr(&f->own, charset.name);
	f->info.malformed = f->info.malformed || charset.damaged;
	return text;
}

int feed_open(struct str bytes, const struct feed_options *opt, struct feed **out, struct err *err)
{
	struct feed *f = mem_alloc(sizeof(*f));
	int ret;

	*out = NULL;
	arena_init(&f->own);
	buf_init(&f->names, BUF_NO_MAX);
	buf_init(&f->collected, BUF_NO_MAX);
	feed_index_rules(f);
	f->opt = *opt;
	f->base = arena_str(&f->own, str_trim(opt->base));
	f->info.ttl_s = -1;
	f->info.updated = TIME_UNSTATED;
	f->entity_budget = 1 << 20;
	f->unchecked = looks_like_utf8(bytes, charset_of_content_type(opt->content_type),
				       charset_of_xml(bytes));
	f->text = f->unchecked ? bytes : to_utf8(f, bytes);
	if (f->unchecked)
		f->info.encoding = "UTF-8";
	if (f->unchecked && str_has_prefix(bytes, S("\xEF\xBB\xBF")))
		f->text = str_from(bytes, 3);
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
	f->head = str_sub(f->root, 0, f->checkpoint);
	f->root = str_from(f->root, f->checkpoint);
	f->pos = 0;
	if (f->unchecked) /* what was given so far was UTF-8,
	  so it has to be decided for the rest only */
		f->root = to_utf8(f, f->root);
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
