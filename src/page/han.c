/*
 * han - names as Chinese reports give them: in a run with the place, behind the desk, before what
 * they are. Nothing parts them but their length and their first character.
 */
#include "page/private.h"
#include "text/utf8.h"

/* Two to four ideographs, the first one or two a surname. */
bool han_is_name(struct str s)
{
	size_t count = 0, first = 0, second = 0;

	for (size_t i = 0; i < s.len;) {
		if (!utf8_is_han(utf8_next(s, &i)))
			return false;
		count++;
		first = count == 1 ? i : first;
		second = count == 2 ? i : second;
	}
	return (count >= 2 && count <= 3 && vocab_in("surname", str_sub(s, 0, first))) ||
	       (count >= 3 && count <= 4 && vocab_in("surname", str_sub(s, 0, second)));
}

enum { CHARACTER = 3, NAME_BYTES = 3 * CHARACTER };

/*
 * 江映禾、方立人霧梓: names, and the place behind the last of them. Nothing but its length tells
 * the last name from the place: three characters, or two where only four are left for both.
 */
struct str han_reporters(struct str s, struct str *place)
{
	size_t last = 0, at;

	*place = (struct str){ 0 };
	while ((at = str_find(str_from(s, last), S("、"))) != STR_NONE)
		last += at + CHARACTER;
	struct str tail = str_from(s, last);
	size_t n = utf8_count(tail), name = n == 4 ? 2 * CHARACTER : NAME_BYTES;

	if (n < 3 || tail.len != n * CHARACTER)
		return (struct str){ 0 };
	*place = str_from(tail, name);
	return str_sub(s, 0, last + name);
}

/* 政治中心／王小明、李大華台北報導: behind the desk. */
static struct str behind_desk(struct str line)
{
	static const struct str reports[] = { STR("報導"), STR("報道"), STR("报道") };
	size_t wide = str_find(line, S("／")), narrow = str_find_ch(line, '/');
	size_t at = wide < narrow ? wide : narrow;
	struct str place, names = { 0 };

	if (at == STR_NONE || !vocab_ends("desk", str_trim(str_sub(line, 0, at))))
		return names;
	line = str_trim(str_from(line, at + (wide < narrow ? CHARACTER : 1)));
	for (size_t i = 0; i < sizeof(reports) / sizeof(reports[0]); i++)
		if (str_has_suffix(line, reports[i]))
			names = han_reporters(str_sub(line, 0, line.len - reports[i].len), &place);
	/* A place alone (高雄報導) may begin with a surname: no name of two characters here. */
	struct str first = str_sub(names, 0, str_find(names, S("、")));
	return first.len >= NAME_BYTES && han_is_name(first) ? names : (struct str){ 0 };
}

enum { BYLINE_MAX = 90, HOUSE_MAX = 30 };

struct str han_byline(struct str line)
{
	size_t first = str_find_ch(line, ' '), last = str_rfind_ch(line, ' ');

	if (line.len > BYLINE_MAX)
		return (struct str){ 0 };
	if (first != STR_NONE) {
		struct str front = str_sub(line, 0, first), back = str_from(line, last + 1);
		/* 王小明 特約撰稿人 */
		if (line.len - first < HOUSE_MAX && vocab_ends("job", line) && han_is_name(front))
			return front;
		/* 港口新聞網 王小明 */
		if (last < HOUSE_MAX && back.len >= NAME_BYTES &&
		    vocab_ends("desk", str_sub(line, 0, last)) && han_is_name(back))
			return back;
	}
	return behind_desk(line);
}
