/*
 * Whatever the bytes: every entry has an id, every string is UTF-8, the liberal tokenizer reads the
 * same bytes to an end as well. The first byte chooses the Content-Type and the tokenizer.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "feed/private.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct str s)
{
	if (!utf8_valid(s))
		abort();
}

static void check_entry(const struct entry *e)
{
	if (!e->id.len)
		abort();
	check(e->id);
	check(e->link);
	check(e->title);
	check(e->summary);
	check(e->content_html);
	check(e->content_text);
	check(e->image);
	check(e->language);
	for (size_t i = 0; i < e->authors.count; i++)
		check(e->authors.items[i].name);
	for (size_t i = 0; i < e->tags.count; i++)
		check(e->tags.items[i]);
	for (size_t i = 0; i < e->attachments.count; i++)
		check(e->attachments.items[i].url);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct str types[4] = { STR(""), STR("text/xml; charset=gbk"), STR("text/xml"),
					     STR("application/xml; charset=utf-16") };
	struct feed_options opt = { .base = STR("http://example.org/feed") };
	struct arena mem;
	struct entry e;
	struct feed *f;
	struct err err;

	if (size == 0)
		return 0;
	opt.content_type = types[data[0] & 3];
	if (feed_open(str_n((const char *)data + 1, size - 1), &opt, &f, &err) < 0)
		return 0;
	f->liberal = (data[0] & 4) && !f->json;
	arena_init(&mem);
	while (feed_next(f, &mem, &e, &err) > 0) {
		check_entry(&e);
		arena_reset(&mem);
	}
	check(feed_info(f)->title);
	check(feed_info(f)->home_page_url);
	check(feed_info(f)->description);
	feed_close(&f);
	arena_fini(&mem);
	return 0;
}
