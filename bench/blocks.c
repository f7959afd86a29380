/*
 * blocks - what the training of the judgement reads: the features of every block of many pages.
 *
 *	blocks LIST OUT
 *
 * LIST has lines PATH<TAB>URL. OUT.f32 gets FEATURE_COUNT floats a block; OUT.txt its text on a
 *line, pages starting with a line of \f and their path. The features' names go to standard output.
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "page/private.h"

static void write_page(struct page_extractor *x, struct str path, FILE *rows, FILE *texts)
{
	struct tree *t = &x->tree;

	/* The tree is not the page's markup then, and the rows are not its blocks'. */
	if (x->from_state)
		t->block_count = 0;
	fwrite(x->rows, sizeof(float) * FEATURE_COUNT, t->block_count, rows);
	fprintf(texts, "\f%.*s\n", STR_FMT(path));
	for (size_t i = 0; i < t->block_count; i++) {
		struct str s = block_text(t, &t->blocks[i]);

		for (size_t k = 0; k < s.len; k++)
			putc(s.ptr[k] == '\n' || s.ptr[k] == '\f' ? ' ' : s.ptr[k], texts);
		putc('\n', texts);
	}
}

static FILE *open_out(const char *base, const char *suffix)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s%s", base, suffix);
	return fopen(path, "wb");
}

int main(int argc, char **argv)
{
	struct buf list, bytes;
	struct arena mem;
	struct err err;

	if (argc < 3) {
		fprintf(stderr, "usage: blocks LIST OUT\n");
		return 2;
	}
	FILE *rows = open_out(argv[2], ".f32"), *texts = open_out(argv[2], ".txt");
	buf_init(&list, 64 << 20);
	buf_init(&bytes, PAGE_MAX_BYTES);
	arena_init(&mem);
	if (!rows || !texts || file_read(argv[1], &list, &err) < 0) {
		fprintf(stderr, "blocks: a file could not be opened\n");
		return 1;
	}
	struct page_extractor *x = page_new();
	x->keeps_rows = true;
	struct str rest = buf_str(&list), line;
	while (str_split(&rest, '\n', &line)) {
		struct str path = str_sub(line, 0, str_find_ch(line, '\t'));
		struct page_options opt = { .url = str_from(line, path.len + 1) };
		struct page_result result;

		buf_reset(&bytes);
		if (path.len == 0 || file_read(arena_cstr(&mem, path), &bytes, &err) < 0)
			continue;
		x->tree.block_count = 0;
		(void)page_extract(x, &mem, buf_str(&bytes), &opt, &result, &err);
		write_page(x, path, rows, texts);
		arena_reset(&mem);
	}
	for (int i = 0; i < FEATURE_COUNT; i++) {
		struct str name = feature_name(i, &mem);
		printf("%d %.*s\n", i, STR_FMT(name));
	}
	page_free(&x);
	fclose(rows);
	fclose(texts);
	return 0;
}
