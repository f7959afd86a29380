#include "text/comments.h"

#include <string.h>

#include "base/str.h"

/* Offset behind the quoted text that starts at s[i]. */
static size_t skip_quoted(const char *s, size_t len, size_t i)
{
	char quote = s[i++];

	while (i < len && s[i] != quote)
		i += s[i] == '\\' && i + 1 < len ? 2 : 1;
	return i < len ? i + 1 : len;
}

void blank_comments(char *s, size_t len)
{
	bool word = false; /* "//" inside one is part of it: an address without quotes */

	for (size_t i = 0; i < len;) {
		struct str rest = str_n(s + i, len - i);
		size_t end = STR_NONE;

		if (s[i] == '"' || s[i] == '\'') {
			i = skip_quoted(s, len, i);
			word = false;
			continue;
		}
		if (s[i] == '#' || (!word && str_has_prefix(rest, S("//"))))
			end = str_find_ch(rest, '\n');
		else if (!word && str_has_prefix(rest, S("/*")) &&
			 str_find(rest, S("*/")) != STR_NONE)
			end = str_find(rest, S("*/")) + 2;
		word = !ch_is_space(s[i]) && !strchr("={}(),+", s[i]);
		if (end == STR_NONE)
			end = 1;
		else
			for (size_t k = i; k < i + end; k++)
				s[k] = s[k] == '\n' ? '\n' : ' ';
		i += end;
	}
}
