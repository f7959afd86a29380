/*
 * code - text for machines in a page's place: robots.txt, style sheets, scripts. Told by how they
 * begin: what follows may be anything, and a page that shows code begins with markup.
 */
#include "page/private.h"

enum { LOOK_BYTES = 4096, RULES_MIN = 2, ROBOTS_MIN = 2 };

static bool is_name_char(char ch)
{
	return ch_is_alnum(ch) || ch == '-' || ch == '_';
}

/* Behind white space and comments: both kinds, as style sheets have them inside rules too. */
static struct str skip_comments(struct str s)
{
	for (;;) {
		struct str end;

		s = str_trim(s);
		if (str_has_prefix(s, S("/*")))
			end = S("*/");
		else if (str_has_prefix(s, S("//")))
			end = S("\n");
		else
			return s;
		size_t at = str_find(s, end);
		s = str_from(s, at == STR_NONE ? s.len : at + end.len);
	}
}

/* "Disallow: /x" on every line that is no comment, and one of the known fields among the first. */
static bool is_robots(struct str s)
{
	static const struct str fields[] = {
		STR("user-agent"), STR("disallow"),    STR("allow"),
		STR("sitemap"),    STR("crawl-delay"), STR("host"),
	};
	size_t known = 0;
	struct str line;

	while (str_split(&s, '\n', &line)) {
		line = str_trim(str_sub(line, 0, str_find_ch(line, '#')));
		size_t colon = str_find_ch(line, ':');
		if (line.len == 0)
			continue;
		if (colon == STR_NONE)
			return s.len == 0 && known >= ROBOTS_MIN; /* cut off in the middle */
		for (size_t i = 0; i < colon; i++)
			if (!is_name_char(line.ptr[i]) && line.ptr[i] != ' ')
				return false;
		struct str name = str_trim(str_sub(line, 0, colon));
		for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
			known += str_eq_nocase(name, fields[i]);
		if (known == 0)
			return false;
	}
	return known >= ROBOTS_MIN;
}

/* "color: red; margin: 0", or nested rules: every declaration a name, a colon and a value. */
static bool is_declarations(struct str s)
{
	struct str piece;
	size_t count = 0;

	while (str_split(&s, ';', &piece)) {
		size_t i = 0;

		piece = skip_comments(piece);
		while (i < piece.len && is_name_char(piece.ptr[i]))
			i++;
		if (piece.len == 0)
			continue;
		struct str value = str_trim(str_from(piece, i));
		if (i == 0 || value.len < 2 || value.ptr[0] != ':')
			return false;
		count++;
	}
	return count > 0;
}

/* Nothing that a selector or an at-rule's head does not have. */
static bool is_selector(struct str s)
{
	s = str_trim(s);
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] < 0x80 && !is_name_char(s.ptr[i]) &&
		    !ch_is_space(s.ptr[i]) &&
		    !str_contains(S(".#*:,>+~[]()=\"'|^$@&%\\/"), str_n(&s.ptr[i], 1)))
			return false;
	return s.len > 0;
}

/* Its first rules, at-rules without a block before them. */
static bool is_style(struct str s)
{
	size_t rules = 0;

	for (s = skip_comments(s); s.len && rules < RULES_MIN; s = skip_comments(s)) {
		size_t open = str_find_ch(s, '{'), semi = str_find_ch(s, ';');

		if (s.ptr[0] == '@' && semi < open) {
			rules +=
				str_has_prefix(s, S("@charset")) || str_has_prefix(s, S("@import"));
			s = str_from(s, semi + 1);
			continue;
		}
		if (open == STR_NONE || !is_selector(str_sub(s, 0, open)))
			return false;
		bool nests = s.ptr[0] == '@';
		s = str_from(s, open + 1);
		if (nests && str_find_ch(s, '{') < str_find_ch(s, '}'))
			continue;
		size_t close = str_find_ch(s, '}');
		if (close == STR_NONE || !is_declarations(str_sub(s, 0, close)))
			return false;
		rules++;
		s = str_from(s, close + 1);
		while (str_has_prefix(skip_comments(s), S("}")))
			s = str_from(skip_comments(s), 1);
	}
	return rules >= 1;
}

enum { PUNCTUATION_HUNDREDTHS = 3, FUNCTION_NEAR = 60 };

/* A statement's beginning, and of the signs that join statements more than any prose has. */
static bool is_script(struct str s)
{
	static const struct str starts[] = {
		STR("!function"),    STR("function "),
		STR("var "),         STR("let "),
		STR("const "),       STR("import "),
		STR("export "),      STR("\"use strict\""),
		STR("'use strict'"), STR("window."),
		STR("document."),    STR("define("),
		STR("jQuery("),      STR("$("),
		STR("if ("),         STR("if("),
		STR("async "),       STR("class "),
		STR("try {"),        STR("try{"),
		STR("self."),        STR("module.exports"),
		STR("require("),     STR("webpackJsonp"),
	};
	size_t signs = 0;

	s = skip_comments(s);
	while (s.len && (s.ptr[0] == ';' || s.ptr[0] == '+' || s.ptr[0] == '~'))
		s = str_from(s, 1);
	bool starts_so = s.len && s.ptr[0] == '(' &&
			 (str_contains(str_sub(s, 0, FUNCTION_NEAR), S("function")) ||
			  str_contains(str_sub(s, 0, FUNCTION_NEAR), S("=>")));
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		starts_so |= str_has_prefix(s, starts[i]);
	if (!starts_so ||
	    !(str_contains(s, S(");")) || str_contains(s, S("=")) || str_contains(s, S("{"))))
		return false;
	for (size_t i = 0; i < s.len; i++)
		signs += str_contains(S("(){}=;"), str_n(&s.ptr[i], 1));
	return signs * 100 > s.len * PUNCTUATION_HUNDREDTHS;
}

const char *code_kind(struct str b)
{
	struct str front = str_sub(b, 0, b.len < LOOK_BYTES ? b.len : LOOK_BYTES);

	if (str_has_prefix(front, S("\xef\xbb\xbf")))
		front = str_from(front, 3);
	front = str_trim(front);
	if (front.len == 0 || front.ptr[0] == '<')
		return NULL;
	return is_robots(front)   ? "a robots.txt"
	       : is_style(front)  ? "a style sheet"
	       : is_script(front) ? "a script"
				  : NULL;
}

bool page_is_code(struct str bytes)
{
	return code_kind(bytes) != NULL;
}
