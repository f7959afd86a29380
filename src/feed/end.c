/* What is done where an element ends: its text becomes a field. */
#include <string.h>

#include "feed/rules.h"
#include "text/date.h"
#include "text/escape.h"
#include "text/url.h"
#include "text/utf8.h"

void feed_end_person(struct feed *f, int rank)
{
	struct arena *a = feed_arena(f);

	if (!f->person_name.len)
		f->person_name = feed_author_name(a, buf_str(&f->collected));
	if (!f->person_name.len)
		f->person_name = f->person_mail;
	feed_add_author(f, arena_str(a, f->person_name), f->person_url, rank);
	f->person_name = f->person_url = f->person_mail = S("");
	buf_reset(&f->collected);
}

/* ---- end ---- */

static void end_date(struct feed *f, const struct feed_rule *rule, struct str text)
{
	int64_t ms;
	int offset;

	if (!feed_date(f, text, &ms, &offset))
		return;
	if (!f->entry) {
		if (rule->rank >= f->feed_updated_rank) {
			f->info.updated = ms;
			f->feed_updated_rank = rule->rank;
		}
	} else if (rule->what == IS_PUBLISHED) {
		if (rule->rank >= f->draft.published_rank) {
			f->entry->published = ms;
			f->entry->published_offset_min = offset;
			f->draft.published_rank = rule->rank;
		}
	} else if (rule->rank >= f->draft.modified_rank) {
		f->entry->modified = ms;
		f->draft.modified_rank = rule->rank;
	}
}

static void set_draft(struct feed *f, struct str text, enum feed_text type, int rank,
		      struct str *to, enum feed_text *to_type, int *to_rank)
{
	if (!text.len || rank <= *to_rank)
		return;
	*to = arena_str(f->mem, text);
	*to_type = type;
	*to_rank = rank;
}

static void end_text_in_entry(struct feed *f, const struct feed_rule *rule, struct str text,
			      enum feed_text type)
{
	struct feed_draft *d = &f->draft;

	switch (rule->what) {
	case IS_TITLE:
		if (rule->rank > d->title_rank) {
			struct str title = feed_plain(f->mem, text, type);

			if (title.len) {
				f->entry->title = arena_str(f->mem, title);
				d->title_rank = rule->rank;
			}
		}
		break;
	case IS_DESCRIPTION:
		set_draft(f, text, type, rule->rank, &d->description, &d->description_type,
			  &d->description_rank);
		break;
	case IS_SUMMARY:
		set_draft(f, text, type, rule->rank, &d->summary, &d->summary_type,
			  &d->summary_rank);
		break;
	case IS_CONTENT:
		set_draft(f, text, type, rule->rank, &d->content, &d->content_type,
			  &d->content_rank);
		break;
	default: break;
	}
}

static void end_text_in_feed(struct feed *f, const struct feed_rule *rule, struct str text,
			     enum feed_text type)
{
	struct str plain = feed_plain(&f->own, text, type);

	if (!plain.len)
		return;
	plain = arena_str(&f->own, plain);
	switch (rule->what) {
	case IS_TITLE:
		if (rule->rank > f->feed_title_rank) {
			f->info.title = plain;
			f->feed_title_rank = rule->rank;
		}
		break;
	case IS_DESCRIPTION:
	case IS_SUMMARY:
		if (rule->rank > f->feed_description_rank) {
			f->info.description = plain;
			f->feed_description_rank = rule->rank;
		}
		break;
	case IS_RIGHTS:
		if (!f->info.rights.len)
			f->info.rights = plain;
		break;
	default: break;
	}
}

static void end_link(struct feed *f, struct str text)
{
	const struct feed_element *el = &f->stack[f->depth - 1];
	struct str url = feed_url(feed_arena(f), el->base, text);

	if (!url.len)
		return;
	if (f->entry && f->link_is_enclosure) {
		feed_add_attachment(f,
				    &(struct attachment){
					    .url = url, .size_bytes = -1, .duration_seconds = -1 },
				    false);
	} else if (!f->entry) {
		feed_set_home(f, url, 7);
	} else if (f->draft.link_rank < 5) {
		f->entry->link = url;
		f->draft.link_rank = 5;
	}
}

static void end_interval(struct feed *f, enum what what, struct str text)
{
	static const struct {
		struct str name;
		int64_t s;
	} periods[] = { { STR("hourly"), 3600 },
			{ STR("daily"), 86400 },
			{ STR("weekly"), 604800 },
			{ STR("monthly"), 2592000 },
			{ STR("yearly"), 31536000 } };
	int64_t n;

	if (what == IS_SY_PERIOD) {
		for (size_t i = 0; i < sizeof(periods) / sizeof(periods[0]); i++)
			if (str_eq_nocase(text, periods[i].name))
				f->sy_period_s = periods[i].s;
	} else if (str_to_i64(text, 1, 525600, &n)) {
		if (what == IS_TTL)
			f->info.ttl_s = n * 60;
		else
			f->sy_frequency = n;
	}
}

static void set_once(struct feed *f, struct str *to, struct str value)
{
	if (!to->len)
		*to = feed_keep(f, value);
}

void feed_end_ruled(struct feed *f, const struct feed_rule *rule, struct str text,
		    enum feed_text type)
{
	const struct feed_element *el = &f->stack[f->depth - 1];
	struct str piece;

	switch (rule->what) {
	case IS_TITLE:
	case IS_DESCRIPTION:
	case IS_SUMMARY:
	case IS_CONTENT:
	case IS_RIGHTS:
		if (f->entry)
			end_text_in_entry(f, rule, text, type);
		else
			end_text_in_feed(f, rule, text, type);
		break;
	case IS_LINK: end_link(f, text); break;
	case IS_ORIGINAL_LINK:
		piece = feed_url(f->mem, el->base, text);
		if (piece.len && f->draft.link_rank < rule->rank) {
			f->entry->link = piece;
			f->draft.link_rank = rule->rank;
		}
		break;
	case IS_LANGUAGE:
		if (f->entry)
			f->draft.language = feed_keep(f, text);
		else if (text.len && !f->language_stated)
			f->info.language = feed_keep(f, text);
		f->language_stated = f->language_stated || (!f->entry && text.len);
		break;
	case IS_GENERATOR:
		if (text.len)
			f->info.generator =
				arena_str(&f->own, feed_plain(&f->own, text, TEXT_UNTYPED));
		break;
	case IS_UPDATED:
	case IS_PUBLISHED: end_date(f, rule, text); break;
	case IS_TTL:
	case IS_SY_PERIOD:
	case IS_SY_FREQUENCY: end_interval(f, rule->what, text); break;
	case IS_ICON:
		if (text.len && rule->rank > f->feed_icon_rank) {
			f->info.icon = feed_url(&f->own, el->base, text);
			f->feed_icon_rank = rule->rank;
		}
		break;
	case IS_AUTHOR:
		piece = feed_author_name(feed_arena(f), text);
		feed_add_author(f, feed_keep(f, piece), S(""), rule->rank);
		break;
	case IS_GUID:
		if (!f->draft.guid.len || str_eq(rule->name, S("guid")))
			f->draft.guid = feed_keep(f, text);
		break;
	case IS_TAG: feed_add_tag(f, text); break;
	case IS_TAG_LIST:
		while (str_split(&text, ',', &piece))
			feed_add_tag(f, piece);
		break;
	case IS_COMMENTS:
		if (!f->entry->comments_url.len)
			f->entry->comments_url = feed_url(f->mem, el->base, text);
		break;
	case IS_DURATION: f->draft.duration = feed_duration(text); break;
	case IS_PERSON_NAME:
		set_once(f, &f->person_name, feed_plain(feed_arena(f), text, TEXT_UNTYPED));
		break;
	case IS_PERSON_URL: f->person_url = feed_url(feed_arena(f), el->base, text); break;
	case IS_PERSON_MAIL: set_once(f, &f->person_mail, text); break;
	case IS_IMAGE_URL:
		if (f->entry)
			set_once(f, &f->entry->image, feed_url(f->mem, el->base, text));
		else if (text.len && f->feed_icon_rank < 5) {
			f->info.icon = feed_url(&f->own, el->base, text);
			f->feed_icon_rank = 5;
		}
		break;
	default: break;
	}
}

void feed_end_image(struct feed *f, const struct feed_rule *rule)
{
	struct str text = str_trim(buf_str(&f->collected));

	/* an address as the element's text, against the rules */
	if (text.len && text.len < URL_MAX_BYTES && str_find_ch(text, ' ') == STR_NONE &&
	    url_is_http(text)) {
		if (f->entry)
			set_once(f, &f->entry->image, feed_url(f->mem, S(""), text));
		else if (rule->rank > f->feed_icon_rank) {
			f->info.icon = feed_url(&f->own, S(""), text);
			f->feed_icon_rank = rule->rank;
		}
	}
	buf_reset(&f->collected);
}
