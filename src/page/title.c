/*
 * title - the headline, without the site's name: what the page says in several places, compared
 * with each other.
 */
#include <string.h>

#include "page/private.h"
#include "text/escape.h"
#include "text/url.h"
#include "text/utf8.h"

static const struct str separators[] = {
	STR(" | "), STR(" - "), STR(" – "), STR(" — "), STR(" :: "), STR(" » "),  STR(" · "),
	STR(" • "), STR(" / "), STR(" « "), STR(" : "), STR("｜"),   STR(" ~ "),  STR("_"),
	STR("－"),  STR(" ∙ "), STR(" ‹ "), STR(" › "), STR("|"),    STR(" -- "), STR(" > "),
	STR(" < "), STR("——"),  STR("--"),  STR("-"),
};

/* Letters and digits only, lower case: "CNN.com" and "cnn com" are one. */
struct str name_key(struct arena *mem, struct str s)
{
	char *out = arena_alloc(mem, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		if (ch_is_alnum(s.ptr[i]) || (unsigned char)s.ptr[i] >= 0x80)
			out[n++] = ch_lower(s.ptr[i]);
	return str_n(out, n);
}

/* Some write each page's own title where the site's name belongs. */
static bool is_headline(struct page_extractor *x, struct str key)
{
	return str_eq(key, name_key(x->mem, x->ld.headline)) ||
	       str_eq(key, name_key(x->mem, x->meta.og_title)) ||
	       str_eq(key, name_key(x->mem, x->meta.title_tag));
}

static bool is_site_name(struct page_extractor *x, struct str piece)
{
	struct str key = name_key(x->mem, piece), site = name_key(x->mem, url_site(x->mem, x->url));
	const struct str names[] = { x->meta.og_site, x->ld.publisher, x->meta.app_name };

	if (key.len == 0)
		return false;
	for (size_t i = 0; i < 3; i++) {
		struct str name = name_key(x->mem, names[i]);
		if (name.len && !is_headline(x, name) &&
		    (str_eq(name, key) || (key.len > 3 && str_contains(name, key)) ||
		     (name.len > 3 && str_contains(key, name) && key.len < name.len * 2 + 12)))
			return true;
	}
	return key.len > 2 && str_has_prefix(site, key);
}

/* Cuts the site's name off the end (or the front) of a title. */
static struct str without_site(struct page_extractor *x, struct str title)
{
	for (int round = 0; round < 3; round++) {
		bool cut = false;

		for (size_t i = 0; i < sizeof(separators) / sizeof(separators[0]) && !cut; i++) {
			struct str sep = separators[i];
			size_t at = STR_NONE, first = str_find(title, sep);

			for (size_t k = first; k != STR_NONE;) {
				at = k;
				size_t next = str_find(str_from(title, k + sep.len), sep);
				k = next == STR_NONE ? STR_NONE : k + sep.len + next;
			}
			if (at == STR_NONE || at == 0)
				continue;
			if (is_site_name(x, str_from(title, at + sep.len))) {
				title = str_trim(str_sub(title, 0, at));
				cut = true;
			} else if (is_site_name(x, str_sub(title, 0, first))) {
				title = str_trim(str_from(title, first + sep.len));
				cut = true;
			}
		}
		if (!cut)
			break;
	}
	return title;
}

/* How much of the shorter's words the longer has, in order or not. */
static bool alike(struct page_extractor *x, struct str a, struct str b)
{
	struct str ka = name_key(x->mem, a), kb = name_key(x->mem, b);

	if (ka.len == 0 || kb.len == 0)
		return false;
	return str_eq(ka, kb) || (ka.len > 12 && str_contains(kb, ka)) ||
	       (kb.len > 12 && str_contains(ka, kb));
}

/* The same letters and digits. */
static bool same_title(struct page_extractor *x, struct str a, struct str b)
{
	struct str ka = name_key(x->mem, a);

	return ka.len && str_eq(ka, name_key(x->mem, b));
}

static struct str plain(struct page_extractor *x, struct str s)
{
	if (str_find_ch(s, '&') != STR_NONE)
		s = html_unescape(x->mem, s);
	if (str_find_ch(s, '<') != STR_NONE && str_find_ch(s, '>') != STR_NONE)
		s = html_text(x->mem, s);
	return utf8_squeeze(x->mem, s);
}

/*
 * The <h1> the other titles speak of: the one equal to a title, else the longest that is like one;
 * else the only one there is, else none.
 */
/* The next word of a folded text, or a CJK character; empty at the end. */
static struct str next_word(struct str s, size_t *pos)
{
	size_t from = *pos;

	while (*pos < s.len) {
		size_t at = *pos;
		uint32_t c = utf8_next(s, pos);
		bool letter =
			c < 0x80 ? ch_is_alnum((char)c) : c >= 0xC0 && !(c >= 0x2000 && c < 0x2E80);

		if (utf8_is_cjk(c)) {
			if (at > from)
				*pos = at;
			return str_sub(s, from, at > from ? at : *pos);
		}
		if (!letter) {
			if (at > from)
				return str_sub(s, from, at);
			from = *pos;
		}
	}
	return str_sub(s, from, s.len);
}

/* Share of a's words that b has, in hundredths: two headlines of one article share names and
 * things. */
static int words_shared(struct str a, struct str b)
{
	size_t pos = 0, words = 0, shared = 0;

	while (pos < a.len) {
		struct str word = next_word(a, &pos);
		if (word.len < 3)
			continue;
		words++;
		shared += str_contains_nocase(b, word);
	}
	return words ? (int)(shared * 100 / words) : 0;
}

enum { AKIN_HUNDREDTHS = 40 };

static int most_shared(struct str text, const struct str *titles, size_t count)
{
	int best = 0;

	for (size_t i = 0; i < count; i++) {
		int share = words_shared(text, titles[i]);
		best = share > best ? share : best;
	}
	return best;
}

static struct str find_h1(struct page_extractor *x, const struct str *titles, size_t count)
{
	const struct tree *t = &x->tree;
	struct str best = { 0 };
	uint32_t at = 0;
	size_t seen = 0;
	bool spoken_of = false;
	int share = 0;

	for (uint32_t i = 1; i < t->count; i++) {
		const struct node *n = &t->nodes[i];

		if (n->tag != LXB_TAG_H1 || n->flags & NODE_TEXT)
			continue;
		struct str text = node_text(x, i);
		if (text.len == 0 || text.len > 600)
			continue;
		bool equal = false, like = false;
		for (size_t k = 0; k < count; k++) {
			equal |= str_eq(name_key(x->mem, text), name_key(x->mem, titles[k]));
			like |= alike(x, text, titles[k]);
		}
		int akin = like ? 0 : most_shared(text, titles, count);
		bool better = akin >= AKIN_HUNDREDTHS && akin > share && !is_site_name(x, text);
		if (equal || (like && (!spoken_of || text.len > best.len)) ||
		    (!like && !spoken_of && (seen == 0 || better))) {
			best = text;
			at = i;
			share = akin;
		}
		seen++;
		spoken_of |= like;
		if (equal)
			break;
	}
	if (!spoken_of && ((seen != 1 && share < AKIN_HUNDREDTHS) || is_site_name(x, best)))
		return (struct str){ 0 };
	x->h1 = at;
	return best;
}

/* A <title> whose front, up to a separator, stands in the page as a text of its own: that front. */
static struct str front_in_page(struct page_extractor *x, struct str title)
{
	const struct tree *t = &x->tree;

	for (size_t i = 0; i < sizeof(separators) / sizeof(separators[0]); i++) {
		size_t at = str_find(title, separators[i]);
		if (at == STR_NONE || at < 6)
			continue;
		struct str front = name_key(x->mem, str_sub(title, 0, at));
		for (size_t b = 0; front.len && b < t->block_count; b++)
			if (t->blocks[b].len < 400 &&
			    str_eq(name_key(x->mem, block_text(t, &t->blocks[b])), front))
				return str_trim(str_sub(title, 0, at));
	}
	return title;
}

static size_t count_spaces(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.ptr[i] == ' ';
	return n;
}

/* Parts of a <h1> that only the style sheet sets apart ("Labour marketMore jobs"): as another place
 * writes the same. */
static struct str best_spaced(struct page_extractor *x, struct str h1, const struct str *titles,
			      size_t count)
{
	struct str best = h1;

	for (size_t i = 0; i < count; i++)
		if (same_title(x, h1, titles[i]) && count_spaces(titles[i]) > count_spaces(best))
			best = titles[i];
	return best;
}

void field_title(struct page_extractor *x)
{
	struct article *art = &x->out->article;
	struct str titles[] = { plain(x, x->meta.og_title), plain(x, x->ld.headline),
				plain(x, x->meta.title_tag), plain(x, x->meta.tw_title),
				plain(x, x->meta.meta_title) };
	enum { OG, LD, TAG, TW, META };
	struct str given = x->opt->title;

	struct str h1 = find_h1(x, titles, 5);
	for (size_t i = 0; i < 5; i++)
		titles[i] = without_site(x, titles[i]);
	struct str best = { 0 };
	enum origin from = FROM_NOWHERE;
	bool differs = h1.len && !same_title(x, h1, titles[LD]);
	if (differs && titles[LD].len >= 12 && same_title(x, titles[LD], titles[TAG])) {
		/* Two that are written apart agree against the <h1>, which is then a line for the
		 * page's look. */
		best = titles[LD];
		from = FROM_JSONLD;
	} else if (differs && titles[LD].len >= 12 && same_title(x, titles[LD], titles[OG])) {
		/* Or the <h1> has a kicker in front: "Premier League" and the headline behind it.
		 */
		best = titles[OG];
		from = FROM_META;
	} else if (h1.len && (alike(x, h1, titles[OG]) || alike(x, h1, titles[LD]) ||
			      alike(x, h1, titles[TAG]) ||
			      (!titles[LD].len && most_shared(h1, titles, 3) >= AKIN_HUNDREDTHS))) {
		/* What readers see, where what was written for search engines says the same in
		 * other words. */
		best = best_spaced(x, h1, titles, 5);
		from = FROM_PAGE;
	} else if (titles[LD].len) {
		best = titles[LD];
		from = FROM_JSONLD;
	} else if (titles[OG].len) {
		best = titles[OG];
		from = FROM_META;
	} else if (titles[TW].len || titles[META].len) {
		best = titles[TW].len ? titles[TW] : titles[META];
		from = FROM_META;
	} else if (h1.len) {
		best = h1;
		from = FROM_PAGE;
	} else {
		best = front_in_page(x, titles[TAG]);
		from = FROM_PAGE;
		x->title_is_weak = true;
	}
	x->out->stated_title = arena_str(x->mem, best);
	if (given.len) {
		art->title = arena_str(x->mem, given);
		art->title_from = FROM_FEED;
		return;
	}
	art->title = x->out->stated_title;
	art->title_from = best.len ? from : FROM_NOWHERE;
}

enum { TITLE_ABOVE = 8, TITLE_MIN = 6, TITLE_MAX = 160 };

/* A block that is made as a title: by its own class, or by that of the element around it. */
static bool is_title_block(const struct tree *t, const struct block *b)
{
	const struct node *n = &t->nodes[b->box];

	return (n->kinds | t->nodes[n->parent].kinds) & CLASS_BIT(CLASS_TITLE) &&
	       b->chars >= TITLE_MIN && b->chars <= TITLE_MAX && !b->cues &&
	       !text_has_clock(block_text(t, b));
}

/*
 * Where nothing but <title> names the page, and that is the same on all of the site's pages: what
 * stands right above the text and is made as a title.
 */
void field_title_again(struct page_extractor *x)
{
	const struct tree *t = &x->tree;
	struct article *art = &x->out->article;
	size_t first = 0;

	if (!x->title_is_weak || art->title_from == FROM_FEED)
		return;
	while (first < t->block_count && !t->blocks[first].keep)
		first++;
	if (first == t->block_count)
		return;
	for (size_t i = first + 1, steps = 0; i-- > 0 && steps < TITLE_ABOVE; steps++) {
		struct block *b = &t->blocks[i];

		if (!is_title_block(t, b) || alike(x, block_text(t, b), art->title))
			continue;
		b->keep = false;
		art->title = x->out->stated_title = arena_str(x->mem, block_text(t, b));
		return;
	}
}
