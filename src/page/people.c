/*
 * people - who wrote it: names out of what JSON-LD, <meta>, bylines and credits say; the dateline
 * too.
 *
 * A name is what is left when labels ("By", "文："), the publisher, titles ("staff writer"),
 * addresses and dates are taken off; what is left and looks like none is dropped.
 */
#include <string.h>

#include "page/private.h"
#include "text/escape.h"
#include "text/url.h"
#include "text/utf8.h"

enum {
	BIO_MIN_BYTES = 40,
	MAX_NAME_BYTES = 70,
	MAX_NAME_WORDS = 6,
	MAX_PEOPLE = 40,
	MAX_TOLD = 60,
	DEGREE_MAX = 10
};

struct people_scan {
	struct page_extractor *x;
	struct person_list found;
	struct str role; /* of the names being added */
	struct str url;
	bool publisher_too; /* the publisher's own name counts: nobody else is named */
	bool strict;   /* from a place that may hold anything: only what is written as a name is */
	bool one_word; /* a place that names an author, so a single word may be one */
};

/* The publisher under any of its names. */
static bool is_publisher(struct page_extractor *x, struct str name)
{
	struct str key = name_key(x->mem, name), site = name_key(x->mem, url_site(x->mem, x->url));
	const struct str names[] = { x->meta.og_site, x->ld.publisher, x->meta.app_name,
				     x->meta.publisher };

	for (size_t i = 0; i < 4; i++) {
		struct str k = name_key(x->mem, names[i]);
		if (k.len && (str_eq(k, key) || (key.len >= 5 && str_has_prefix(k, key)) ||
			      (k.len >= 5 && str_has_prefix(key, k))))
			return true;
	}
	return key.len >= 4 && str_has_prefix(site, key);
}

static bool has_han(struct str s)
{
	for (size_t i = 0; i < s.len;) {
		if ((unsigned char)s.ptr[i] < 0xE3) /* no ideograph begins so */
			i++;
		else if (utf8_is_han(utf8_next(s, &i)))
			return true;
	}
	return false;
}

static bool looks_like_name(struct people_scan *scan, struct str s)
{
	struct page_extractor *x = scan->x;
	size_t words = 0, letters = 0;
	bool in_word = false;

	if (s.len < 2 || s.len > MAX_NAME_BYTES || vocab_in("not-author", s) ||
	    str_contains(s, S("：")))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		unsigned char ch = (unsigned char)s.ptr[i];
		if (ch_is_digit((char)ch) || ch == '@' || ch == '{' || ch == '<' || ch == '=' ||
		    ch == '_' || ch == '%' || ch == '?' || ch == '!' || ch == ':' ||
		    (ch == '/' && !has_han(s)))
			return false;
		bool part = ch_is_alpha((char)ch) || ch >= 0x80;
		letters += part;
		words += part && !in_word;
		in_word = part || ch == '\'' || ch == '-' || ch == '.';
	}
	if (letters < 2 || words > MAX_NAME_WORDS)
		return false;
	if (vocab_ends("no-name-end", s))
		return false;
	/* A longer run of Han is a sentence, but for houses and for foreign names with their dots.
	 */
	if (has_han(s) && utf8_count(s) > (scan->publisher_too || str_contains(s, S("·")) ? 20 : 8))
		return false;
	return scan->publisher_too || !is_publisher(x, s);
}

/* Each word with a capital, or a particle ("van", "de la"), or letters that have no case; and no
 * known label. */
static bool is_written_as_name(const struct people_scan *scan, struct str s)
{
	size_t words = 0;
	struct str word, rest = s;

	if (vocab_cues(s) & ~(CUE_BIT(CUE_BYLINE) | CUE_BIT(CUE_BIO)))
		return false;
	while (str_split(&rest, ' ', &word)) {
		if (word.len == 0)
			continue;
		words++;
		if (word.ptr[0] >= 'a' && word.ptr[0] <= 'z' && !vocab_in("particle", word))
			return false;
	}
	return words > 1 || scan->one_word || (unsigned char)s.ptr[0] >= 0xE0;
}

static void add_name(struct people_scan *scan, struct str name)
{
	struct page_extractor *x = scan->x;

	if (!looks_like_name(scan, name) || (scan->strict && !is_written_as_name(scan, name)))
		return;
	/* "Jane Roe" and the "jane-roe" of her page are one. */
	struct str key = name_key(x->mem, name);
	for (size_t i = 0; i < scan->found.count; i++)
		if (str_eq(name_key(x->mem, scan->found.items[i].name), key) &&
		    str_eq(scan->found.items[i].role, scan->role))
			return;
	if (scan->found.count < MAX_PEOPLE)
		people_add(x->mem, &scan->found, arena_str(x->mem, scan->role),
			   arena_str(x->mem, name), arena_str(x->mem, scan->url));
}

/* Length of a label of a credit at the front ("By", "Text:", "記者"), with what follows it; 0:
 * none. */
static size_t label_length(struct str s, struct str *role)
{
	size_t best = 0;

	for (size_t i = 0; i < s.len && i < 60;) {
		size_t from = i;
		uint32_t c = utf8_next(s, &i);
		bool sep = c == ' ' || c == ':' || c == 0xFF1A || c == '/' || c == 0xFF0F ||
			   c == '|' || c == 0x3000;

		/* Chinese labels need no separator: 記者王小明 */
		bool han = utf8_is_han(c);
		if (!sep && !han)
			continue;
		size_t end = sep ? from : i;
		struct str label = str_sub(s, 0, end), found = vocab_role(label);
		if (!found.len || (han && !sep && end < 6))
			continue;
		*role = found;
		best = sep ? i : end;
	}
	while (best && best < s.len && (s.ptr[best] == ' ' || s.ptr[best] == ':'))
		best++;
	return best;
}

/* Off the ends: quotes, dashes, brackets' contents, "for the Herald". */
static struct str trim_name(struct str s)
{
	size_t at = str_find_ch(s, '(');

	if (at != STR_NONE && at > 2)
		s = str_sub(s, 0, at);
	at = str_find(s, S("（"));
	if (at != STR_NONE && at > 2)
		s = str_sub(s, 0, at);
	at = str_find_nocase(s, S(" for the "));
	if (at == STR_NONE)
		at = str_find_nocase(s, S(" in "));
	if (at != STR_NONE && at > 3)
		s = str_sub(s, 0, at);
	for (;;) {
		s = str_trim(s);
		if (s.len && strchr("-|.,;:\"'•·*~/>[]&", s.ptr[0])) {
			s = str_from(s, 1);
		} else if (s.len && strchr("-|,;:\"'*~/<[]", s.ptr[s.len - 1])) {
			s = str_sub(s, 0, s.len - 1);
		} else if (s.len && s.ptr[s.len - 1] == ')' && str_find_ch(s, '(') == STR_NONE) {
			s = str_sub(s, 0, s.len - 1);
		} else if (str_has_suffix(s, S("）")) || str_has_suffix(s, S("】")) ||
			   str_has_suffix(s, S("」"))) {
			s = str_sub(s, 0, s.len - 3);
		} else if (str_has_prefix(s, S("（")) || str_has_prefix(s, S("【")) ||
			   str_has_prefix(s, S("「"))) {
			s = str_from(s, 3);
		} else {
			return s;
		}
	}
}

/* Without a job behind the name: "신현주 기자". */
static struct str without_job(struct str name)
{
	size_t at = str_rfind_ch(name, ' ');

	if (at == STR_NONE || at < 4 || !vocab_in("job", str_from(name, at + 1)))
		return name;
	return trim_name(str_sub(name, 0, at));
}

/* "R.D.", "M.P.H.": capitals with stops between them, or a degree without. */
static bool is_degree(struct str s)
{
	size_t stops = 0;

	if (vocab_in("degree", s))
		return true;
	for (size_t i = 0; i < s.len; i++) {
		bool lower = s.ptr[i] >= 'a' && s.ptr[i] <= 'z';
		if (!ch_is_alpha(s.ptr[i]) && s.ptr[i] != '.')
			return false;
		if (lower && (i + 1 == s.len || s.ptr[i + 1] != '.'))
			return false;
		stops += s.ptr[i] == '.';
	}
	return stops >= 2 && s.len <= DEGREE_MAX;
}

/* Where the next separator of names is, and how long it is. */
static size_t next_separator(struct str s, size_t *len)
{
	for (size_t i = 0; i < s.len;) {
		size_t from = i;
		uint32_t c = utf8_next(s, &i);

		if (c == ',' || c == ';' || c == '|' || c == '\n' || c == 0x3001 || c == 0xFF0C ||
		    c == 0xFF1B || c == 0x2022 || c == 0xFF0F || c == 0x2013 || c == 0x2014 ||
		    (c == '/' && from > 0) || c == 0xFF5C) {
			*len = i - from;
			return from;
		}
		if (c == ' ' || c == 0x3000) {
			struct str rest = str_from(s, i);
			size_t end = str_find_ch(rest, ' ');
			struct str word = str_sub(rest, 0, end);

			if (end != STR_NONE && (vocab_in("and", word) || str_eq(word, S("-")))) {
				*len = i - from + end;
				return from;
			}
			/* Chinese names stand a space apart. */
			if (has_han(s) && from >= 6) {
				*len = i - from;
				return from;
			}
		}
	}
	return STR_NONE;
}

static void add_names(struct people_scan *scan, struct str s)
{
	struct page_extractor *x = scan->x;
	struct str role = scan->role;

	s = utf8_squeeze(x->mem, html_unescape(x->mem, s));
	if (str_has_prefix(s, S("http")) || s.len > 600)
		return;
	while (s.len) {
		size_t len = 0, at = next_separator(s, &len);
		struct str piece = str_trim(str_sub(s, 0, at == STR_NONE ? s.len : at)),
			   found = { 0 };
		size_t label = label_length(piece, &found);

		if (label && (str_eq(found, S("author")) || str_eq(found, S("reporter")) ||
			      scan->role.len == 0 || label == piece.len ||
			      str_eq(scan->role, S("author")))) {
			if (!str_eq(found, S("author")))
				scan->role = found;
			piece = str_from(piece, label);
		}
		piece = without_job(trim_name(piece));
		/* 文／王小明: the separator stands behind a label. */
		struct str alone = vocab_role(piece);
		if (alone.len && !str_eq(alone, S("author")))
			scan->role = alone;
		else if (!alone.len && !vocab_in("job", piece) &&
			 !(scan->found.count && is_degree(piece)))
			add_name(scan, piece);
		if (at == STR_NONE)
			break;
		s = str_from(s, at + len);
	}
	scan->role = role;
}

/* ---- bylines in the page */

/* "/author/jane-roe", "/staff/..." */
static bool is_author_path(struct str href)
{
	static const struct str parts[] = {
		STR("/author/"),    STR("/authors/"), STR("/autor/"),   STR("/staff/"),
		STR("/people/"),    STR("/profile/"), STR("/by/"),      STR("/contributor"),
		STR("/journalist"), STR("/writers/"), STR("/reporter"),
	};

	for (size_t at; (at = str_find_ch(href, '/')) != STR_NONE; href = str_from(href, at + 1))
		for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
			if (at + 1 < href.len && ch_lower(href.ptr[at + 1]) == parts[i].ptr[1] &&
			    str_has_prefix_nocase(str_from(href, at), parts[i]))
				return true;
	return false;
}

static bool is_author_link(struct page_extractor *x, const lxb_dom_node_t *node)
{
	struct str href = node_attr_id(node, LXB_DOM_ATTR_HREF);

	/* A profile elsewhere is a social network's: "Bluesky". */
	return is_author_path(href) && (!url_is_http(href) || url_same_site(x->mem, href, x->url));
}

enum byline_tier { BY_REL, BY_ITEMPROP, BY_LINK, BY_CLASS, BY_CUE, BY_TIERS };

static bool in_tier(struct page_extractor *x, uint32_t i, enum byline_tier tier)
{
	const struct tree *t = &x->tree;
	const struct node *n = &t->nodes[i];

	switch (tier) {
	case BY_REL:
		return n->tag == LXB_TAG_A && n->flags & NODE_REL &&
		       str_contains(node_attr(n->dom, "rel"), S("author"));
	case BY_ITEMPROP:
		return n->flags & NODE_ITEMPROP &&
		       str_eq(node_attr(n->dom, "itemprop"), S("author"));
	case BY_LINK: return n->tag == LXB_TAG_A && is_author_link(x, n->dom);
	case BY_CLASS:
		return (n->kinds & CLASS_BIT(CLASS_AUTHOR)) && !(n->kinds & CLASS_BIT(CLASS_BIO));
	default: return false;
	}
}

/* Names of one tier between the headline's surroundings and the end of the body. */
static void scan_tier(struct people_scan *scan, enum byline_tier tier)
{
	struct page_extractor *x = scan->x;
	const struct tree *t = &x->tree;
	uint32_t to = t->nodes[x->root].end + 60 < t->count ? t->nodes[x->root].end + 60
							    : (uint32_t)t->count;

	for (uint32_t i = t->body; i < to; i++) {
		const struct node *n = &t->nodes[i];

		if (n->flags & NODE_TEXT || n->chars < 3 || n->chars > 160 || !in_tier(x, i, tier))
			continue;
		bool aside = false;
		for (uint32_t p = i; p > t->body && !aside; p = t->nodes[p].parent)
			aside = t->nodes[p].kinds &
					(CLASS_BIT(CLASS_COMMENT) | CLASS_BIT(CLASS_RELATED) |
					 CLASS_BIT(CLASS_SIDEBAR)) &&
				t->nodes[p].chars * 2 < t->total_chars;
		for (uint32_t p = i; p > t->body && !aside && tier >= BY_LINK;
		     p = t->nodes[p].parent)
			aside = t->nodes[p].tag == LXB_TAG_NAV || t->nodes[p].tag == LXB_TAG_FOOTER;
		if (aside)
			continue;
		size_t before = scan->found.count;
		add_names(scan, node_text(x, i));
		if (scan->found.count > before && tier >= BY_CLASS)
			return;
		i = n->end - 1;
	}
}

static bool writes(struct str role)
{
	return str_eq(role, S("author")) || str_eq(role, S("reporter")) ||
	       str_eq(role, S("writer"));
}

/* Where the value of a label ends: before the next label, or at a bracket. */
static struct str label_value(struct str s)
{
	const struct vocab_list *words = vocab_list("label-end");

	static const struct str ends[] = { STR("）"), STR(")"), STR("】"), STR("]"),
					   STR("｜"), STR("|"), STR("\n") };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		s = str_sub(s, 0, str_find(s, ends[i]));
	for (size_t i = 0; i < words->count; i++)
		s = str_sub(s, 0, str_find(s, words->items[i]));
	size_t colon = str_find(s, S("："));
	if (colon == STR_NONE)
		colon = str_find_ch(s, ':');
	if (colon != STR_NONE) {
		size_t space = str_rfind_ch(str_sub(s, 0, colon), ' ');
		s = str_sub(s, 0, space == STR_NONE ? 0 : space);
	}
	return s;
}

/* Who had the text in hand, but neither wrote it nor took the pictures. */
static bool edits(struct str role)
{
	return str_eq(role, S("editor")) || str_eq(role, S("translator")) ||
	       str_eq(role, S("proofreader"));
}

/* "2004-10-21 14:18 作者：郭励弘 来源：...": names behind a label with a colon, wherever it stands
 * in a short text. */
static void scan_labels(struct people_scan *scan, struct str text, bool (*wanted)(struct str role))
{
	static const struct str before[] = { STR("（"), STR("　"), STR("／"), STR("/"), STR("；") };

	for (size_t i = 0; i < text.len;) {
		size_t at = i;

		if (text.ptr[i] != ':' && (unsigned char)text.ptr[i] != 0xEF) {
			i++;
			continue;
		}
		uint32_t c = utf8_next(text, &i);
		if (c != ':' && c != 0xFF1A)
			continue;
		size_t from = at;
		while (from > 0 && at - from < 24 && !strchr(" |([", text.ptr[from - 1]))
			from--;
		struct str label = str_sub(text, from, at);
		for (size_t k = 0; k < sizeof(before) / sizeof(before[0]); k++)
			for (size_t b; (b = str_find(label, before[k])) != STR_NONE;)
				label = str_from(label, b + before[k].len);
		struct str role = vocab_role(label);
		if (!wanted(role))
			continue;
		scan->role = wanted == writes ? S("author") : role;
		add_names(scan, label_value(str_trim(str_from(text, i))));
	}
}

/* 王小明台北報導: the names alone. */
static struct str without_place(struct str names, struct str behind)
{
	static const struct str reports[] = { STR("報導"), STR("報道"), STR("报道"), STR("综合"),
					      STR("綜合") };
	struct str place, alone = han_reporters(names, &place);
	size_t last = str_find(alone, S("、"));

	if (!place.len || han_is_name(str_from(names, last == STR_NONE ? 0 : last + 3)))
		return names;
	for (size_t i = 0; i < sizeof(reports) / sizeof(reports[0]); i++)
		if (str_has_prefix(behind, reports[i]))
			return alone;
	return names;
}

/* "本报记者罗科苏盈发自北京", "新华网黑龙江频道 记者 伊琳 李清芬", "(信报记者 蔡雪婧)": behind the
 * word, up to what ends it. */
static void scan_reporters(struct people_scan *scan, struct str text)
{
	const struct vocab_list *ends = vocab_list("reporter-end");
	static const struct str words[] = { STR("记者"), STR("記者") };

	for (size_t i = 0; i < 2; i++) {
		size_t at = str_find(text, words[i]);
		if (at == STR_NONE || at > 60)
			continue;
		struct str s = str_from(text, at + words[i].len);
		/* "记者：既然..." is a question of an interview. */
		if (str_has_prefix(s, S("：")) || str_has_prefix(s, S(":")))
			continue;
		size_t end = s.len < 60 ? s.len : STR_NONE;
		for (size_t k = 0; k < ends->count; k++) {
			size_t e = str_find(str_sub(s, 0, 90), ends->items[k]);
			if (e != STR_NONE && e > 0 && e < end)
				end = e;
		}
		if (end == STR_NONE)
			continue;
		scan->role = S("author");
		add_names(scan, without_place(str_sub(s, 0, end), str_from(s, end)));
	}
}

/* A label alone in its block names whom the next one names: "Written by" / "Jane Roe". */
static bool scan_label_block(struct people_scan *scan, size_t i)
{
	const struct tree *t = &scan->x->tree;

	if (i + 1 >= t->block_count || !writes(vocab_role(block_text(t, &t->blocks[i]))))
		return false;
	const struct block *next = &t->blocks[i + 1];
	if (next->len > 60 || next->words > 5)
		return false;
	scan->role = S("author");
	add_names(scan, block_text(t, next));
	return scan->found.count > 0;
}

/* Where the last bracket opens, of either width. */
static size_t last_bracket(struct str s)
{
	size_t best = str_rfind_ch(s, '('), from = 0, at;

	while ((at = str_find(str_from(s, from), S("（"))) != STR_NONE) {
		best = best == STR_NONE || from + at > best ? from + at : best;
		from += at + 3;
	}
	return best;
}

/* A line of its own right under the title, or in brackets at the text's end: "（袁源）". */
static void scan_lone_names(struct people_scan *scan)
{
	struct page_extractor *x = scan->x;
	const struct tree *t = &x->tree;
	size_t title = x->feature_page.title, last = t->block_count;

	for (size_t i = title + 1; title != STR_NONE && i < t->block_count && i <= title + 4; i++) {
		struct str s = trim_name(block_text(t, &t->blocks[i]));
		if (s.len <= 12 && han_is_name(s))
			add_name(scan, s);
		else
			add_names(scan, han_byline(s));
		if (scan->found.count)
			return;
	}
	for (size_t i = 0, kept = 0; i < t->block_count && kept < 3; i++) {
		struct str s = trim_name(block_text(t, &t->blocks[i]));
		kept += t->blocks[i].keep;
		if (t->blocks[i].keep && s.len <= 12 && han_is_name(s)) {
			add_name(scan, s);
			return;
		}
	}
	while (last > 0 && !t->blocks[last - 1].keep)
		last--;
	if (last == 0)
		return;
	struct str s = block_text(t, &t->blocks[last - 1]);
	size_t open = last_bracket(s);
	if (open == STR_NONE || !(str_has_suffix(s, S("）")) || str_has_suffix(s, S(")"))))
		return;
	s = trim_name(str_from(s, open));
	/* （姚峰 上海报道）: a place and what was done there */
	if (vocab_ends("no-name-end", s))
		s = str_sub(s, 0, str_find_ch(s, ' '));
	if (han_is_name(s))
		add_name(scan, s);
}

/* "2004年7月16日08:19 [ 黄宇 ] 来源": a name in brackets in the line with the date. */
static void scan_dated_line(struct people_scan *scan, struct str text)
{
	size_t open = str_find_ch(text, '[');

	if (open == STR_NONE || !text_has_clock(text))
		return;
	struct str s = str_from(text, open + 1);
	s = str_trim(str_sub(s, 0, str_find_ch(s, ']')));
	if (han_is_name(s))
		add_name(scan, s);
}

/* Behind a name: "Jane Roe is a reporter ..." */
static bool is_bio_verb(struct str s)
{
	struct str word = str_sub(s, 0, str_find_ch(s, ' '));

	return vocab_in("bio-verb", word);
}

/* Whether a text of the page begins with the name and goes on to say who that is. */
static bool has_bio(struct page_extractor *x, struct str name)
{
	const struct tree *t = &x->tree;

	for (size_t i = 0; i < t->block_count; i++) {
		if (t->blocks[i].len < name.len + BIO_MIN_BYTES)
			continue;
		struct str s = block_text(t, &t->blocks[i]);
		if (s.ptr[name.len] == ' ' && str_has_prefix(s, name) &&
		    is_bio_verb(str_from(s, name.len + 1)))
			return true;
	}
	return false;
}

/* A name alone in its block, about the title or below the text, of whom the page tells more. */
static void scan_told_names(struct people_scan *scan)
{
	struct page_extractor *x = scan->x;
	const struct tree *t = &x->tree;
	size_t title = x->feature_page.title == STR_NONE ? 0 : x->feature_page.title;
	size_t tries = 0;

	for (size_t i = title > 4 ? title - 4 : 0; i < t->block_count && tries < MAX_TOLD; i++) {
		const struct block *b = &t->blocks[i];

		if (b->len < 5 || b->len > 40 || b->words < 2 || b->words > 4)
			continue;
		tries++;
		if (has_bio(x, block_text(t, b)))
			add_name(scan, block_text(t, b));
		if (scan->found.count)
			return;
	}
}

static void scan_byline_texts(struct people_scan *scan)
{
	struct page_extractor *x = scan->x;
	const struct tree *t = &x->tree;
	size_t to = t->nodes[x->root].block + 4;
	size_t from = x->h1 && t->nodes[x->h1].block + 1 < to ? t->nodes[x->h1].block
		      : to > 40                               ? to - 40
							      : 0;

	for (size_t i = from; i < to && i < t->block_count; i++) {
		const struct block *b = &t->blocks[i];
		struct str role = { 0 }, text = block_text(t, b);

		if (text.len < 30 && scan_label_block(scan, i))
			return;
		if (text.len <= 200)
			scan_labels(scan, text, writes);
		if (text.len <= 160)
			scan_dated_line(scan, text);
		if (!scan->found.count && b->cues & CUE_BIT(CUE_BYLINE) && text.len <= 160)
			scan_reporters(scan, text);
		if (!scan->found.count && b->cues & CUE_BIT(CUE_BYLINE) && text.len <= 160 &&
		    label_length(text, &role)) {
			scan->role = S("author");
			add_names(scan, text);
		}
		if (scan->found.count)
			return;
	}
	/* A short line of a label and its names, wherever it stands about the article. */
	size_t about = t->nodes[x->root].block > 20 ? t->nodes[x->root].block - 20 : 0;
	for (size_t i = about; i < t->block_count && i < t->nodes[x->root].block_end + 5; i++)
		if (t->blocks[i].cues & CUE_BIT(CUE_BYLINE) && t->blocks[i].len <= 80 &&
		    !scan->found.count) {
			scan_labels(scan, block_text(t, &t->blocks[i]), writes);
			if (!scan->found.count)
				scan_reporters(scan, block_text(t, &t->blocks[i]));
		}
	if (scan->found.count)
		return;
	/* The first and the last of the article's own blocks. */
	size_t first[3], last[3], firsts = 0, lasts = 0;
	for (size_t i = 0; i < t->block_count && firsts < 3; i++)
		if (t->blocks[i].keep)
			first[firsts++] = i;
	for (size_t i = t->block_count; i-- > 0 && lasts < 3;)
		if (t->blocks[i].keep)
			last[lasts++] = i;
	for (size_t i = 0; i < firsts && !scan->found.count; i++)
		scan_reporters(scan, block_text(t, &t->blocks[first[i]]));
	for (size_t i = 0; i < lasts && !scan->found.count; i++) {
		struct str text = block_text(t, &t->blocks[last[i]]);

		size_t at = last_bracket(text);
		struct str tail = at == STR_NONE ? text : str_from(text, at);
		if (tail.len > 200)
			continue;
		scan_labels(scan, tail, writes);
		if (!scan->found.count)
			scan_reporters(scan, tail);
	}
}

/* ---- credits inside the text: （譯者：黃名璽/核稿：徐崇哲）, 記者王小明／台北報導 */

static void scan_credit_group(struct people_scan *scan, struct str s)
{
	static const struct str marks[] = { STR("/"), STR("／"), STR("；"), STR(";"), STR("，"),
					    STR(","), STR(" "),  STR("　"), STR("|"), STR("｜") };

	while (s.len) {
		size_t cut = s.len, skip = 0;
		struct str role = { 0 };

		for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
			size_t at = str_find(s, marks[i]);
			if (at != STR_NONE && at < cut && at > 0) {
				cut = at;
				skip = marks[i].len;
			}
		}
		struct str piece = str_trim(str_sub(s, 0, cut));
		size_t colon = str_find(piece, S("：")), width = 3;
		if (colon == STR_NONE) {
			colon = str_find_ch(piece, ':');
			width = 1;
		}
		if (colon != STR_NONE && (role = vocab_role(str_sub(piece, 0, colon))).len) {
			scan->role = role;
			add_name(scan, trim_name(str_from(piece, colon + width)));
		} else if (scan->role.len && colon == STR_NONE) {
			add_name(scan, trim_name(piece));
		}
		s = str_from(s, cut + skip);
	}
}

/* Groups in brackets at the ends of the article's blocks. */
static void scan_credits(struct people_scan *scan, struct str text)
{
	static const struct {
		struct str open, close;
	} brackets[] = {
		{ STR("（"), STR("）") },
		{ STR("("), STR(")") },
		{ STR("【"), STR("】") },
		{ STR("["), STR("]") },
	};

	/* A label ends with a colon. */
	if (str_find_ch(text, ':') == STR_NONE && str_find(text, S("：")) == STR_NONE)
		return;
	for (size_t i = 0; i < sizeof(brackets) / sizeof(brackets[0]); i++) {
		struct str rest = text;

		for (;;) {
			size_t at = str_find(rest, brackets[i].open);
			if (at == STR_NONE)
				break;
			rest = str_from(rest, at + brackets[i].open.len);
			size_t end = str_find(rest, brackets[i].close);
			if (end == STR_NONE)
				break;
			struct str inside = str_sub(rest, 0, end);
			scan->role = (struct str){ 0 };
			if (inside.len < 200 &&
			    (str_contains(inside, S("：")) || str_contains(inside, S(":"))))
				scan_credit_group(scan, inside);
			rest = str_from(rest, end);
		}
	}
}

enum { EDITORS_NEAR = 6, EDITORS_MAX = 120 };

/* Those named in short lines of Chinese about the article, whether they were kept or not:
 * 責任編輯：林妍 */
static void scan_editors(struct people_scan *scan)
{
	const struct tree *t = &scan->x->tree;
	const struct node *root = &t->nodes[scan->x->root];
	size_t i = root->block > EDITORS_NEAR ? root->block - EDITORS_NEAR : 0;

	for (; i < t->block_count && i < root->block_end + EDITORS_NEAR; i++) {
		struct str text = block_text(t, &t->blocks[i]);
		if (text.len <= EDITORS_MAX && has_han(text))
			scan_labels(scan, text, edits);
	}
}

static void take(struct page_extractor *x, struct people_scan *scan, enum origin from)
{
	struct article *art = &x->out->article;
	struct person_list authors = { 0 };

	for (size_t i = 0; i < scan->found.count; i++) {
		struct person *p = &scan->found.items[i];
		if (writes(p->role))
			people_add(x->mem, &authors, p->role, p->name, p->url);
	}
	art->authors = (struct people){ authors.items, authors.count };
	art->authors_from = authors.count ? from : FROM_NOWHERE;
}

/* Persons; with publisher_too organisations as well. */
static void add_list(struct people_scan *scan, const struct person_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		if (str_eq(list->items[i].role, S("organization")) && !scan->publisher_too)
			continue;
		scan->url = list->items[i].url;
		scan->role = S("author");
		add_names(scan, list->items[i].name);
	}
	scan->url = (struct str){ 0 };
}

void field_people(struct page_extractor *x)
{
	struct people_scan scan = { .x = x };
	struct article *art = &x->out->article;
	enum origin from = FROM_JSONLD;

	dateline_read(x);
	add_list(&scan, &x->ld.authors);
	if (!scan.found.count) {
		add_list(&scan, &x->meta.authors);
		from = FROM_META;
	}
	for (int tier = BY_REL; tier < BY_CUE && !scan.found.count && !x->opt->fragment; tier++) {
		scan.role = S("author");
		scan.strict = true;
		scan.one_word = tier <= BY_ITEMPROP;
		from = FROM_PAGE;
		scan_tier(&scan, (enum byline_tier)tier);
	}
	if (!scan.found.count && x->reporters.len) {
		scan.role = S("reporter");
		scan.strict = false;
		from = FROM_TEXT;
		add_names(&scan, x->reporters);
		scan.strict = true;
	}
	if (!scan.found.count && !x->opt->fragment) {
		scan.role = S("author");
		from = FROM_TEXT;
		scan_byline_texts(&scan);
	}
	if (!scan.found.count && !x->opt->fragment) {
		scan.role = S("author");
		scan_lone_names(&scan);
		if (!scan.found.count)
			scan_told_names(&scan);
	}
	scan.strict = false;
	if (!scan.found.count) {
		/* Nobody is named but the house itself, as the author: that is the byline then. */
		scan.publisher_too = true;
		from = FROM_JSONLD;
		add_list(&scan, &x->ld.authors);
		if (!scan.found.count) {
			from = FROM_META;
			add_list(&scan, &x->meta.authors);
		}
	}
	take(x, &scan, from);
	/* Credits: everybody, those in the text too. */
	const struct tree *t = &x->tree;
	size_t seen = 0;
	for (size_t i = t->block_count; i-- > 0 && seen < 3;)
		if (t->blocks[i].keep) {
			scan_credits(&scan, block_text(t, &t->blocks[i]));
			seen++;
		}
	scan_editors(&scan);
	art->credits = (struct people){ scan.found.items, scan.found.count };
}
