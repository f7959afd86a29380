/*
 * rules - what published HTML may consist of: elements, their attributes, and where the parser puts
 * them.
 *
 * The elements are chosen, and their places bounded, so that markup written by these rules means
 * the same tree to every HTML parser: nothing in it closes, moves or reopens anything by
 * implication.
 */
#ifndef DIBAO_PAGE_RULES_H
#define DIBAO_PAGE_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include <lexbor/tag/const.h>

#include "base/str.h"

enum rule_act {
	ACT_UNWRAP = 0, /* the element goes, what is in it stays: also for whatever the table does
			   not know */
	ACT_SPACE,      /* the same, with a space before it */
	ACT_DROP,       /* with everything in it */
	ACT_KEEP,
	ACT_SPAN, /* kept where an attribute of it is */
	ACT_LINK,
	ACT_IMAGE,
	ACT_EMBED, /* becomes a link, or gives its fallback */
	ACT_MEDIA, /* becomes a link */
	ACT_NOSCRIPT
};

enum rule_flag {
	RULE_BLOCK = 1,      /* its start tag closes an open <p> */
	RULE_HEADING = 2,    /* not inside another */
	RULE_FORMATTING = 4, /* the parser keeps a list of them */
	RULE_NO_TEXT = 8,    /* between table and cell */
	RULE_ALWAYS = 16,    /* written though it is empty */
	RULE_FLOW = 32,      /* a paragraph may stand in it */
	RULE_VOID = 64,
	RULE_PRE = 128
};

/* Where an element may stand: directly in one that gives this. */
enum rule_place {
	PLACE_ANY = 0,
	PLACE_LIST,
	PLACE_DL,
	PLACE_TABLE,
	PLACE_ROWS,
	PLACE_ROW,
	PLACE_RUBY
};

enum rule_attr {
	ATTR_TITLE = 1,
	ATTR_CITE = 2,
	ATTR_DATETIME = 4,
	ATTR_CELL = 8,
	ATTR_OL = 16,
	ATTR_LI = 32,
	ATTR_OPEN = 64
};

struct rule {
	struct str name; /* as written; empty: never written */
	uint8_t act;
	uint8_t flags;
	uint8_t place;
	uint8_t gives;
	uint8_t attrs;
	uint8_t as;        /* written as that tag; 0: as itself */
	uint8_t otherwise; /* the tag it becomes where its place is wrong; 0: unwrapped */
};

const struct rule *rule_of(lxb_tag_id_t tag);

enum attr_check {
	CHECK_TEXT,
	CHECK_LANG,
	CHECK_DIR,
	CHECK_NUMBER,
	CHECK_URL,
	CHECK_DATETIME,
	CHECK_SCOPE,
	CHECK_OL_TYPE,
	CHECK_FLAG
};

struct attr_rule {
	struct str name;
	uint8_t check;
	uint8_t attrs; /* elements with one of these bits have it; 0: all */
};

/* NULL: not allowed anywhere. `name` is lower case. */
const struct attr_rule *attr_rule_of(struct str name);
/* Whether the value is one of those the attribute may have; CHECK_URL is not decided here. */
bool attr_value_ok(const struct attr_rule *rule, struct str value);

enum { SCHEME_WEB = 1, SCHEME_OTHER = 2 };
/* The bit of an allowed scheme ("https"), else 0. Case is ignored. */
unsigned scheme_of(struct str name);

#endif
