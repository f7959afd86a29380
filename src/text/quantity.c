#include "text/quantity.h"

struct unit {
	const char *name;
	int64_t factor;
};

/* A number with up to nine decimals, off the front of *s, times the factor of the unit behind it.
 */
static bool take_quantity(struct str *s, const struct unit *units, int64_t *out)
{
	int64_t whole = 0, part = 0, scale = 1;
	size_t i = 0, digits = 0;

	for (; i < s->len && ch_is_digit(s->ptr[i]); i++, digits++) {
		if (whole > INT64_MAX / 100)
			return false;
		whole = whole * 10 + (s->ptr[i] - '0');
	}
	if (i < s->len && s->ptr[i] == '.')
		for (i++; i < s->len && ch_is_digit(s->ptr[i]) && scale < 1000000000;
		     i++, digits++) {
			part = part * 10 + (s->ptr[i] - '0');
			scale *= 10;
		}
	if (digits == 0)
		return false;
	while (i < s->len && s->ptr[i] == ' ')
		i++;
	size_t from = i;
	while (i < s->len && ch_is_alpha(s->ptr[i]))
		i++;
	struct str unit = str_sub(*s, from, i);
	*s = str_trim(str_from(*s, i));
	for (const struct unit *u = units; u->name; u++) {
		if (!str_eq_nocase(unit, str_of(u->name)))
			continue;
		if (whole > INT64_MAX / 2 / u->factor)
			return false;
		*out = whole * u->factor +
		       (int64_t)((double)part / (double)scale * (double)u->factor + 0.5);
		return true;
	}
	return false;
}

bool quantity_ms(struct str s, int64_t *ms)
{
	static const struct unit units[] = {
		{ "ms", 1 },      { "s", 1000 },     { "m", 60000 },     { "min", 60000 },
		{ "h", 3600000 }, { "d", 86400000 }, { "w", 604800000 }, { 0 },
	};
	int64_t sum = 0, one;

	s = str_trim(s);
	if (s.len == 0)
		return false;
	while (s.len > 0) {
		if (!take_quantity(&s, units, &one) || one > INT64_MAX / 2 - sum)
			return false;
		sum += one;
	}
	*ms = sum;
	return true;
}

bool quantity_bytes(struct str s, int64_t *bytes)
{
	static const struct unit units[] = {
		{ "", 1 },          { "B", 1 },           { "KB", 1000 },
		{ "MB", 1000000 },  { "GB", 1000000000 }, { "K", 1024 },
		{ "M", 1 << 20 },   { "G", 1 << 30 },     { "KiB", 1024 },
		{ "MiB", 1 << 20 }, { "GiB", 1 << 30 },   { 0 },
	};

	s = str_trim(s);
	return take_quantity(&s, units, bytes) && s.len == 0;
}
