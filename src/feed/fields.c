/*
 * XML events: the stack of open elements, the text of the field that is being read, and what an
 * entry is in the end. Elements inside a field are markup and are written out again.
 */
#include <string.h>

#include "feed/rules.h"
#include "text/escape.h"
#include "text/url.h"
#include "text/utf8.h"

/* ---- markup inside a field ---- */

static const struct str voids[] = {
	STR("br"),    STR("img"),    STR("hr"),    STR("input"), STR("link"),
	STR("meta"),  STR("area"),   STR("base"),  STR("col"),   STR("embed"),
	STR("param"), STR("source"), STR("track"), STR("wbr"),
};

bool feed_is_void(struct str name)
{
	for (size_t i = 0; i < sizeof(voids) / sizeof(voids[0]); i++)
		if (str_eq_nocase(name, voids[i]))
			return true;
	return false;
}

/*
 * Text between elements inside a field that says it is HTML, or says nothing: escaped markup where
 * there is a tag in it, else text. Nothing needs to be done for a field of XML (TEXT_MARKUP), whose
 * text was escaped at once.
 */
static void settle_segment(struct feed *f)
{
	struct str s = str_from(buf_str(&f->collected), f->segment_at);
	bool tag = f->collect_type == TEXT_MARKUP;
	struct arena a;

	for (size_t i = 0; !tag && i + 2 < s.len; i++)
		tag = s.ptr[i] == '<' && (ch_is_alpha(s.ptr[i + 1]) || s.ptr[i + 1] == '/');
	if (!tag && (str_find_ch(s, '<') != STR_NONE || str_find_ch(s, '&') != STR_NONE)) {
		arena_init(&a);
		s = arena_str(&a, s);
		buf_truncate(&f->collected, f->segment_at);
		buf_add_html(&f->collected, s);
		arena_fini(&a);
	}
}

static void markup_start(struct feed *f, struct str name, const struct xml_attr *attrs,
			 size_t count)
{
	struct str prefix, local;

	feed_split_name(name, &prefix, &local);
	settle_segment(f);
	f->segment_at = f->collected.len;
	f->collect_markup = true;
	/* The <div> around Atom's xhtml is no part of it (RFC 4287 3.1.1.3). */
	if (f->collect_type == TEXT_MARKUP && f->depth == f->collect_depth + 1 &&
	    !str_trim(buf_str(&f->collected)).len && str_eq_nocase(local, S("div"))) {
		f->collect_skipped = true;
		return;
	}
	if (f->collected.len > FEED_MAX_TEXT)
		return;
	buf_add_ch(&f->collected, '<');
	buf_add(&f->collected, local);
	for (size_t i = 0; i < count; i++) {
		if (str_has_prefix(attrs[i].name, S("xmlns")))
			continue;
		buf_add_ch(&f->collected, ' ');
		buf_add(&f->collected, attrs[i].name);
		buf_add(&f->collected, S("=\""));
		buf_add_html(&f->collected, attrs[i].value);
		buf_add_ch(&f->collected, '"');
	}
	buf_add_ch(&f->collected, '>');
	f->segment_at = f->collected.len;
}

static void markup_end(struct feed *f, struct str name)
{
	struct str prefix, local;

	feed_split_name(name, &prefix, &local);
	settle_segment(f);
	f->segment_at = f->collected.len;
	if (f->depth == f->collect_depth + 1 && f->collect_skipped) {
		f->collect_skipped = false;
		return;
	}
	if (feed_is_void(local) || f->collected.len > FEED_MAX_TEXT + 65536)
		return;
	buf_add(&f->collected, S("</"));
	buf_add(&f->collected, local);
	buf_add_ch(&f->collected, '>');
	f->segment_at = f->collected.len;
}

/* ---- events ---- */

static void end_collected(struct feed *f)
{
	const struct feed_element *el = &f->stack[f->depth - 1];
	if (f->collect_markup)
		settle_segment(f);
	struct str text = str_trim(buf_str(&f->collected));
	enum feed_text type = f->collect_markup ? TEXT_MARKUP : f->collect_type;

	f->collect_depth = 0;
	if (type == TEXT_BASE64 || type == TEXT_BASE64_PLAIN) {
		text = str_trim(feed_from_base64(feed_arena(f), text));
		type = type == TEXT_BASE64 ? TEXT_HTML : TEXT_PLAIN;
	}
	feed_end_ruled(f, el->rule, text, type);
	buf_reset(&f->collected);
}

void feed_on_start(struct feed *f, struct str name, const struct xml_attr *attrs, size_t count)
{
	struct feed_element *el, *parent;
	const struct feed_rule *rule;
	struct str local, value;
	char room[64];
	unsigned ns;

	if (f->depth == FEED_MAX_DEPTH || f->lost_depth) {
		f->lost_depth++;
		return;
	}
	parent = f->depth ? &f->stack[f->depth - 1] : NULL;
	el = &f->stack[f->depth++];
	name = utf8_cut(name, FEED_MAX_NAME);
	*el = (struct feed_element){ .place = parent ? parent->place : PLACE_ROOT,
				     .name_at = f->names.len,
				     .name_len = name.len,
				     .binding_count = f->binding_count,
				     .base = parent ? parent->base : f->base,
				     .language = parent ? parent->language : S("") };
	buf_add(&f->names, name);
	if (f->collect_depth) {
		markup_start(f, name, attrs, count);
		return;
	}
	feed_bind(f, attrs, count);
	rule = feed_rule_at(f, el->place, name, &ns, &local, room);
	el->rule = rule;
	if (!rule) { /* markup around a name is passed over, what else is unknown is skipped */
		if (el->place != PLACE_PERSON)
			el->place = f->depth == 1 ? PLACE_ROOT : PLACE_NOWHERE;
		return;
	}
	struct arena *a = f->entry || rule->what == IS_ENTRY ? f->mem : &f->own;
	if ((value = feed_attr(attrs, count, S("xml:base"))).len) {
		value = feed_url(a, el->base, value);
		if (value.len) /* else none that may be used: the outer one stays */
			el->base = value;
	}
	for (size_t i = 0; i < count; i++)
		if (str_eq_nocase(attrs[i].name, S("xml:lang")))
			el->language = arena_str(a, str_trim(attrs[i].value));
	/* an entry beginning inside a person or image: those were not closed */
	feed_start_ruled(f, rule, local, ns, attrs, count);
}

void feed_on_end_innermost(struct feed *f)
{
	struct feed_element *el;

	if (f->lost_depth) {
		f->lost_depth--;
		return;
	}
	if (!f->depth)
		return;
	el = &f->stack[f->depth - 1];
	if (f->collect_depth && f->depth > f->collect_depth)
		markup_end(f, str_n(f->names.ptr + el->name_at, el->name_len));
	else if (f->collect_depth)
		end_collected(f);
	else if (el->rule && el->rule->what == IS_PERSON)
		feed_end_person(f, el->rule->rank);
	else if (el->rule && el->rule->what == IS_IMAGE)
		feed_end_image(f, el->rule);
	else if (f->entry && f->depth == f->entry_depth) {
		feed_finish_entry(f);
		f->entry_done = true;
	}
	f->binding_count = el->binding_count;
	buf_truncate(&f->names, el->name_at);
	f->depth--;
}

void feed_on_end(struct feed *f, struct str name)
{
	size_t at;

	if (f->lost_depth) {
		f->lost_depth--;
		return;
	}
	for (at = f->depth; at > 0; at--) {
		const struct feed_element *el = &f->stack[at - 1];

		if (str_eq_nocase(str_n(f->names.ptr + el->name_at, el->name_len), name))
			break;
	}
	if (at == 0) /* ends nothing that is open */
		return;
	while (f->depth >= at && !f->entry_done)
		feed_on_end_innermost(f);
}

/* ---- start and text ---- */

void feed_on_text(struct feed *f, const char *ptr, size_t len)
{
	if (!f->collect_depth) {
		if (!f->depth || !(f->stack[f->depth - 1].place & (PLACE_PERSON | PLACE_IMAGE)))
			return;
	}
	if (len >
	    FEED_MAX_TEXT - (f->collected.len < FEED_MAX_TEXT ? f->collected.len : FEED_MAX_TEXT))
		return;
	if (f->collect_depth && f->collect_type == TEXT_MARKUP)
		buf_add_html(&f->collected, str_n(ptr, len));
	else
		buf_add_n(&f->collected, ptr, len);
}

/* ---- settling ---- */

/*
 * "<!" and "<?" that begin neither comment nor declaration would swallow, as HTML's bogus comments,
 * what follows up to the next ">". In the escaped text of a feed they are what somebody wrote.
 */
static struct str without_bogus_comments(struct arena *a, struct str s)
{
	static const struct str begins[] = { STR("<!--"), STR("<!doctype"), STR("<![") };
	struct buf out;
	size_t at;

	if (str_find_ch(s, '!') == STR_NONE || str_find(s, S("<!")) == STR_NONE)
		return s;
	buf_init(&out, BUF_NO_MAX);
	while ((at = str_find(s, S("<!"))) != STR_NONE) {
		bool fine = false;

		for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
			fine = fine || str_has_prefix_nocase(str_from(s, at), begins[i]);
		buf_add(&out, str_sub(s, 0, at));
		buf_add(&out, fine ? S("<!") : S("&lt;!"));
		s = str_from(s, at + 2);
	}
	buf_add(&out, s);
	s = arena_str(a, buf_str(&out));
	buf_fini(&out);
	return s;
}

static void settle_text(struct feed *f)
{
	struct feed_draft *d = &f->draft;
	struct entry *e = f->entry;
	struct str text = d->content, summary = d->description;
	enum feed_text type = d->content_type, summary_type = d->description_type;

	/* a summary by its own name beats a description, a podcast's or medium's does not */
	if (!text.len && summary.len) {
		text = summary;
		type = summary_type;
		summary = d->summary;
		summary_type = d->summary_type;
	} else if (d->summary_rank >= 5 || !summary.len) {
		summary = d->summary;
		summary_type = d->summary_type;
	}
	if (!text.len) {
		text = summary;
		type = summary_type;
		summary = S("");
	}
	e->content_base = arena_str(f->mem, d->base);
	if (type == TEXT_PLAIN)
		e->content_text = text;
	else
		e->content_html = without_bogus_comments(f->mem, text);
	/* a summary is shown as plain text, whatever it was */
	e->summary = summary.len ? arena_str(f->mem, feed_plain(f->mem, summary, summary_type))
				 : summary;
	e->summary_is_text = true;
}

/* An id where the feed gives none: of the link, else of what the entry says. */
static struct str made_id(struct feed *f)
{
	struct entry *e = f->entry;
	struct str texts[4] = { e->title, e->content_html, e->content_text, e->summary };
	struct hash_state st;
	struct hash h;
	char hex[HASH_HEX + 1];

	if (e->link.len)
		return e->link;
	hash_start(&st);
	for (size_t i = 0; i < 4; i++)
		hash_update(&st, texts[i]);
	hash_update(&st, str_n((const char *)&e->published, sizeof(e->published)));
	h = hash_finish(&st);
	hash_to_hex(&h, hex);
	return arena_strf(f->mem, "urn:blake2b:%.32s", hex);
}

void feed_finish_entry(struct feed *f)
{
	struct feed_draft *d = &f->draft;
	struct entry *e = f->entry;

	if (!e->link.len && d->guid_is_link && url_is_http(d->guid))
		e->link = feed_url(f->mem, d->base, d->guid);
	if (!e->link.len && url_is_http(d->about))
		e->link = feed_url(f->mem, d->base, d->about);
	if (!e->link.len)
		e->link = d->content_src;
	settle_text(f);
	for (size_t i = 0; i < d->authors.count; i++)
		feed_add_person(f->mem, &e->authors, d->authors.items[i].name,
				d->authors.items[i].url);
	if (!e->authors.count)
		e->authors = d->weak_authors;
	if (d->peer.len)
		feed_add_attachment(f,
				    &(struct attachment){ .url = d->peer,
							  .mime_type = d->peer_type,
							  .size_bytes = -1,
							  .duration_seconds = -1 },
				    true);
	if (!e->attachments.count) {
		e->attachments.items = d->media;
		e->attachments.count = d->media_count;
	}
	if (d->duration >= 0 && e->attachments.count &&
	    e->attachments.items[0].duration_seconds < 0)
		e->attachments.items[0].duration_seconds = d->duration;
	if (!e->image.len)
		e->image = d->picture;
	e->language = d->content_language.len ? d->content_language : d->language;
	if (!e->language.len && !f->info.language.len)
		e->language = d->title_language;
	e->id = d->guid.len ? d->guid : d->about.len ? d->about : made_id(f);
}

void feed_finish_info(struct feed *f)
{
	if (!f->info.language.len)
		f->info.language = f->title_language;
	if (f->info.ttl_s < 0 && f->sy_period_s)
		f->info.ttl_s = f->sy_period_s / (f->sy_frequency ? f->sy_frequency : 1);
}
