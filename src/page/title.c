/*
 * title - the headline, without the site's name: what the page says in several places, compared
 * with each other.
 */
#include <string.h>

#include "page/private.h"
#include "text/escape.h"
#include "text/url.h"
#include "text/utf8.h"

/* The places of a title; the first three are more often there than not. */
enum { TITLE_OG, TITLE_LD, TITLE_TAG, TITLE_TW, TITLE_META, TITLES };

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
	const struct str names[] = { x->meta.og_site, x->ld.publisher, x->meta.app_name,
				     x->home_name };

	if (key.len == 0)
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
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
	/* Blogger's way; elsewhere a colon parts a headline. */
	if (x->home_name.len && str_has_prefix(title, x->home_name) &&
	    str_has_prefix(str_from(title, x->home_name.len), S(": ")))
		title = str_from(title, x->home_name.len + 2);
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
 * things. One word alone ("Planning") is shared by chance. */
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
	return shared > 1 ? (int)(shared * 100 / words) : 0;
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

static bool is_front_page(struct page_extractor *x, struct str href)
{
	struct str url = url_resolve(x->mem, x->url, href);
	struct url parts;
	struct err ignored;

	return url_same_site(x->mem, url, x->url) &&
	       url_parse(x->mem, url, &parts, &ignored) == 0 && parts.query.len == 0 &&
	       (parts.path.len <= 1 || str_has_prefix(parts.path, S("/index.")) ||
		str_has_prefix(parts.path, S("/default.")));
}

/* A <h1> that is a link to the front page, or in one: the site's name. */
static bool leads_home(struct page_extractor *x, uint32_t h1)
{
	const struct tree *t = &x->tree;
	uint32_t link = t->nodes[h1].parent;

	for (uint32_t i = h1 + 1; i < t->nodes[h1].end && t->nodes[link].tag != LXB_TAG_A; i++)
		if (t->nodes[i].tag == LXB_TAG_A)
			link = i;
	return t->nodes[link].tag == LXB_TAG_A && t->nodes[link].flags & NODE_LINK &&
	       !(t->nodes[link].flags & NODE_TEXT) &&
	       is_front_page(x, node_attr_id(t->nodes[link].dom, LXB_DOM_ATTR_HREF));
}

/* "Headline - Section :: THE SITE": what ends a title of more than itself, set apart, is the site.
 */
static bool ends_title(struct page_extractor *x, struct str piece, struct str title)
{
	size_t at = title.len;

	if (!str_has_suffix(title, piece) || title.len < piece.len * 2)
		return false;
	for (size_t i = 0; i < sizeof(separators) / sizeof(separators[0]); i++)
		if (str_has_suffix(str_sub(title, 0, title.len - piece.len), separators[i]))
			at = title.len - piece.len - separators[i].len;
	return at < title.len &&
	       name_key(x->mem, str_sub(title, 0, at)).len > name_key(x->mem, piece).len;
}

/*
 * The <h1> the other titles speak of: the one equal to a title, else the longest that is like one;
 * else the only one there is, else none.
 */
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
			equal |= same_title(x, text, titles[k]);
			like |= alike(x, text, titles[k]);
		}
		if (!equal && (leads_home(x, i) || ends_title(x, text, titles[TITLE_TAG]))) {
			x->home_name = text;
			continue;
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

enum { FRONT_MIN = 6, BACK_MIN = 12 };

/* Whether a block of the page is the text and nothing else. */
static bool stands_in_page(struct page_extractor *x, struct str text)
{
	const struct tree *t = &x->tree;
	struct str key = name_key(x->mem, text);

	for (size_t b = 0; key.len && b < t->block_count; b++)
		if (t->blocks[b].len < 400 &&
		    str_eq(name_key(x->mem, block_text(t, &t->blocks[b])), key))
			return true;
	return false;
}

/* The front of <title> up to a separator, or what is behind its last, where that stands in the page
 * as a text of its own; else all of it. */
static struct str title_in_page(struct page_extractor *x, struct str title, bool *stands)
{
	struct str best = { 0 };

	for (size_t i = 0; i < sizeof(separators) / sizeof(separators[0]); i++) {
		size_t at = str_find(title, separators[i]), next = at;

		if (at == STR_NONE)
			continue;
		struct str front = str_trim(str_sub(title, 0, at)), back = front;
		while (next != STR_NONE) {
			back = str_from(back.ptr == front.ptr ? title : back,
					next + separators[i].len);
			next = str_find(back, separators[i]);
		}
		*stands = front.len >= FRONT_MIN && stands_in_page(x, front);
		if (*stands)
			return front;
		if (back.len >= BACK_MIN && back.len > best.len && stands_in_page(x, back))
			best = str_trim(back);
	}
	*stands = best.len || stands_in_page(x, title);
	return best.len ? best : title;
}

/* Between letters: what ends a title ("News |") parts nothing. */
static size_t count_gaps(struct str s)
{
	size_t n = 0;
	bool letters = false, gap = false;

	for (size_t i = 0; i < s.len; i++) {
		if (ch_is_alnum(s.ptr[i]) || (unsigned char)s.ptr[i] >= 0x80) {
			n += letters && gap;
			letters = true;
			gap = false;
		}
		gap |= s.ptr[i] == ' ';
	}
	return n;
}

/* Parts of a <h1> that only the style sheet sets apart ("Labour marketMore jobs"): as another place
 * writes the same. */
static struct str best_spaced(struct page_extractor *x, struct str h1, const struct str *titles)
{
	struct str best = h1;

	for (size_t i = 0; i < TITLES; i++)
		if (same_title(x, h1, titles[i]) && count_gaps(titles[i]) > count_gaps(best))
			best = titles[i];
	return best;
}

enum { OWN_MIN = 12, OWN_MAX = 200, CUT_MIN = 80 };

/* Whether a text can be a headline of its own: neither a word, nor a summary, nor cut short. */
static bool is_own_headline(struct page_extractor *x, struct str s)
{
	return s.len >= OWN_MIN && s.len <= OWN_MAX && !is_site_name(x, s) &&
	       !str_has_suffix(s, S("…")) && !str_has_suffix(s, S("..."));
}

/* Whether b is a with more before it, or behind it. */
static bool is_part_of(struct page_extractor *x, struct str a, struct str b)
{
	return str_contains(name_key(x->mem, b), name_key(x->mem, a));
}

/* "Premier League: " before a headline. */
static bool has_kicker(struct str title, struct str headline)
{
	return str_has_suffix(title, headline) && title.len > headline.len &&
	       ch_is_space(title.ptr[title.len - headline.len - 1]);
}

/*
 * Where one place says something else than all others, that one was written by hand, and the others
 * are copies. Newsrooms that have a headline beside the one for search engines put it
 *
 * - into og:title, where <title> is no more than the <h1> with the site's name behind it, and
 *   twitter:title does not side with that;
 * - or into JSON-LD, beside an alternativeHeadline, where og:title, <h1> and <title> are one.
 */
static struct str odd_one_out(struct page_extractor *x, struct str h1, const struct str *titles,
			      bool tag_was_cut, enum origin *from)
{
	struct str og = titles[TITLE_OG], ld = titles[TITLE_LD], none = { 0 };
	bool news = str_eq_nocase(x->meta.og_type, S("article"));

	if (!news || !h1.len || !same_title(x, h1, titles[TITLE_TAG]))
		return none;
	if (same_title(x, h1, og)) {
		bool akin = !is_part_of(x, ld, h1) && words_shared(ld, og) >= AKIN_HUNDREDTHS;
		*from = FROM_JSONLD;
		return akin && x->ld.alternative.len && is_own_headline(x, ld) ? ld : none;
	}
	if (!tag_was_cut || (ld.len && !same_title(x, h1, ld)) ||
	    same_title(x, h1, titles[TITLE_TW]))
		return none;
	*from = FROM_META;
	return is_own_headline(x, og) && !is_part_of(x, h1, og) && !has_kicker(h1, og) ? og : none;
}

static bool ld_is_confirmed(struct page_extractor *x, const struct str *titles, size_t by)
{
	return titles[TITLE_LD].len >= OWN_MIN && same_title(x, titles[TITLE_LD], titles[by]);
}

/* A headline for JSON-LD is often cut at 110 bytes; the whole one begins with it. */
static struct str whole_title(struct page_extractor *x, struct str cut, const struct str *titles)
{
	struct str key = name_key(x->mem, cut);

	for (size_t i = 0; i < TITLES && cut.len >= CUT_MIN; i++)
		if (i != TITLE_LD && str_has_prefix(name_key(x->mem, titles[i]), key))
			return titles[i];
	return cut;
}

static struct str choose_title(struct page_extractor *x, struct str h1, const struct str *titles,
			       bool tag_was_cut, enum origin *from)
{
	bool differs = h1.len && !same_title(x, h1, titles[TITLE_LD]);
	struct str odd = odd_one_out(x, h1, titles, tag_was_cut, from);

	if (odd.len)
		return odd;
	if (differs && ld_is_confirmed(x, titles, TITLE_TAG)) {
		/* Two that are written apart agree against the <h1>, which is then a line for the
		 * page's look. */
		*from = FROM_JSONLD;
		return titles[TITLE_LD];
	}
	*from = FROM_META;
	if (differs && ld_is_confirmed(x, titles, TITLE_OG))
		/* Or the <h1> has a kicker in front: "Premier League" and the headline behind it.
		 */
		return titles[TITLE_OG];
	if (h1.len && (alike(x, h1, titles[TITLE_OG]) || alike(x, h1, titles[TITLE_LD]) ||
		       alike(x, h1, titles[TITLE_TAG]) ||
		       (!titles[TITLE_LD].len && most_shared(h1, titles, 3) >= AKIN_HUNDREDTHS))) {
		/* What readers see, where what was written for search engines says the same in
		 * other words. */
		*from = FROM_PAGE;
		return best_spaced(x, h1, titles);
	}
	if (titles[TITLE_LD].len) {
		*from = FROM_JSONLD;
		return whole_title(x, titles[TITLE_LD], titles);
	}
	if (titles[TITLE_OG].len || titles[TITLE_TW].len || titles[TITLE_META].len)
		return titles[TITLE_OG].len   ? titles[TITLE_OG]
		       : titles[TITLE_TW].len ? titles[TITLE_TW]
					      : titles[TITLE_META];
	*from = FROM_PAGE;
	if (h1.len)
		return h1;
	bool stands = false;
	struct str tag = title_in_page(x, titles[TITLE_TAG], &stands);
	x->title_is_weak = !stands || !x->home_name.len;
	x->title_is_alone = !stands;
	return tag;
}

void field_title(struct page_extractor *x)
{
	struct article *art = &x->out->article;
	struct str titles[TITLES] = { [TITLE_OG] = plain(x, x->meta.og_title),
				      [TITLE_LD] = plain(x, x->ld.headline),
				      [TITLE_TAG] = plain(x, x->meta.title_tag),
				      [TITLE_TW] = plain(x, x->meta.tw_title),
				      [TITLE_META] = plain(x, x->meta.meta_title) };
	struct str given = x->opt->title;
	enum origin from = FROM_NOWHERE;

	struct str h1 = find_h1(x, titles, TITLES);
	size_t tag_len = titles[TITLE_TAG].len;
	for (size_t i = 0; i < TITLES; i++)
		titles[i] = without_site(x, titles[i]);
	struct str best = choose_title(x, h1, titles, titles[TITLE_TAG].len < tag_len, &from);
	x->out->stated_title = arena_str(x->mem, best);
	if (given.len) {
		art->title = arena_str(x->mem, given);
		art->title_from = FROM_FEED;
		return;
	}
	art->title = x->out->stated_title;
	art->title_from = best.len ? from : FROM_NOWHERE;
}

enum { TITLE_ABOVE = 8, TITLE_MIN = 6, TITLE_MAX = 160, STAMP_MAX = 40 };

/* A block that is made as a title: by its own class, or by that of the element around it. */
static bool is_title_block(const struct tree *t, const struct block *b)
{
	const struct node *n = &t->nodes[b->box];

	return (n->kinds | t->nodes[n->parent].kinds) & CLASS_BIT(CLASS_TITLE);
}

/* Or by no more than its letters: bold, or a heading, and no sentence. */
static bool looks_like_title(const struct block *b)
{
	bool heading = b->tag >= LXB_TAG_H1 && b->tag <= LXB_TAG_H4;

	return (heading || b->strong_chars * 10 >= b->chars * 9) && b->marks <= 1 && b->links == 0;
}

/*
 * Where nothing but <title> names the page, and that is the same on all of the site's pages: what
 * stands right above the text, or begins it, and is made as a title.
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
		struct str text = block_text(t, b);

		if (b->chars < TITLE_MIN || b->chars > TITLE_MAX || b->cues ||
		    (b->chars < STAMP_MAX && text_has_clock(text)) || alike(x, text, art->title))
			continue;
		if (!is_title_block(t, b) && !(x->title_is_alone && looks_like_title(b)))
			continue;
		b->keep = false;
		art->title = x->out->stated_title = arena_str(x->mem, text);
		art->title_from = FROM_PAGE;
		return;
	}
}
