/*
 * state - the article out of the data a page carries, where its markup has none: JSON-LD's
 * articleBody, and the JSON from which a script would have made the page.
 *
 * Nobody says where in such JSON the article stands. It is the longest text that reads like one: a
 * string of sentences, or a list whose members hold paragraphs. What is found is wrapped as a small
 * document and read as any other.
 */
#include <string.h>

#include "page/private.h"
#include "text/escape.h"

enum {
	STATE_MAX_BYTES = 6 << 20,
	STATE_MAX_DEPTH = 24,
	STATE_MAX_VALUES = 200000,
	STATE_MIN_TEXT = 400, /* plain characters of a body worth having */
	PARAGRAPH_MIN = 30
};

struct state_scan {
	struct page_extractor *x;
	json_t *best; /* a string or a list */
	size_t best_len;
	size_t values;
	struct str date; /* the first under a key of a date of publication */
};

/* "publishedAt", "pubDate", "deployDt", "firstPublished" ... */
static bool is_date_key(const char *key)
{
	const struct vocab_list *words = vocab_list("date-key");

	for (size_t i = 0; i < words->count; i++)
		if (str_contains_nocase(str_of(key), words->items[i]))
			return true;
	return false;
}

static struct str view(const json_t *v)
{
	return json_is_string(v) ? str_n(json_string_value(v), json_string_length(v))
				 : (struct str){ 0 };
}

/* Characters that are no markup; 0 where the text is no prose (addresses, styles, code). */
static size_t prose_length(struct str s)
{
	size_t plain = 0, spaces = 0, wide = 0, odd = 0, ends = 0;
	bool tag = false;

	for (size_t i = 0; i < s.len; i++) {
		char ch = s.ptr[i];

		if (ch == '<')
			tag = true;
		else if (ch == '>' && tag)
			tag = false;
		else if (!tag) {
			plain++;
			spaces += ch == ' ';
			wide += (unsigned char)ch >= 0xE3;
			odd += ch == '{' || ch == '}' || ch == '=' || ch == ';' || ch == '_';
			ends += ch == '.' || ch == '!' || ch == '?' || (unsigned char)ch == 0xE3;
		}
	}
	if (odd * 40 > plain || (spaces * 15 < plain && wide * 6 < plain) ||
	    (plain > 200 && ends < 2))
		return 0;
	return plain;
}

/* The longest prose of a list's member: its text, whatever the key is. */
static struct str member_text(const json_t *v, int depth)
{
	struct str best = { 0 };
	const char *key;
	json_t *item;
	size_t i;

	if (json_is_string(v))
		return view(v);
	if (depth > 5)
		return best;
	if (json_is_array(v)) {
		json_array_foreach(v, i, item)
		{
			struct str s = member_text(item, depth + 1);
			best = s.len > best.len ? s : best;
		}
		return best;
	}
	json_object_foreach((json_t *)(uintptr_t)v, key, item)
	{
		struct str s = member_text(item, depth + 1);
		if (s.len > best.len && prose_length(s) >= PARAGRAPH_MIN)
			best = s;
	}
	return best;
}

static size_t list_length(const json_t *list)
{
	size_t sum = 0, i, good = 0;
	json_t *item;

	if (json_array_size(list) < 3 || json_array_size(list) > 2000)
		return 0;
	json_array_foreach(list, i, item)
	{
		size_t n = prose_length(member_text(item, 0));

		if (n >= PARAGRAPH_MIN) {
			good++;
			sum += n;
		}
	}
	/* Paragraphs, not a list of teasers: long on the whole. */
	return good >= 3 && sum / good >= 90 ? sum : 0;
}

static void offer(struct state_scan *scan, json_t *v, size_t len)
{
	if (len >= STATE_MIN_TEXT && len > scan->best_len) {
		scan->best = v;
		scan->best_len = len;
	}
}

static void visit(struct state_scan *scan, json_t *v, int depth)
{
	const char *key;
	json_t *item;
	size_t i;

	if (depth > STATE_MAX_DEPTH || ++scan->values > STATE_MAX_VALUES)
		return;
	if (json_is_string(v)) {
		if (json_string_length(v) >= STATE_MIN_TEXT)
			offer(scan, v, prose_length(view(v)));
	} else if (json_is_array(v)) {
		offer(scan, v, list_length(v));
		json_array_foreach(v, i, item) visit(scan, item, depth + 1);
	} else if (json_is_object(v)) {
		json_object_foreach(v, key, item)
		{
			struct str s = view(item);
			if (!scan->date.len && s.len >= 8 && s.len <= 40 && is_date_key(key))
				scan->date = s;
			visit(scan, item, depth + 1);
		}
	}
}

/* A text as HTML: itself where it has markup, else its lines as paragraphs. */
static void add_body(struct buf *out, struct str s)
{
	if (str_contains(s, S("</")) || str_contains(s, S("<br"))) {
		buf_add(out, s);
		return;
	}
	struct str line;
	while (str_split(&s, '\n', &line)) {
		line = str_trim(line);
		if (line.len == 0)
			continue;
		buf_add(out, S("<p>"));
		buf_add_html(out, line);
		buf_add(out, S("</p>\n"));
	}
}

static void add_found(struct buf *out, const json_t *v)
{
	json_t *item;
	size_t i;

	if (json_is_string(v)) {
		add_body(out, view(v));
		return;
	}
	json_array_foreach(v, i, item)
	{
		struct str s = member_text(item, 0);

		if (prose_length(s) >= PARAGRAPH_MIN) {
			buf_add(out, S("<div>"));
			add_body(out, s);
			buf_add(out, S("</div>\n"));
		}
	}
}

/* The JSON of a script: all of it, or what is assigned or handed over in it. */
static json_t *script_json(struct page_extractor *x, struct str s)
{
	s = str_trim(s);
	if (s.len > STATE_MAX_BYTES)
		return NULL;
	if (s.len && (s.ptr[0] == '{' || s.ptr[0] == '['))
		return json_lenient(x->mem, s);
	for (int tries = 0; tries < 6; tries++) {
		static const struct str starts[] = { STR("={"), STR("= {"), STR("({"),
						     STR("=["), STR("= ["), STR("([") };
		size_t at = STR_NONE;

		for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
			size_t k = str_find(s, starts[i]);
			if (k != STR_NONE && k + starts[i].len - 1 < at)
				at = k + starts[i].len - 1;
		}
		if (at == STR_NONE)
			return NULL;
		s = str_from(s, at);
		json_t *root =
			json_loadb(s.ptr, s.len, JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, NULL);
		if (root && (json_object_size(root) > 1 || json_array_size(root) > 1))
			return root;
		json_decref(root);
		s = str_from(s, 1);
	}
	return NULL;
}

struct str state_article(struct page_extractor *x, size_t more_than)
{
	struct buf html;
	size_t best = more_than > STATE_MIN_TEXT ? more_than : STATE_MIN_TEXT;

	buf_init(&html, STATE_MAX_BYTES);
	if (x->ld.body.len > best && prose_length(x->ld.body) > best) {
		best = prose_length(x->ld.body);
		add_body(&html, html_unescape(x->mem, x->ld.body));
	}
	for (size_t i = 0; i < x->meta.state_count; i++) {
		/* Something found before gives way only to what is clearly more. */
		struct state_scan scan = { .x = x, .best_len = html.len ? best + best / 4 : best };
		json_t *root = script_json(x, script_text(x, x->meta.state_scripts[i]));

		if (!root)
			continue;
		visit(&scan, root, 0);
		if (scan.best) {
			best = scan.best_len;
			buf_reset(&html);
			add_found(&html, scan.best);
			x->state_date = arena_str(x->mem, scan.date);
		}
		json_decref(root);
	}
	struct str found = arena_str(x->mem, buf_str(&html));
	buf_fini(&html);
	return found;
}
