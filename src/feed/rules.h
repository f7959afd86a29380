/*
 * rules - what an element means where it stands: the table of all formats and modules. For the
 * files of feed.
 */
#ifndef DIBAO_FEED_RULES_H
#define DIBAO_FEED_RULES_H

#include "feed/private.h"

enum {
	NS_RSS = 1,
	NS_ATOM = 2,
	NS_RDF = 8,
	NS_CONTENT = 16,
	NS_DC = 32,
	NS_TERMS = 64,
	NS_ITUNES = 128,
	NS_MEDIA = 256,
	NS_SY = 512,
	NS_XHTML = 1024,
	NS_PLAY = 2048,
	NS_ADMIN = 4096,
	NS_BURNER = 8192,
	NS_OTHER = 1 << 14,
	NS_XMLNS = 1 << 15,
	CORE = NS_RSS | NS_ATOM,
	PODCAST = NS_ITUNES | NS_PLAY
};

enum what {
	IS_FEED,
	IS_ENTRY,
	IS_PASSED,
	IS_SKIPPED,
	IS_IMAGE,
	IS_PERSON,
	IS_TITLE,
	IS_LINK,
	IS_DESCRIPTION,
	IS_SUMMARY,
	IS_CONTENT,
	IS_LANGUAGE,
	IS_RIGHTS,
	IS_GENERATOR,
	IS_UPDATED,
	IS_PUBLISHED,
	IS_TTL,
	IS_SY_PERIOD,
	IS_SY_FREQUENCY,
	IS_ICON,
	IS_AUTHOR,
	IS_GUID,
	IS_TAG,
	IS_TAG_LIST,
	IS_TAG_ATTR,
	IS_COMMENTS,
	IS_DURATION,
	IS_ENCLOSURE,
	IS_MEDIA,
	IS_PEER,
	IS_THUMBNAIL,
	IS_ORIGINAL_LINK,
	IS_PERSON_NAME,
	IS_PERSON_URL,
	IS_PERSON_MAIL,
	IS_IMAGE_URL
};

struct feed_rule {
	struct str name; /* local, lower case */
	unsigned ns;     /* any of these */
	unsigned places; /* any of these */
	enum what what;
	int rank; /* of several values the highest counts, of equals the first */
};

/* To be called once for a reader. */
void feed_index_rules(struct feed *f);
/* Takes the namespaces an element declares, once it is on the stack. */
void feed_bind(struct feed *f, const struct xml_attr *attrs, size_t count);
/*
 * The rule for an element called `name` at `place`; NULL where it has none. *local is its name in
 * `room`, without prefix and in lower case.
 */
const struct feed_rule *feed_rule_at(struct feed *f, enum feed_place place, struct str name,
				     unsigned *ns, struct str *local, char room[64]);

/* ---- start.c ---- the element on top of the stack begins, and has a rule */
void feed_start_ruled(struct feed *f, const struct feed_rule *rule, struct str local, unsigned ns,
		      const struct xml_attr *attrs, size_t count);
/* ---- end.c ---- it ends, and this is its text */
void feed_end_ruled(struct feed *f, const struct feed_rule *rule, struct str text,
		    enum feed_text type);
void feed_end_person(struct feed *f, int rank);
void feed_end_image(struct feed *f, const struct feed_rule *rule);

/* ---- values.c ---- */
/* Value of the attribute, trimmed; names compare without case. */
struct str feed_attr(const struct xml_attr *attrs, size_t count, struct str name);
/* The same by local name: rdf:about, whatever prefix rdf has. */
struct str feed_attr_local(const struct xml_attr *attrs, size_t count, struct str local);
bool feed_has_attr(const struct xml_attr *attrs, size_t count, struct str name);
void feed_add_person(struct arena *a, struct people *to, struct str name, struct str url);
/* "a@b (Name)", "Name <a@b>", "Name (a@b)": the name; the address where there is no name. */
struct str feed_author_name(struct arena *a, struct str s);
int64_t feed_amount(struct str s); /* a size; -1 for what is none */
int64_t
feed_duration(struct str s); /* "3723", "62:03", "1:02:03" in seconds; -1 for what is none */
struct str feed_from_base64(struct arena *a, struct str s); /* s itself where it is not base64 */
void feed_split_name(struct str name, struct str *prefix, struct str *local);
/* RSS's own element (rank 7) counts most, and the last of several; of others the first. */
void feed_set_home(struct feed *f, struct str url, int rank);

#endif
