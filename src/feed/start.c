/* What is done where an element begins: its attributes, and whether its text is wanted. */
#include <string.h>

#include "feed/rules.h"
#include "text/url.h"

/* ---- start ---- */

static enum feed_text text_type(const struct xml_attr *attrs, size_t count, unsigned ns)
{
	struct str type = feed_attr(attrs, count, S("type")),
		   mode = feed_attr(attrs, count, S("mode"));

	if (str_eq_nocase(mode, S("base64")))
		return str_contains_nocase(type, S("html")) || str_has_suffix(type, S("xml"))
			       ? TEXT_BASE64
			       : TEXT_BASE64_PLAIN;
	if (!type.len || str_has_prefix(type, S("multipart")))
		return ns != NS_ATOM                       ? TEXT_UNTYPED
		       : str_eq_nocase(mode, S("escaped")) ? TEXT_UNTYPED
							   : TEXT_PLAIN;
	if (str_eq_nocase(type, S("text")) || str_eq_nocase(type, S("text/plain")))
		return TEXT_PLAIN;
	if (str_eq_nocase(type, S("html")) || str_has_prefix_nocase(type, S("text/html")) ||
	    str_eq_nocase(mode, S("escaped")))
		return TEXT_HTML;
	if (str_eq_nocase(type, S("xhtml")) || str_has_suffix(type, S("xml")))
		return TEXT_MARKUP;
	if (str_has_prefix_nocase(type, S("text/")) || str_find_ch(type, '/') == STR_NONE)
		return TEXT_PLAIN;
	return TEXT_BASE64_PLAIN; /* RFC 4287 4.1.3.3 */
}

static void collect(struct feed *f, enum feed_text type)
{
	f->collect_depth = f->depth;
	f->collect_type = type;
	f->collect_markup = type == TEXT_MARKUP;
	f->collect_skipped = false;
	f->segment_at = 0;
	buf_reset(&f->collected);
}

static void start_feed(struct feed *f, struct str local, const struct xml_attr *attrs, size_t count)
{
	struct str version = feed_attr(attrs, count, S("version"));
	struct feed_element *el = &f->stack[f->depth - 1];
	struct str xmlns = feed_attr(attrs, count, S("xmlns"));

	el->place = PLACE_FEED;
	if (el->language.len && !f->info.language.len && f->depth == 1)
		f->info.language = arena_str(&f->own, el->language);
	if (f->depth == 1) {
		if (str_eq(local, S("rss"))) {
			f->core = NS_RSS;
			f->info.format = str_has_prefix(version, S("2"))      ? "rss2.0"
					 : str_has_prefix(version, S("0.90")) ? "rss0.90"
					 : str_eq(version, S("0.91"))         ? "rss0.91"
					 : str_eq(version, S("0.92"))         ? "rss0.92"
					 : str_eq(version, S("0.93"))         ? "rss0.93"
					 : str_eq(version, S("0.94"))         ? "rss0.94"
					 : str_has_prefix(version, S("0"))    ? "rss0.9x"
					 : str_has_prefix(version, S("1"))    ? "rss1.0"
									      : "rss2.0";
		} else if (str_eq(local, S("rdf"))) {
			bool old = false;

			f->core = NS_RSS;
			for (size_t i = 0; i < count; i++)
				old = old || str_contains(attrs[i].value, S("rdf/simple/0.9"));
			f->info.format = old ? "rss0.90" : "rss1.0";
		} else if (str_eq(local, S("feed"))) {
			bool old = str_has_prefix(version, S("0")) ||
				   str_contains(xmlns, S("purl.org/atom"));

			f->core = NS_ATOM;
			for (size_t i = 0; i < count; i++)
				old = old || str_contains(attrs[i].value, S("purl.org/atom/ns"));
			f->info.format = old ? "atom0.3" : "atom1.0";
		} else {
			f->core = NS_RSS;
			f->info.format = "rss0.9x";
		}
	}
	if (feed_has_attr(attrs, count, S("href")) ||
	    feed_has_attr(attrs, count, S("lastmod"))) { /* CDF */
		struct str lastmod = feed_attr(attrs, count, S("lastmod"));
		int offset;

		f->info.format = "cdf";
		if (!f->info.home_page_url.len)
			f->info.home_page_url =
				feed_url(&f->own, el->base, feed_attr(attrs, count, S("href")));
		feed_date(f, lastmod, &f->info.updated, &offset);
	}
}

static void start_entry(struct feed *f, const struct xml_attr *attrs, size_t count)
{
	struct feed_element *el = &f->stack[f->depth - 1];

	f->entry = arena_alloc(f->mem, sizeof(*f->entry));
	f->entry->published = f->entry->modified = TIME_UNSTATED;
	f->draft = (struct feed_draft){ .duration = -1, .guid_is_link = false };
	f->entry_depth = f->depth;
	el->place = PLACE_ENTRY;
	/* RSS has no rule for relative addresses; they were written for the site's page, wherever
	 * the feed is served */
	if (f->core == NS_RSS && f->base.len && el->base.ptr == f->base.ptr &&
	    url_is_http(f->info.home_page_url))
		el->base = f->info.home_page_url;
	f->draft.base = el->base;
	f->draft.language = feed_keep(f, el->language);
	f->draft.about = feed_keep(f, feed_attr_local(attrs, count, S("about")));
	if (feed_has_attr(attrs, count, S("href")) ||
	    feed_has_attr(attrs, count, S("lastmod"))) { /* CDF */
		struct str href = feed_attr(attrs, count, S("href"));
		int offset;

		f->info.format = "cdf";
		if (href.len) {
			f->entry->link = feed_url(f->mem, el->base, href);
			f->draft.link_rank = 5;
		}
		if (feed_date(f, feed_attr(attrs, count, S("lastmod")), &f->entry->modified,
			      &offset))
			f->draft.modified_rank = 5;
	}
}

static void start_enclosure(struct feed *f, const struct xml_attr *attrs, size_t count, bool media)
{
	struct feed_element *el = &f->stack[f->depth - 1];
	struct attachment att = { .size_bytes = -1, .duration_seconds = -1 };
	struct str url = feed_attr(attrs, count, S("url"));

	if (!url.len)
		url = feed_attr(attrs, count, S("href"));
	att.url = feed_url(f->mem, el->base, url);
	att.mime_type = feed_keep(f, feed_attr(attrs, count, S("type")));
	att.title = feed_keep(f, feed_attr(attrs, count, S("title")));
	att.size_bytes = feed_amount(feed_attr(attrs, count, media ? S("fileSize") : S("length")));
	att.duration_seconds = feed_duration(feed_attr(attrs, count, S("duration")));
	if (!f->draft.picture.len && (str_eq(feed_attr(attrs, count, S("medium")), S("image")) ||
				      str_has_prefix(att.mime_type, S("image/"))))
		f->draft.picture = att.url;
	feed_add_attachment(f, &att, media);
}

/* The kinds of Atom link; a table, for there are many and more come. */
enum rel {
	REL_OTHER,
	REL_ALTERNATE,
	REL_SELF,
	REL_ENCLOSURE,
	REL_HUB,
	REL_NEXT,
	REL_REPLIES,
	REL_RELATED,
	REL_IMAGE
};
static const struct {
	struct str name;
	enum rel rel;
} rels[] = {
	{ STR(""), REL_ALTERNATE },
	{ STR("alternate"), REL_ALTERNATE },
	{ STR("self"), REL_SELF },
	{ STR("enclosure"), REL_ENCLOSURE },
	{ STR("hub"), REL_HUB },
	{ STR("next"), REL_NEXT },
	{ STR("replies"), REL_REPLIES },
	{ STR("related"), REL_RELATED },
	{ STR("image"), REL_IMAGE },
	{ STR("http://www.iana.org/assignments/relation/alternate"), REL_ALTERNATE },
	{ STR("http://www.iana.org/assignments/relation/self"), REL_SELF },
	{ STR("http://www.iana.org/assignments/relation/enclosure"), REL_ENCLOSURE },
};

static enum rel rel_of(struct str s)
{
	for (size_t i = 0; i < sizeof(rels) / sizeof(rels[0]); i++)
		if (str_eq_nocase(s, rels[i].name))
			return rels[i].rel;
	return REL_OTHER;
}

static bool is_html_type(struct str type)
{
	return !type.len || str_has_prefix_nocase(type, S("text/html")) ||
	       str_has_prefix_nocase(type, S("application/xhtml"));
}

static void start_link_in_entry(struct feed *f, enum rel rel, struct str url, struct str type,
				const struct xml_attr *attrs, size_t count)
{
	int rank = is_html_type(type) ? 6 : 4;

	switch (rel) {
	case REL_ALTERNATE:
		if (rank > f->draft.link_rank) {
			f->entry->link = url;
			f->draft.link_rank = rank;
		}
		break;
	case REL_ENCLOSURE: start_enclosure(f, attrs, count, false); break;
	case REL_REPLIES:
		if (is_html_type(type) && !f->entry->comments_url.len)
			f->entry->comments_url = url;
		break;
	case REL_RELATED:
		if (!f->entry->external_url.len)
			f->entry->external_url = url;
		break;
	case REL_IMAGE:
		if (!f->entry->image.len)
			f->entry->image = url;
		break;
	default: break;
	}
}

static void start_link(struct feed *f, unsigned ns, const struct xml_attr *attrs, size_t count)
{
	struct feed_element *el = &f->stack[f->depth - 1];
	struct str href = feed_attr(attrs, count, S("href")),
		   type = feed_attr(attrs, count, S("type")), url;
	enum rel rel = rel_of(feed_attr(attrs, count, S("rel")));

	if (!feed_has_attr(attrs, count, S("href"))) { /* RSS: the address is the text */
		f->link_is_enclosure = rel == REL_ENCLOSURE;
		if (rel == REL_ALTERNATE || (f->entry && rel == REL_ENCLOSURE))
			collect(f, TEXT_PLAIN);
		return;
	}
	url = href.len ? feed_url(feed_arena(f), el->base, href) : el->base;
	if (f->entry) {
		start_link_in_entry(f, rel, url, type, attrs, count);
		return;
	}
	if (rel == REL_ALTERNATE) {
		feed_set_home(f, url, ns == NS_RSS ? 7 : is_html_type(type) ? 6 : 4);
	} else if (rel == REL_SELF && !f->info.feed_url.len) {
		f->info.feed_url = url;
	} else if (rel == REL_NEXT && !f->info.next_url.len) {
		f->info.next_url = url;
	} else if (rel == REL_HUB) {
		feed_add_hub(f, url);
	} else if (rel == REL_IMAGE && f->feed_icon_rank < 2) {
		f->info.icon = url;
		f->feed_icon_rank = 2;
	}
}

static void start_image(struct feed *f, const struct feed_rule *rule, const struct xml_attr *attrs,
			size_t count)
{
	struct feed_element *el = &f->stack[f->depth - 1];
	struct str url = feed_attr(attrs, count, S("href"));

	el->place = PLACE_IMAGE;
	buf_reset(&f->collected);
	if (!url.len)
		url = feed_attr(attrs, count, S("url"));
	if (!url.len)
		return;
	url = feed_url(feed_arena(f), el->base, url);
	if (f->entry) {
		if (!f->entry->image.len || rule->rank == 5)
			f->entry->image = url;
	} else if (rule->rank > f->feed_icon_rank) {
		f->info.icon = url;
		f->feed_icon_rank = rule->rank;
	}
}

static void start_tag(struct feed *f, const struct xml_attr *attrs, size_t count, unsigned ns)
{
	struct str term = feed_attr(attrs, count, S("term"));

	if (!term.len && ns == NS_MEDIA)
		term = S("");
	if (!term.len)
		term = feed_attr(attrs, count, S("label"));
	if (term.len)
		feed_add_tag(f, term);
	collect(f, TEXT_UNTYPED);
}

/* A title in a language: that of the whole, where nothing else states one. */
static void note_language(struct feed *f, const struct xml_attr *attrs, size_t count)
{
	struct str language = feed_attr(attrs, count, S("xml:lang"));
	struct str *to = f->entry ? &f->draft.title_language : &f->title_language;

	if (!to->len)
		*to = feed_keep(f, language);
}

static void start_content(struct feed *f, const struct feed_rule *rule, unsigned ns,
			  const struct xml_attr *attrs, size_t count)
{
	struct feed_element *el = &f->stack[f->depth - 1];
	enum feed_text type = text_type(attrs, count, ns);

	if (ns == NS_MEDIA && type == TEXT_UNTYPED) /* "plain" unless it says "html" */
		type = TEXT_PLAIN;
	if (ns == NS_XHTML ||
	    str_eq_nocase(feed_attr_local(attrs, count, S("parseType")), S("Literal")))
		type = TEXT_MARKUP;
	if (f->entry) {
		struct str src = feed_attr(attrs, count, S("src"));

		if (rule->what == IS_CONTENT && src.len)
			f->draft.content_src = feed_url(f->mem, el->base, src);
		/* the content's own, whatever a summary behind it has */
		if (rule->what == IS_CONTENT || !f->draft.content_rank) {
			f->draft.base = el->base;
			if (el->language.len)
				f->draft.content_language = feed_keep(f, el->language);
		}
	} else {
		note_language(f, attrs, count);
	}
	collect(f, type);
}

void feed_start_ruled(struct feed *f, const struct feed_rule *rule, struct str local, unsigned ns,
		      const struct xml_attr *attrs, size_t count)
{
	struct feed_element *el = &f->stack[f->depth - 1];

	switch (rule->what) {
	case IS_FEED: start_feed(f, local, attrs, count); break;
	case IS_ENTRY: start_entry(f, attrs, count); break;
	case IS_PASSED: break;
	case IS_SKIPPED: el->place = PLACE_NOWHERE; break;
	case IS_IMAGE: start_image(f, rule, attrs, count); break;
	case IS_PERSON:
		el->place = PLACE_PERSON;
		f->person_name = f->person_url = f->person_mail = S("");
		buf_reset(&f->collected);
		break;
	case IS_TITLE:
		note_language(f, attrs, count);
		collect(f, text_type(attrs, count, ns));
		break;
	case IS_LINK: start_link(f, ns, attrs, count); break;
	case IS_DESCRIPTION:
	case IS_SUMMARY:
	case IS_CONTENT: start_content(f, rule, ns, attrs, count); break;
	case IS_RIGHTS: collect(f, text_type(attrs, count, ns)); break;
	case IS_GENERATOR:
		if (!f->info.generator.len)
			f->info.generator =
				feed_keep(f, feed_attr_local(attrs, count, S("resource")));
		collect(f, TEXT_UNTYPED);
		break;
	case IS_TAG: start_tag(f, attrs, count, ns); break;
	case IS_TAG_ATTR: feed_add_tag(f, feed_attr(attrs, count, S("text"))); break;
	case IS_ENCLOSURE:
		start_enclosure(f, attrs, count, false);
		el->place = PLACE_NOWHERE;
		break;
	case IS_MEDIA:
		if (feed_attr(attrs, count, S("url")).len || feed_attr(attrs, count, S("href")).len)
			start_enclosure(f, attrs, count, true);
		break;
	case IS_PEER:
		f->draft.peer = feed_url(f->mem, el->base, feed_attr(attrs, count, S("href")));
		f->draft.peer_type = feed_keep(f, feed_attr(attrs, count, S("type")));
		break;
	case IS_THUMBNAIL:
		if (!f->entry->image.len)
			f->entry->image =
				feed_url(f->mem, el->base, feed_attr(attrs, count, S("url")));
		break;
	case IS_GUID:
		f->draft.guid_is_link =
			str_eq(local, S("guid")) &&
			!str_eq_nocase(feed_attr(attrs, count, S("isPermaLink")), S("false"));
		collect(f, TEXT_PLAIN);
		break;
	default: collect(f, TEXT_PLAIN);
	}
}
