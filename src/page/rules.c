#include "page/rules.h"

#define TAG(id, text) [LXB_TAG_##id] = { .name = STR(text), .act = ACT_KEEP
#define AS(id, to)    [LXB_TAG_##id] = { .act = ACT_KEEP, .as = LXB_TAG_##to }
#define OUT(id)       [LXB_TAG_##id] = { .act = ACT_DROP }

static const struct rule rules[LXB_TAG__LAST_ENTRY] = {
	/* blocks */
	TAG(P, "p"), .flags = RULE_BLOCK },
	TAG(DIV, "div"), .flags = RULE_BLOCK | RULE_FLOW
}
, TAG(SECTION, "section"), .flags = RULE_BLOCK | RULE_FLOW
}
, TAG(ARTICLE, "article"), .flags = RULE_BLOCK | RULE_FLOW
}
, TAG(ASIDE, "aside"), .flags = RULE_BLOCK | RULE_FLOW
}
, TAG(ADDRESS, "address"), .flags = RULE_BLOCK | RULE_FLOW
}
, TAG(FIGURE, "figure"), .flags = RULE_BLOCK | RULE_FLOW
}
, TAG(FIGCAPTION, "figcaption"), .flags = RULE_BLOCK | RULE_FLOW
}
, TAG(DETAILS, "details"), .flags = RULE_BLOCK | RULE_FLOW, .attrs = ATTR_OPEN
}
, TAG(SUMMARY, "summary"), .flags = RULE_BLOCK
}
, TAG(BLOCKQUOTE, "blockquote"), .flags = RULE_BLOCK | RULE_FLOW, .attrs = ATTR_CITE
}
, TAG(PRE, "pre"), .flags = RULE_BLOCK | RULE_PRE
}
, TAG(HR, "hr"), .flags = RULE_BLOCK | RULE_VOID
}
, TAG(H1, "h1"), .flags = RULE_BLOCK | RULE_HEADING
}
, TAG(H2, "h2"), .flags = RULE_BLOCK | RULE_HEADING
}
, TAG(H3, "h3"), .flags = RULE_BLOCK | RULE_HEADING
}
, TAG(H4, "h4"), .flags = RULE_BLOCK | RULE_HEADING
}
, TAG(H5, "h5"), .flags = RULE_BLOCK | RULE_HEADING
}
, TAG(H6, "h6"), .flags = RULE_BLOCK | RULE_HEADING
}
, TAG(UL, "ul"), .flags = RULE_BLOCK, .gives = PLACE_LIST
}
, TAG(OL, "ol"), .flags = RULE_BLOCK, .gives = PLACE_LIST, .attrs = ATTR_OL
}
, TAG(LI, "li"), .flags = RULE_BLOCK | RULE_FLOW, .place = PLACE_LIST, .otherwise = LXB_TAG_DIV,
		 .attrs = ATTR_LI
}
, TAG(DL, "dl"), .flags = RULE_BLOCK, .gives = PLACE_DL
}
, TAG(DT, "dt"), .flags = RULE_BLOCK, .place = PLACE_DL, .otherwise = LXB_TAG_DIV
}
, TAG(DD, "dd"), .flags = RULE_BLOCK | RULE_FLOW, .place = PLACE_DL, .otherwise = LXB_TAG_DIV
}
, TAG(TABLE, "table"), .flags = RULE_BLOCK | RULE_NO_TEXT, .gives = PLACE_TABLE
}
, TAG(CAPTION, "caption"), .place = PLACE_TABLE
}
, TAG(THEAD, "thead"), .flags = RULE_NO_TEXT, .place = PLACE_TABLE, .gives = PLACE_ROWS
}
, TAG(TBODY, "tbody"), .flags = RULE_NO_TEXT, .place = PLACE_TABLE, .gives = PLACE_ROWS
}
, TAG(TFOOT, "tfoot"), .flags = RULE_NO_TEXT, .place = PLACE_TABLE, .gives = PLACE_ROWS
}
, TAG(TR, "tr"), .flags = RULE_NO_TEXT, .place = PLACE_ROWS, .gives = PLACE_ROW
}
, TAG(TD, "td"), .flags = RULE_ALWAYS | RULE_FLOW, .place = PLACE_ROW, .attrs = ATTR_CELL
}
, TAG(TH, "th"), .flags = RULE_ALWAYS | RULE_FLOW, .place = PLACE_ROW, .attrs = ATTR_CELL
}
,

	/* in the line */
	[LXB_TAG_A] = { .name = STR("a"), .act = ACT_LINK, .flags = RULE_FORMATTING },
	[LXB_TAG_SPAN] = { .name = STR("span"), .act = ACT_SPAN },
	[LXB_TAG_IMG] = { .name = STR("img"), .act = ACT_IMAGE, .flags = RULE_VOID }, TAG(BR, "br"),
	.flags = RULE_VOID
}
, TAG(WBR, "wbr"), .flags = RULE_VOID
}
, TAG(B, "b"), .flags = RULE_FORMATTING
}
, TAG(STRONG, "strong"), .flags = RULE_FORMATTING
}
, TAG(I, "i"), .flags = RULE_FORMATTING
}
, TAG(EM, "em"), .flags = RULE_FORMATTING
}
, TAG(U, "u"), .flags = RULE_FORMATTING
}
, TAG(S, "s"), .flags = RULE_FORMATTING
}
, TAG(SMALL, "small"), .flags = RULE_FORMATTING
}
, TAG(CODE, "code"), .flags = RULE_FORMATTING
}
, TAG(DEL, "del"), .attrs = ATTR_DATETIME
}
, TAG(INS, "ins"), .attrs = ATTR_DATETIME
}
, TAG(TIME, "time"), .attrs = ATTR_DATETIME
}
, TAG(Q, "q"), .attrs = ATTR_CITE
}
, TAG(ABBR, "abbr"), .attrs = ATTR_TITLE
}
, TAG(DFN, "dfn"), .attrs = ATTR_TITLE
}
, TAG(CITE, "cite")
}
, TAG(KBD, "kbd")
}
, TAG(SAMP, "samp")
}
, TAG(VAR, "var")
}
, TAG(MARK, "mark")
}
, TAG(SUB, "sub")
}
, TAG(SUP, "sup")
}
, TAG(BDI, "bdi")
}
, TAG(BDO, "bdo")
}
, TAG(RUBY, "ruby"), .gives = PLACE_RUBY
}
, TAG(RT, "rt"), .place = PLACE_RUBY
}
, TAG(RP, "rp"), .place = PLACE_RUBY
}
,

	/* what is written as something else */
	AS(ACRONYM, ABBR), AS(STRIKE, S), AS(TT, CODE), AS(CENTER, DIV), AS(DIR, UL), AS(MENU, UL),
	AS(HEADER, DIV), AS(FOOTER, DIV), AS(MAIN, DIV), AS(NAV, DIV), AS(HGROUP, DIV),
	AS(SEARCH, DIV), AS(FORM, DIV), AS(FIELDSET, DIV), AS(LEGEND, DIV), AS(TEXTAREA, DIV),
	AS(DIALOG, DIV), AS(XMP, PRE), AS(LISTING, PRE), AS(PLAINTEXT, PRE),
	[LXB_TAG_OPTION] = { .act = ACT_SPACE }, [LXB_TAG_BUTTON] = { .act = ACT_SPACE },
	[LXB_TAG_IFRAME] = { .act = ACT_EMBED }, [LXB_TAG_EMBED] = { .act = ACT_EMBED },
	[LXB_TAG_OBJECT] = { .act = ACT_EMBED }, [LXB_TAG_VIDEO] = { .act = ACT_MEDIA },
	[LXB_TAG_AUDIO] = { .act = ACT_MEDIA }, [LXB_TAG_NOSCRIPT] = { .act = ACT_NOSCRIPT },

	/* what goes with all that is in it */
	OUT(SCRIPT), OUT(STYLE), OUT(TEMPLATE), OUT(TITLE), OUT(LINK), OUT(META), OUT(BASE),
	OUT(SVG), OUT(MATH), OUT(CANVAS), OUT(INPUT), OUT(KEYGEN), OUT(AREA), OUT(PARAM),
	OUT(SOURCE), OUT(TRACK), OUT(FRAME), OUT(FRAMESET), OUT(NOFRAMES), OUT(NOEMBED),
	OUT(BGSOUND), OUT(BASEFONT), OUT(DATALIST), OUT(COL), OUT(COLGROUP), OUT(SELECTEDCONTENT),
}
;

static const struct attr_rule attr_rules[] = {
	{ STR("lang"), CHECK_LANG, 0 },
	{ STR("dir"), CHECK_DIR, 0 },
	{ STR("title"), CHECK_TEXT, ATTR_TITLE },
	{ STR("cite"), CHECK_URL, ATTR_CITE },
	{ STR("datetime"), CHECK_DATETIME, ATTR_DATETIME },
	{ STR("colspan"), CHECK_NUMBER, ATTR_CELL },
	{ STR("rowspan"), CHECK_NUMBER, ATTR_CELL },
	{ STR("scope"), CHECK_SCOPE, ATTR_CELL },
	{ STR("start"), CHECK_NUMBER, ATTR_OL },
	{ STR("type"), CHECK_OL_TYPE, ATTR_OL },
	{ STR("reversed"), CHECK_FLAG, ATTR_OL },
	{ STR("value"), CHECK_NUMBER, ATTR_LI },
	{ STR("open"), CHECK_FLAG, ATTR_OPEN },
};

static const struct {
	struct str name;
	unsigned bit;
} schemes[] = {
	{ STR("https"), SCHEME_WEB },    { STR("http"), SCHEME_WEB },
	{ STR("mailto"), SCHEME_OTHER }, { STR("tel"), SCHEME_OTHER },
	{ STR("ftp"), SCHEME_OTHER },    { STR("sms"), SCHEME_OTHER },
	{ STR("xmpp"), SCHEME_OTHER },   { STR("magnet"), SCHEME_OTHER },
};

const struct rule *rule_of(lxb_tag_id_t tag)
{
	return &rules[tag < LXB_TAG__LAST_ENTRY ? tag : LXB_TAG__UNDEF];
}

const struct attr_rule *attr_rule_of(struct str name)
{
	for (size_t i = 0; i < sizeof(attr_rules) / sizeof(attr_rules[0]); i++) {
		if (str_eq(attr_rules[i].name, name))
			return &attr_rules[i];
	}
	return NULL;
}

unsigned scheme_of(struct str name)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		if (str_eq_nocase(schemes[i].name, name))
			return schemes[i].bit;
	}
	return 0;
}

static bool is_one_of(struct str value, const struct str *set, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(value, set[i]))
			return true;
	}
	return false;
}

static bool is_made_of(struct str value, size_t max, const char *marks)
{
	if (!value.len || value.len > max)
		return false;
	for (size_t i = 0; i < value.len; i++) {
		char ch = value.ptr[i];
		bool ok = ch_is_alnum(ch);

		for (const char *m = marks; *m && !ok; m++)
			ok = ch == *m;
		if (!ok)
			return false;
	}
	return true;
}

bool attr_value_ok(const struct attr_rule *rule, struct str value)
{
	static const struct str dirs[] = { STR("ltr"), STR("rtl"), STR("auto") };
	static const struct str scopes[] = { STR("row"), STR("col"), STR("rowgroup"),
					     STR("colgroup") };
	static const struct str ol_types[] = { STR("1"), STR("a"), STR("A"), STR("i"), STR("I") };
	int64_t n;

	switch (rule->check) {
	case CHECK_LANG: return is_made_of(value, 35, "-");
	case CHECK_DIR: return is_one_of(value, dirs, 3);
	case CHECK_NUMBER: return str_to_i64(value, -100000, 100000, &n);
	case CHECK_DATETIME: return is_made_of(value, 64, "-+:. ");
	case CHECK_SCOPE: return is_one_of(value, scopes, 4);
	case CHECK_OL_TYPE: return is_one_of(value, ol_types, 5);
	default: return true;
	}
}
