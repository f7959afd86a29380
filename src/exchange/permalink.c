/*
 * Addresses as Jekyll 3 and 4 make them (Jekyll::URL, Drops::UrlDrop, Utils.slugify), so that those
 * of an imported site go on working; not percent-encoded. A pattern without an extension or slash
 * at its end ("/:title") makes a file
 * "/a.html", which hosts of static sites give for "/a": so do we.
 */
#include "exchange/letters_table.h"
#include "exchange/private.h"

#include <stdlib.h>
#include <string.h>

#include "text/date.h"
#include "text/utf8.h"

enum { MAX_PART_BYTES = 255 };

static bool is_letter(uint32_t c)
{
	size_t low = 0, high = letter_range_count;

	if (c < 0x80)
		return ch_is_alnum((char)c);
	while (low < high) {
		size_t mid = (low + high) / 2;

		if (c > letter_ranges[mid].to)
			low = mid + 1;
		else
			high = mid;
	}
	return low < letter_range_count && c >= letter_ranges[low].from;
}

/* Lower case where an alphabet has it at a fixed distance: Latin-1, Latin Extended-A, Greek,
 * Cyrillic. */
static uint32_t lower(uint32_t c)
{
	if (c < 0x80)
		return (uint32_t)(unsigned char)ch_lower((char)c);
	if ((c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3A9 && c != 0x3A2) ||
	    (c >= 0x410 && c <= 0x42F))
		return c + 32;
	if (c >= 0x400 && c <= 0x40F)
		return c + 80;
	if ((c >= 0x100 && c <= 0x12F) || (c >= 0x14A && c <= 0x177))
		return c | 1;
	return c;
}

struct str jekyll_slug(struct arena *a, struct str s, bool pretty, bool lower_case)
{
	struct buf out;
	bool hyphen = false;

	buf_init(&out, BUF_NO_MAX);
	for (size_t pos = 0; pos < s.len;) {
		uint32_t c = utf8_next(s, &pos);

		if (!is_letter(c) &&
		    !(pretty && c != 0 && c < 0x80 && strchr("._~!$&'()+,;=@", (int)c))) {
			hyphen = true;
			continue;
		}
		if (hyphen && out.len > 0)
			buf_add_ch(&out, '-');
		hyphen = false;
		buf_add_utf8(&out, lower_case ? lower(c) : c);
	}
	struct str slug = arena_str(a, buf_str(&out));
	buf_fini(&out);
	return slug;
}

/* Each category once, lower case, with "/" between. */
static void add_categories(struct arena *a, struct buf *out, const struct strs *categories,
			   bool slugified)
{
	size_t start = out->len;

	for (size_t i = 0; i < categories->count; i++) {
		struct str one = categories->items[i];
		bool again = false;

		for (size_t k = 0; k < i; k++)
			again = again || str_eq(categories->items[k], one);
		if (again)
			continue;
		if (out->len > start)
			buf_add_ch(out, '/');
		if (slugified) {
			buf_add(out, jekyll_slug(a, one, false, true));
			continue;
		}
		for (size_t pos = 0; pos < one.len;)
			buf_add_utf8(out, lower(utf8_next(one, &pos)));
	}
}

static int day_of_year(const struct date_fields *f)
{
	struct date_fields first = { .year = f->year, .month = 1, .day = 1 };
	struct date_fields today = { .year = f->year, .month = f->month, .day = f->day };

	return (int)((date_from_fields(&today, 0) - date_from_fields(&first, 0)) / 86400000) + 1;
}

struct fill {
	struct arena *a;
	struct str slug;
	const struct strs *categories;
	struct date_fields f;
};

static const char *const months[] = { "January",   "February", "March",    "April",
				      "May",       "June",     "July",     "August",
				      "September", "October",  "November", "December" };
static const char *const days[] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
				    "Thursday", "Friday", "Saturday" };

/* A number of the date, by its placeholder's name and width; false: no such name. */
static bool add_number(const struct fill *x, struct str name, struct buf *out)
{
	const struct date_fields *f = &x->f;
	const struct {
		const char *name;
		int width, value;
	} numbers[] = {
		{ "year", 4, f->year },
		{ "short_year", 2, f->year % 100 },
		{ "month", 2, f->month },
		{ "i_month", 1, f->month },
		{ "day", 2, f->day },
		{ "i_day", 1, f->day },
		{ "hour", 2, f->hour },
		{ "minute", 2, f->minute },
		{ "second", 2, f->second },
		{ "y_day", 3, day_of_year(f) },
		{ "w_day", 1, f->weekday ? f->weekday : 7 },
		{ "week", 2, (day_of_year(f) - 1 - (f->weekday + 6) % 7 + 10) / 7 },
		{ "w_year", 4, f->year },
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (!str_eq(name, str_of(numbers[i].name)))
			continue;
		buf_addf(out, "%0*d", numbers[i].width, numbers[i].value);
		return true;
	}
	return false;
}

static bool add_placeholder(const struct fill *x, struct str name, struct buf *out)
{
	const char *month = months[x->f.month - 1], *day = days[x->f.weekday];

	if (add_number(x, name, out))
		return true;
	if (str_eq(name, S("title")))
		buf_add(out, jekyll_slug(x->a, x->slug, true, false));
	else if (str_eq(name, S("slug")))
		buf_add(out, jekyll_slug(x->a, x->slug, false, true));
	else if (str_eq(name, S("name")) || str_eq(name, S("basename")))
		buf_add(out, x->slug);
	else if (str_eq(name, S("categories")))
		add_categories(x->a, out, x->categories, false);
	else if (str_eq(name, S("slugified_categories")))
		add_categories(x->a, out, x->categories, true);
	else if (str_eq(name, S("output_ext")))
		buf_add_cstr(out, ".html");
	else if (str_eq(name, S("collection")))
		buf_add_cstr(out, "posts");
	else if (str_eq(name, S("long_month")))
		buf_add_cstr(out, month);
	else if (str_eq(name, S("short_month")))
		buf_add_n(out, month, 3);
	else if (str_eq(name, S("long_day")))
		buf_add_cstr(out, day);
	else if (str_eq(name, S("short_day")))
		buf_add_n(out, day, 3);
	else
		return false;
	return true;
}

/* ":name_" is the placeholder "name" with "_" behind it, unless there is a "name_". */
static void fill_template(const struct fill *x, struct str template, struct buf *out)
{
	for (size_t i = 0; i < template.len; i++) {
		size_t end = i + 1;

		while (end < template.len &&
		       ((template.ptr[end] >= 'a' && template.ptr[end] <= 'z') ||
			template.ptr[end] == '_'))
			end++;
		if (template.ptr[i] != ':' || end == i + 1) {
			buf_add_ch(out, template.ptr[i]);
			continue;
		}
		struct str name = str_sub(template, i + 1, end);
		if (!add_placeholder(x, name, out) && str_has_suffix(name, S("_")) &&
		    add_placeholder(x, str_sub(name, 0, name.len - 1), out))
			buf_add_ch(out, '_');
		i = end - 1;
	}
}

/* Jekyll's sanitize_url (".." and "./" out, slashes single), and no part longer than a file's name
 * may be. */
static struct str make_safe(struct arena *a, struct str path)
{
	struct buf out;
	struct str part;

	buf_init(&out, BUF_NO_MAX);
	while (str_split(&path, '/', &part)) {
		bool dots = true;

		for (size_t i = 0; i < part.len; i++)
			dots = dots && part.ptr[i] == '.';
		if (dots)
			continue;
		buf_add_ch(&out, '/');
		part = utf8_cut(part, MAX_PART_BYTES - 5);
		for (size_t i = 0; i < part.len; i++)
			buf_add_ch(&out, (unsigned char)part.ptr[i] < ' ' ? '-' : part.ptr[i]);
	}
	struct str safe = arena_str(a, buf_str(&out));
	buf_fini(&out);
	return safe;
}

static struct str style_of(struct str permalink)
{
	static const struct {
		const char *name;
		struct str template;
	} styles[] = {
		{ "date", STR("/:categories/:year/:month/:day/:title:output_ext") },
		{ "pretty", STR("/:categories/:year/:month/:day/:title/") },
		{ "ordinal", STR("/:categories/:year/:y_day/:title:output_ext") },
		{ "weekdate", STR("/:categories/:year/W:week/:short_day/:title:output_ext") },
		{ "none", STR("/:categories/:title:output_ext") },
	};

	for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++)
		if (permalink.len == 0 || str_eq(permalink, str_of(styles[i].name)))
			return styles[i].template;
	return permalink;
}

struct str jekyll_path(struct arena *a, const struct jekyll_site *site, struct str permalink,
		       struct str slug, const struct strs *categories, int64_t date)
{
	struct fill x = { .a = a, .slug = slug, .categories = categories };
	struct buf out;

	permalink = style_of(permalink.len > 0 ? permalink : site->permalink);
	date_fields(date == TIME_UNSTATED ? 0 : date, site->zone_min, &x.f);
	buf_init(&out, BUF_NO_MAX);
	fill_template(&x, permalink, &out);
	struct str filled = buf_str(&out);
	bool is_folder = str_has_suffix(filled, S("/"));
	struct str safe = make_safe(a, filled);
	buf_fini(&out);
	if (is_folder || safe.len == 0)
		return arena_strf(a, "%.*s/", STR_FMT(safe));
	if (str_has_suffix(safe, S(".html")))
		return safe;
	return arena_strf(a, "%.*s.html", STR_FMT(safe));
}
