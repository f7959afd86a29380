/*
 * What the files of feed share: one reader, fed by one of three tokenizers.
 *
 * expat and the liberal tokenizer report XML as the same events (feed_on_*); fields.c makes entries
 * of them. The JSON reader fills entries by itself. All write into the entry of the feed_next under
 * way, or into the feed's own info.
 */
#ifndef DIBAO_FEED_PRIVATE_H
#define DIBAO_FEED_PRIVATE_H

#define XML_DTD 1 /* expat.h declares the limits on entities only to those who say so */
#include <expat.h>

#include "base/buf.h"
#include "feed/feed.h"

enum {
	FEED_MAX_TEXT = 16 << 20, /* bytes of one field; the rest is cut off */
	FEED_MAX_NAME = 256,      /* bytes of an element's name that are looked at */
	FEED_MAX_ATTRS = 64,      /* attributes of one element that are looked at */
	FEED_MAX_RULES = 200,
	FEED_MAX_BINDINGS = 64, /* namespace prefixes in scope */
	FEED_MAX_LIST = 200,    /* tags, authors, attachments of one entry */
	FEED_MAX_ENTITIES = 256 /* declared in the document */
};

struct xml_attr {
	struct str name, value; /* as written, references decoded */
};

/* What an element may hold, by where it stands. */
enum feed_place {
	PLACE_ROOT = 1,
	PLACE_FEED = 2,
	PLACE_ENTRY = 4,
	PLACE_PERSON = 8,
	PLACE_IMAGE = 16,
	PLACE_NOWHERE = 32 /* nothing in here is ours */
};

struct feed_rule; /* a row of the table in fields.c */

struct feed_element {
	enum feed_place place;
	const struct feed_rule *rule; /* NULL: unknown */
	size_t name_at, name_len;     /* in names */
	size_t binding_count;         /* before this element's own */
	struct str base, language;
};

struct feed_binding {
	size_t prefix_at, prefix_len; /* in names */
	unsigned ns;
};

/* How the text of a field is to be read. */
enum feed_text { TEXT_PLAIN, TEXT_UNTYPED, TEXT_HTML, TEXT_MARKUP, TEXT_BASE64, TEXT_BASE64_PLAIN };

/* Values of which a better one may come later. */
struct feed_draft {
	struct str description, summary, content;
	enum feed_text description_type, summary_type, content_type;
	struct str guid, about;
	struct str content_src;
	bool guid_is_link;
	int description_rank, summary_rank, content_rank, title_rank, published_rank, modified_rank,
		link_rank;
	struct str base, language, content_language, title_language;
	int64_t duration;
	struct attachment *media;
	size_t media_count;
	struct str peer, peer_type; /* media:peerLink */
	struct str picture;         /* the first attachment that is one */
	struct people authors;      /* dc:creator: behind those of the format's own element */
	struct people weak_authors; /* itunes:author: counts where nobody else is named */
};

struct feed_entity {
	struct str name, value;
};

struct feed {
	struct arena own; /* as long as the reader */
	struct feed_info info;
	struct feed_options opt;
	struct str base; /* the transport's; in own */
	struct str text; /* all of the document as UTF-8 */
	struct str root; /* where in it the document begins */
	struct str head; /* what of it expat had read before the liberal tokenizer took over */
	bool unchecked;  /* only the beginning of text is known to be UTF-8 */
	bool json;

	/* the entry under way */
	struct arena *mem;
	struct entry *entry; /* NULL: outside of entries */
	struct feed_draft draft;
	size_t entry_depth;
	bool entry_done;
	int64_t entry_count;

	/* open elements; those past the ceiling are only counted */
	struct feed_element stack[FEED_MAX_DEPTH];
	size_t depth, lost_depth;
	struct buf names;
	struct feed_binding bindings[FEED_MAX_BINDINGS];
	size_t binding_count;
	unsigned char rule_heads[32], rule_chain[FEED_MAX_RULES];
	unsigned core; /* what an element without a namespace belongs to */

	/* the field being collected; 0 when none */
	size_t collect_depth;
	enum feed_text collect_type;
	bool collect_markup;  /* elements were met inside: from here on text is escaped */
	bool collect_skipped; /* the xhtml wrapper <div> */
	size_t segment_at;    /* in collected: what came since the last element inside */
	bool link_is_enclosure, language_stated;
	struct buf collected;
	struct str title_language;
	struct str person_name, person_url, person_mail;
	int feed_home_rank, feed_updated_rank, feed_icon_rank, feed_title_rank,
		feed_description_rank;
	int64_t sy_period_s, sy_frequency;

	/* expat: fed from root up to fed */
	XML_Parser expat;
	size_t fed, slice, events, quiet;
	bool expat_done, expat_failed;

	/* liberal: next byte of root; what expat gave up goes on here */
	bool liberal;
	size_t pos;
	size_t checkpoint, checkpoint_depth, checkpoint_names, checkpoint_bindings;
	struct feed_entity entities[FEED_MAX_ENTITIES];
	size_t entity_count;
	size_t entity_budget;
	bool no_cdata_end; /* none is left in the rest of the document */

	/* JSON */
	bool json_in_items, json_end;
};

/* ---- fields.c: events in, entries out ---- */
void feed_on_start(struct feed *f, struct str name, const struct xml_attr *attrs, size_t count);
void feed_on_end(struct feed *f, struct str name);
/* The innermost element ends, whatever it is called. */
void feed_on_end_innermost(struct feed *f);
void feed_on_text(struct feed *f, const char *ptr, size_t len);
/* Whether a start tag of this name would begin an entry. */
bool feed_begins_entry(struct feed *f, struct str name);
/* A tokenizer that guesses ends asks: is `name` a field beside the one being collected, not markup
 * inside it? */
bool feed_ends_field(struct feed *f, struct str name);
/* Whether what is being collected (collect_depth is not 0) is a text, not a title, an address, an
 * id. */
bool feed_collects_long_text(const struct feed *f);
bool feed_is_void(struct str name);
/* The entry is over: fields are settled. */
void feed_finish_entry(struct feed *f);
void feed_finish_info(struct feed *f);

/* rank: 5 by the format's own element, 4 by another vocabulary's, below: counts where nobody else
 * is named */
void feed_add_author(struct feed *f, struct str name, struct str url, int rank);
void feed_add_tag(struct feed *f, struct str tag);
void feed_add_hub(struct feed *f, struct str url);
void feed_add_attachment(struct feed *f, const struct attachment *att, bool media);
/* An address as it may be published: absolute where base allows; empty for javascript: and the
 * like. */
struct str feed_url(struct arena *a, struct str base, struct str ref);
/* What "&name;" or "&#1;" stands for in a feed that does not declare it; itself if for nothing. */
struct str feed_reference(struct arena *a, struct str ref);
/* Plain text out of a title of the given type. */
struct str feed_plain(struct arena *a, struct str s, enum feed_text type);
struct arena *feed_arena(struct feed *f);
struct str feed_keep(struct feed *f, struct str s);
bool feed_date(const struct feed *f, struct str s, int64_t *ms, int *offset_min);

/* ---- xml_expat.c ---- 1: an entry is done, 0: the end, -1: not well-formed (go on with the
 * liberal one) */
int feed_expat_next(struct feed *f);
void feed_expat_free(struct feed *f);

/* ---- xml_liberal.c ---- 1 or 0 */
int feed_liberal_next(struct feed *f);
/* The tag that begins at s ("<" included): its name, attributes and length; 0 if it is none. */
size_t feed_read_tag(struct str s, struct str *name, struct xml_attr *attrs, size_t *count,
		     bool *closed);
void feed_read_entities(struct feed *f, struct str doctype);
/* Appends s with its references decoded. */
void feed_decode(struct feed *f, struct str s, struct buf *out);

/* ---- jsonfeed.c ---- */
bool feed_json_open(struct feed *f); /* false: no JSON Feed */
int feed_json_next(struct feed *f);

/* ---- detect.c ---- */
/* Where the feed begins in f->text; ERR_INPUT says what it is instead. */
int feed_detect(struct feed *f, struct str bytes, struct err *err);

#endif
