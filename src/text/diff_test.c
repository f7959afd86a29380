#include "text/diff.h"

#include "base/buf.h"
#include "base/check.h"

/* "a[-b-]{+c+}d" */
static struct str shown(struct arena *a, struct str before, struct str after, struct buf *out)
{
	static const char *const open[] = { "", "[-", "{+" }, *const close[] = { "", "-]", "+}" };
	struct diff d;

	buf_reset(out);
	diff_texts(a, before, after, &d);
	for (size_t i = 0; i < d.count; i++) {
		buf_add_cstr(out, open[d.spans[i].kind]);
		buf_add(out, d.spans[i].text);
		buf_add_cstr(out, close[d.spans[i].kind]);
	}
	return buf_str(out);
}

static const struct {
	const char *why;
	struct str before, after, want;
} rows[] = {
	{ "nothing changed", STR("a b"), STR("a b"), STR("a b") },
	{ "nothing at all", STR(""), STR(""), STR("") },
	{ "all new", STR(""), STR("a"), STR("{+a+}") },
	{ "all gone", STR("a"), STR(""), STR("[-a-]") },
	{ "a word, whole", STR("the cat sat"), STR("the cart sat"),
	  STR("the [-cat-]{+cart+} sat") },
	{ "a number in a sentence", STR("killed 12 people, he said"),
	  STR("killed 14 people, he said"), STR("killed [-12-]{+14+} people, he said") },
	{ "a word added", STR("one three"), STR("one two three"), STR("one {+two +}three") },
	{ "Chinese by characters", STR("死亡人数升至十二人"), STR("死亡人数升至十五人"),
	  STR("死亡人数升至十[-二-]{+五+}人") },
	{ "Chinese with words of spaced scripts", STR("苹果iPhone14发布"), STR("苹果iPhone15发布"),
	  STR("苹果[-iPhone14-]{+iPhone15+}发布") },
	{ "phrases, not crumbs", STR("it was red, big and old"), STR("it was blue, new and old"),
	  STR("it was [-red, big-]{+blue, new+} and old") },
	{ "a paragraph added", STR("a\n\nb\n"), STR("a\n\nnew one\n\nb\n"),
	  STR("a\n\n{+new one\n\n+}b\n") },
	{ "a paragraph changed and one gone", STR("one two\n\nthree\n\nfour"), STR("one 2\n\nfour"),
	  STR("one [-two\n\nthree-]{+2+}\n\nfour") },
	{ "a sentence added is a sentence", STR("All are well. Go."),
	  STR("All are well. A tug came. Go."), STR("All are well.{+ A tug came.+} Go.") },
	{ "and one gone", STR("甲在此。乙在此。丙在此。"), STR("甲在此。丙在此。"),
	  STR("甲在此。[-乙在此。-]丙在此。") },
	{ "malformed bytes are bytes", STR("a \xff b"), STR("a \xfe b"),
	  STR("a [-\xff-]{+\xfe+} b") },
};

/* Same and deleted make the old text, same and inserted the new, whatever they are. */
/* The lines have every byte but the ends of lines, and none is blank. */
static void check_lines(struct arena *a, const struct diff *d)
{
	struct diff_line *lines;
	size_t count, bytes = 0, left = 0;

	diff_lines(a, d, &lines, &count);
	for (size_t i = 0; i < count; i++) {
		CHECK(lines[i].count > 0);
		for (size_t k = 0; k < lines[i].count; k++) {
			CHECK(str_find_ch(lines[i].pieces[k].text, '\n') == STR_NONE);
			bytes += lines[i].pieces[k].text.len;
		}
	}
	for (size_t i = 0; i < d->count; i++)
		for (size_t k = 0; k < d->spans[i].text.len; k++)
			left += d->spans[i].text.ptr[k] != '\n';
	CHECK_I64("no byte is lost", (int64_t)bytes, (int64_t)left);
}

static void check_whole(struct arena *a, struct str before, struct str after)
{
	struct buf old, new;
	struct diff d;
	enum diff_kind last = DIFF_INSERTED;
	bool in_order = true;

	buf_init(&old, BUF_NO_MAX);
	buf_init(&new, BUF_NO_MAX);
	diff_texts(a, before, after, &d);
	for (size_t i = 0; i < d.count; i++) {
		if (d.spans[i].kind != DIFF_INSERTED)
			buf_add(&old, d.spans[i].text);
		if (d.spans[i].kind != DIFF_DELETED)
			buf_add(&new, d.spans[i].text);
		in_order = in_order && (i == 0 || d.spans[i].kind != last);
		last = d.spans[i].kind;
	}
	CHECK(in_order);
	check_lines(a, &d);
	if (!str_eq(buf_str(&old), before))
		CHECK_STR("same and deleted make the old text", buf_str(&old), before);
	if (!str_eq(buf_str(&new), after))
		CHECK_STR("same and inserted make the new text", buf_str(&new), after);
	buf_fini(&old);
	buf_fini(&new);
}

static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static void random_text(struct buf *b, uint32_t *state, size_t words, uint32_t kinds)
{
	static const char *const pieces[] = { "a",  "bc", " ", "\n", "\n\n", "中",  "文",
					      "，", ".",  "é", "1",  "23",   "xyz", "\xff" };

	buf_reset(b);
	while (words--)
		buf_add_cstr(b, pieces[next_random(state) % kinds]);
}

int main(void)
{
	struct buf out, before, after;
	struct arena a;
	struct diff d;
	uint32_t state = 2463534242;

	arena_init(&a);
	buf_init(&out, BUF_NO_MAX);
	buf_init(&before, BUF_NO_MAX);
	buf_init(&after, BUF_NO_MAX);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CHECK_STR(rows[i].why, shown(&a, rows[i].before, rows[i].after, &out),
			  rows[i].want);
		check_whole(&a, rows[i].before, rows[i].after);
	}
	for (int i = 0; i < 3000; i++) {
		random_text(&before, &state, next_random(&state) % 40,
			    2 + next_random(&state) % 13);
		random_text(&after, &state, next_random(&state) % 40, 2 + next_random(&state) % 13);
		check_whole(&a, buf_str(&before), buf_str(&after));
		arena_reset(&a);
	}
	/* two long texts with nothing in common but their characters: bounded, and said */
	random_text(&before, &state, 100000, 14);
	random_text(&after, &state, 100000, 14);
	check_whole(&a, buf_str(&before), buf_str(&after));
	diff_texts(&a, buf_str(&before), buf_str(&after), &d);
	CHECK(d.coarse);
	diff_texts(&a, S("a"), S("a"), &d);
	CHECK(diff_is_empty(&d) && !d.coarse);
	buf_fini(&out);
	buf_fini(&before);
	buf_fini(&after);
	arena_fini(&a);
	return check_done();
}
