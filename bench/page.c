/*
 * page - what an extraction costs over a parse: bench/page LIST [ROUNDS]
 *
 * LIST has lines of paths (what follows a tab is ignored). The pages are read into memory first;
 * then lexbor's parse alone and the whole extraction run in turn over the same bytes, in the same
 * process. Best round of each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/file.h"
#include "base/list.h"
#include "base/mem.h"
#include "page/private.h"

struct loaded {
	struct str bytes, url;
};

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double parse_all(lxb_html_document_t *doc, const struct list *pages)
{
	double start = cpu_seconds();

	for (size_t i = 0; i < pages->count; i++) {
		const struct loaded *p = list_at(pages, i);
		lxb_html_document_clean(doc);
		(void)lxb_html_document_parse(doc, (const lxb_char_t *)p->bytes.ptr, p->bytes.len);
	}
	return cpu_seconds() - start;
}

static double extract_all(struct page_extractor *x, struct arena *mem, const struct list *pages)
{
	double start = cpu_seconds();

	for (size_t i = 0; i < pages->count; i++) {
		const struct loaded *p = list_at(pages, i);
		struct page_options opt = { .url = p->url };
		struct page_result result;
		struct err ignored;

		(void)page_extract(x, mem, p->bytes, &opt, &result, &ignored);
		arena_reset(mem);
	}
	return cpu_seconds() - start;
}

int main(int argc, char **argv)
{
	struct arena keep, mem;
	struct list pages;
	struct buf list;
	struct str rest, line;
	struct err err;
	int rounds = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 3;

	if (argc < 2) {
		fprintf(stderr, "usage: page LIST [ROUNDS]\n");
		return 2;
	}
	arena_init(&keep);
	arena_init(&mem);
	list_init(&pages, sizeof(struct loaded));
	buf_init(&list, 64 << 20);
	if (file_read(argv[1], &list, &err) < 0) {
		fprintf(stderr, "page: %s\n", err.msg);
		return 1;
	}
	for (rest = buf_str(&list); str_split(&rest, '\n', &line);) {
		struct str path = str_sub(line, 0, str_find_ch(line, '\t'));
		struct buf bytes;

		buf_init(&bytes, PAGE_MAX_BYTES);
		if (path.len && file_read(arena_cstr(&keep, path), &bytes, &err) == 0) {
			struct loaded *p = list_add(&pages);
			p->bytes = arena_str(&keep, buf_str(&bytes));
			p->url = path.len < line.len ? str_from(line, path.len + 1)
						     : S("https://example.org/a");
		}
		buf_fini(&bytes);
	}
	lxb_html_document_t *doc = lxb_html_document_create();
	struct page_extractor *x = page_new();
	double parse = 0, extract = 0;
	for (int i = 0; i < rounds; i++) {
		double p = parse_all(doc, &pages), e = extract_all(x, &mem, &pages);
		parse = i == 0 || p < parse ? p : parse;
		extract = i == 0 || e < extract ? e : extract;
	}
	double n = (double)pages.count;
	printf("page: %zu pages, parse %.0f a CPU second, extract %.0f a CPU second, extract/parse "
	       "%.2f\n",
	       pages.count, n / parse, n / extract, extract / parse);
	page_free(&x);
	lxb_html_document_destroy(doc);
	list_fini(&pages);
	buf_fini(&list);
	arena_fini(&mem);
	arena_fini(&keep);
	return 0;
}
