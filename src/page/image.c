#include "page/image.h"

#include <lexbor/tag/const.h>

#include "page/address.h"
#include "page/attrs.h"
#include "page/rules.h"
#include "text/url.h"

/*
 * Where scripts that load images late keep the address; the first that is there wins. Those behind
 * SURE hold other things as well (the page an image leads to): beside a real src they count where
 * they name an image's file.
 */
static const struct str lazy_attrs[] = {
	STR("data-src"),
	STR("data-original"),
	STR("data-lazy-src"),
	STR("data-actualsrc"),
	STR("data-original-src"),
	STR("data-cfsrc"),
	STR("data-ezsrc"),
	STR("data-pagespeed-lazy-src"),
	STR("data-hi-res-src"),
	STR("data-full-src"),
	STR("data-large-src"),
	STR("data-img-src"),
	STR("data-image-src"),
	STR("data-imgsrc"),
	STR("data-lazyload"),
	STR("data-lazy-load"),
	STR("data-flickity-lazyload"),
	STR("lazy-src"),
	STR("lazysrc"),
	STR("real_src"),
	STR("data-lazy"),
	STR("data-echo"),
	STR("data-hires"),
	STR("data-image"),
	STR("data-img"),
	STR("data-url"),
	STR("data-delayed-url"),
	STR("data-default-src"),
	STR("data-backsrc"),
	STR("data-croporiginal"),
	STR("data-origin"),
	STR("data-raw-src"),
	STR("data-orig-file"),
	STR("data-large-file"),
	STR("data-medium-file"),
	STR("original"),
	STR("zoomfile"),
	STR("file"),
	STR("_src"),
};
enum { SURE = 20 };

static const struct str lazy_srcsets[] = {
	STR("data-srcset"),
	STR("data-lazy-srcset"),
	STR("data-ezsrcset"),
	STR("data-original-set"),
};

/* The file's name of an image that stands where another will be loaded, or the last word of it. */
static const struct str placeholder_words[] = {
	STR("blank"),    STR("spacer"),      STR("placeholder"),
	STR("lazyload"), STR("transparent"), STR("1x1"),
};
/* Words that name pictures, too: the whole name of what is no photograph. */
static const struct str placeholder_files[] = {
	STR("loading"), STR("loader"), STR("lazy"),  STR("pixel"), STR("empty"),
	STR("dot"),     STR("trans"),  STR("clear"), STR("white"), STR("grey"),
	STR("gray"),    STR("s"),      STR("p"),     STR("t"),
};

/* In the address of an image that counts its readers. */
static const struct str tracker_marks[] = {
	STR("feeds.feedburner.com/~"),
	STR("pixel.wp.com/"),
	STR("stats.wordpress.com/"),
	STR("/b.gif?"),
	STR("google-analytics.com/"),
	STR("doubleclick.net/"),
	STR("scorecardresearch.com/"),
	STR("facebook.com/tr?"),
	STR("/piwik.php"),
	STR("/matomo.php"),
	STR("quantserve.com/"),
	STR("/track/open"),
	STR("/wf/open"),
	STR("feedsportal.com/"),
	STR("pheedo.com/"),
	STR("amazon-adsystem.com/"),
	STR("/e/ir?"),
	STR("imrworldwide.com/"),
	STR("hm.baidu.com/"),
	STR(".cnzz.com/"),
	STR(".mmstat.com/"),
	STR("/pixel.gif"),
	STR("/pixel.png"),
	STR("/pixel?"),
	STR("/tracking-pixel"),
	STR("/trackingpixel"),
	STR("/1x1."),
	STR("/beacon.gif"),
	STR("/beacon?"),
	STR("/__utm.gif"),
	STR("met.vgwort.de/"),
	STR(".ivwbox.de/"),
	STR(".ioam.de/"),
	STR("/spacer.gif"),
	STR("/blank.gif"),
	STR("//pixel."),
	STR("//counter."),
	STR("/counter.gif"),
	STR("/count.gif"),
	STR("//stats.g."),
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Ten bits of the three bytes at p. */
static uint32_t front_of(const char *p)
{
	uint32_t three = (uint32_t)(uint8_t)p[0] | (uint32_t)(uint8_t)p[1] << 8 |
			 (uint32_t)(uint8_t)p[2] << 16;

	return (three * 0x9E3779B1u) >> 22;
}

/* Marks are of three bytes or more, in lower case: one pass looks where one of them may begin. */
static bool has_one_of(struct arena *a, struct str s, const struct str *marks, size_t count)
{
	uint64_t fronts[16] = { 0 };
	char *lower = arena_cstr(a, s);

	for (size_t i = 0; i < s.len; i++)
		lower[i] = ch_lower(lower[i]);
	for (size_t i = 0; i < count; i++) {
		uint32_t front = front_of(marks[i].ptr);
		fronts[front / 64] |= UINT64_C(1) << front % 64;
	}
	for (size_t at = 0; at + 3 <= s.len; at++) {
		uint32_t front = front_of(lower + at);

		if (!(fronts[front / 64] >> front % 64 & 1))
			continue;
		for (size_t i = 0; i < count; i++)
			if (str_has_prefix(str_n(lower + at, s.len - at), marks[i]))
				return true;
	}
	return false;
}

static int digits(struct str s, size_t *pos)
{
	int n = 0;

	while (*pos < s.len && ch_is_digit(s.ptr[*pos])) {
		if (n < 10000000)
			n = n * 10 + (s.ptr[*pos] - '0');
		++*pos;
	}
	return n;
}

/* "640", "640px"; 0 where it is anything else, -1 where it says zero. */
static int length_px(struct str s)
{
	size_t pos = 0;
	int n;

	s = str_trim(s);
	if (!s.len || !ch_is_digit(*s.ptr))
		return 0;
	n = digits(s, &pos);
	if (pos < s.len && s.ptr[pos] == '.')
		for (pos++; pos < s.len && ch_is_digit(s.ptr[pos]);)
			pos++;
	s = str_from(s, pos);
	if (s.len && !str_eq_nocase(s, S("px")))
		return 0;
	return n ? n : -1;
}

/* A declaration's value in an inline style, "width: 1px" asked for with "width". */
static struct str style_value(struct str style, struct str name)
{
	struct str one;

	while (str_split(&style, ';', &one)) {
		size_t colon = str_find_ch(one, ':');

		if (colon != STR_NONE && str_eq_nocase(str_trim(str_sub(one, 0, colon)), name))
			return str_trim(str_from(one, colon + 1));
	}
	return str_n(NULL, 0);
}

/* --- srcset: HTML standard 4.8.4.2.1
 * ----------------------------------------------------------------- */

enum { BEST_DENSITY = 2000 }; /* thousandths; more than that no reader sees */

/* Reads "640w" or "1.5x" (nothing: 1x): a width, or a density in thousandths. */
static void descriptor(struct str s, int *width, int *density)
{
	size_t pos = 0;
	int n;

	*width = *density = 0;
	s = str_trim(s);
	if (!s.len) {
		*density = 1000;
		return;
	}
	n = digits(s, &pos);
	if (pos < s.len && s.ptr[pos] == 'w') {
		*width = n;
		return;
	}
	n = n < 100 ? n * 1000 : 0;
	if (pos < s.len && s.ptr[pos] == '.') {
		int unit = 100;

		for (pos++; pos < s.len && ch_is_digit(s.ptr[pos]); pos++, unit /= 10)
			n += unit * (s.ptr[pos] - '0');
	}
	*density = pos < s.len && s.ptr[pos] == 'x' ? n : 0;
}

/* The largest up to the ceiling, else the smallest above it. */
static bool is_better(int n, int best, int ceiling)
{
	if (best > ceiling)
		return n > 0 && n < best;
	return n > best && (n <= ceiling || best == 0);
}

struct str image_of_srcset(struct str srcset, int *width)
{
	struct str best = { NULL, 0 };
	int best_density = 0;
	size_t pos = 0;

	*width = 0;
	while (pos < srcset.len) {
		size_t from, to;
		int w, density;

		while (pos < srcset.len && (ch_is_space(srcset.ptr[pos]) || srcset.ptr[pos] == ','))
			pos++;
		for (from = pos; pos < srcset.len && !ch_is_space(srcset.ptr[pos]);)
			pos++;
		to = pos;
		if (to > from && srcset.ptr[to - 1] == ',') {
			while (to > from && srcset.ptr[to - 1] == ',')
				to--;
		} else {
			while (pos < srcset.len && srcset.ptr[pos] != ',')
				pos++;
		}
		descriptor(to < pos && srcset.ptr[to] != ',' ? str_sub(srcset, to, pos)
							     : str_n(NULL, 0),
			   &w, &density);
		if (to == from)
			continue;
		if (w ? is_better(w, *width, IMAGE_MAX_WIDTH)
		      : !*width && is_better(density, best_density, BEST_DENSITY)) {
			best = str_sub(srcset, from, to);
			*width = w;
			best_density = density;
		}
	}
	return best;
}

/* --- candidates
 * ---------------------------------------------------------------------------------------- */

struct candidates {
	struct arena *a;
	struct str base;
	struct str best;
	int width; /* 0: not known */
};

static bool is_template(struct str s)
{
	return str_find_ch(s, '{') != STR_NONE || str_contains(s, S("%7B"));
}

/* The last part of the path, and what stands behind its last dot. */
static struct str file_name(struct str url, struct str *extension)
{
	size_t end = str_find_ch(url, '?'), hash = str_find_ch(url, '#'), slash, dot;

	url = str_sub(url, 0, end < hash ? end : hash);
	slash = str_rfind_ch(url, '/');
	url = slash == STR_NONE ? url : str_from(url, slash + 1);
	dot = str_rfind_ch(url, '.');
	*extension = dot == STR_NONE ? str_n(NULL, 0) : str_from(url, dot + 1);
	return str_sub(url, 0, dot);
}

static bool is_image_file(struct str url)
{
	static const struct str extensions[] = {
		STR("jpg"),  STR("jpeg"), STR("png"), STR("gif"),
		STR("webp"), STR("avif"), STR("bmp"),
	};
	struct str extension;

	file_name(url, &extension);
	for (size_t i = 0; i < COUNT(extensions); i++) {
		if (str_eq_nocase(extension, extensions[i]))
			return true;
	}
	return false;
}

static bool is_placeholder(struct str url)
{
	struct str extension, name = file_name(url, &extension);
	bool drawn = str_eq_nocase(extension, S("gif")) || str_eq_nocase(extension, S("svg")) ||
		     str_eq_nocase(extension, S("png"));

	for (size_t i = 0; i < COUNT(placeholder_files) && drawn; i++) {
		if (str_eq_nocase(name, placeholder_files[i]))
			return true;
	}
	for (size_t i = 0; i < COUNT(placeholder_words); i++) {
		struct str word = placeholder_words[i];
		size_t from = name.len < word.len ? 0 : name.len - word.len;

		if (str_eq_nocase(str_from(name, from), word) &&
		    (from == 0 || !ch_is_alnum(name.ptr[from - 1])))
			return true;
	}
	return false;
}

/* An embedded bitmap: no request, no script; short ones are placeholders. */
static bool is_bitmap_data(struct str s)
{
	static const struct str kinds[] = {
		STR("data:image/png;base64,"),  STR("data:image/jpeg;base64,"),
		STR("data:image/jpg;base64,"),  STR("data:image/gif;base64,"),
		STR("data:image/webp;base64,"), STR("data:image/avif;base64,"),
	};
	size_t from = 0;

	for (size_t i = 0; i < COUNT(kinds) && !from; i++) {
		if (str_has_prefix(s, kinds[i]))
			from = kinds[i].len;
	}
	if (!from || s.len < 512)
		return false;
	for (size_t i = from; i < s.len; i++) {
		if (!ch_is_alnum(s.ptr[i]) && s.ptr[i] != '+' && s.ptr[i] != '/' && s.ptr[i] != '=')
			return false;
	}
	return true;
}

static bool offer(struct candidates *c, struct str ref, int width)
{
	struct str url;

	ref = str_trim(ref);
	if (!ref.len)
		return false;
	if (is_bitmap_data(ref))
		url = ref;
	else
		url = address_safe(c->a, c->base, ref, SCHEME_WEB);
	if (!url.len || *url.ptr == '#' ||
	    (c->best.len && !is_better(width, c->width, IMAGE_MAX_WIDTH)))
		return false;
	/* The address as it will stand: what is left out of a reference may have stood inside of
	 * %7B. */
	if (is_placeholder(url) || is_template(url))
		return false;
	c->best = url;
	c->width = width;
	return true;
}

static void offer_srcset(struct candidates *c, struct str srcset)
{
	int width = 0;
	struct str ref = image_of_srcset(srcset, &width);

	if (ref.len)
		offer(c, ref, width);
}

/* "(min-width: 800px)" gives 800: a <source> without widths says that way how large it is. */
static int min_width(struct str media)
{
	size_t pos = str_find_nocase(media, S("min-width:"));

	if (pos == STR_NONE)
		return 0;
	for (pos += 10; pos < media.len && media.ptr[pos] == ' ';)
		pos++;
	return digits(media, &pos);
}

static void offer_source(struct candidates *c, lxb_dom_element_t *source)
{
	static const struct str types[] = {
		STR("image/avif"), STR("image/webp"), STR("image/jpeg"),
		STR("image/jpg"),  STR("image/png"),  STR("image/gif"),
	};
	struct str type = attr_of(source, S("type"));
	struct str media = attr_of(source, S("media"));
	struct str srcset = attr_of(source, S("srcset"));
	struct str ref;
	int width = 0;

	if (type.len && !has_one_of(c->a, type, types, COUNT(types)))
		return;
	if (str_contains_nocase(media, S("dark")) || str_contains_nocase(media, S("print")))
		return;
	for (size_t i = 0; i < COUNT(lazy_srcsets); i++) {
		struct str lazy = attr_of(source, lazy_srcsets[i]);

		srcset = lazy.len ? lazy : srcset;
	}
	ref = image_of_srcset(srcset, &width);
	if (!ref.len)
		return;
	offer(c, ref, width ? width : min_width(media));
}

static void offer_picture(struct candidates *c, lxb_dom_node_t *picture)
{
	for (lxb_dom_node_t *n = picture->first_child; n; n = n->next) {
		if (n->local_name == LXB_TAG_SOURCE && n->type == LXB_DOM_NODE_TYPE_ELEMENT)
			offer_source(c, lxb_dom_interface_element(n));
	}
}

struct image_attrs {
	struct str src, srcset, lazy, lazy_srcset, style;
	size_t lazy_rank;
};

static void read_attrs(lxb_dom_element_t *img, struct image *out, struct image_attrs *in)
{
	in->lazy_rank = COUNT(lazy_attrs);
	for (lxb_dom_attr_t *at = lxb_dom_element_first_attribute(img); at;
	     at = lxb_dom_element_next_attribute(at)) {
		struct str name = attr_name(at), value = attr_value(at);

		if (str_eq(name, S("src")))
			in->src = value;
		else if (str_eq(name, S("srcset")))
			in->srcset = value;
		else if (str_eq(name, S("alt")))
			out->alt = value;
		else if (str_eq(name, S("title")))
			out->title = value;
		else if (str_eq(name, S("width")))
			out->width = length_px(value);
		else if (str_eq(name, S("height")))
			out->height = length_px(value);
		else if (str_eq(name, S("style")))
			in->style = value;
		for (size_t i = 0; i < in->lazy_rank; i++) {
			if (str_eq(name, lazy_attrs[i]) && value.len) {
				in->lazy = value;
				in->lazy_rank = i;
			}
		}
		for (size_t i = 0; i < COUNT(lazy_srcsets); i++) {
			if (str_eq(name, lazy_srcsets[i]))
				in->lazy_srcset = value;
		}
	}
}

static bool is_tiny(int px)
{
	return px == -1 || px == 1 || px == 2;
}

/* A style's, but for those whose least says more: "width: 0; min-width: 100%" fills what it is in.
 */
static int styled_px(struct str style, struct str name, struct str least)
{
	return style_value(style, least).len ? 0 : length_px(style_value(style, name));
}

static bool is_tracker(struct arena *a, const struct image *im, const struct image_attrs *in)
{
	struct str url = im->src.len ? im->src : in->src;
	size_t query = str_find_ch(url, '?');
	int w = im->width ? im->width : styled_px(in->style, S("width"), S("min-width"));
	int h = im->height ? im->height : styled_px(in->style, S("height"), S("min-height"));

	if ((is_tiny(w) && (!h || is_tiny(h))) || (is_tiny(h) && !w))
		return true;
	if (!in->lazy.len && !in->lazy_srcset.len &&
	    str_eq_nocase(style_value(in->style, S("display")), S("none")))
		return true;
	/* one byte of the query belongs to the marks; what it redirects to does not */
	if (query != STR_NONE)
		url.len = query + 1;
	return has_one_of(a, url, tracker_marks, COUNT(tracker_marks));
}

void image_read(struct arena *a, lxb_dom_element_t *img, struct str base, struct image *out)
{
	struct candidates c = { .a = a, .base = base };
	struct image_attrs in = { 0 };
	lxb_dom_node_t *parent = lxb_dom_interface_node(img)->parent;

	*out = (struct image){ 0 };
	read_attrs(img, out, &in);
	offer_srcset(&c, in.lazy_srcset);
	if (!c.best.len)
		offer_srcset(&c, in.srcset);
	if (parent && parent->local_name == LXB_TAG_PICTURE)
		offer_picture(&c, parent);
	if (!c.best.len && (in.lazy_rank < SURE || is_image_file(in.lazy)))
		offer(&c, in.lazy, 0);
	if (!c.best.len)
		offer(&c, in.src, 0);
	if (!c.best.len)
		offer(&c, in.lazy, 0);
	out->src = c.best;
	out->tracker = is_tracker(a, out, &in);
	out->width = out->width < 0 ? 0 : out->width;
	out->height = out->height < 0 ? 0 : out->height;
}
