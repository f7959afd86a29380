/* json_article - an article as a JSON Feed item, the way cli.md says. */
#include "cmd/cmd.h"
#include "model.h"
#include "text/json.h"

static void write_people(struct json *j, const struct people *people)
{
	json_add_key(j, S("authors"));
	json_begin_array(j);
	for (size_t i = 0; i < people->count; i++) {
		json_begin_object(j);
		json_member(j, "name", people->items[i].name);
		json_member_opt(j, "url", people->items[i].url);
		json_end(j);
	}
	json_end(j);
}

static void write_strs(struct json *j, const char *key, const struct strs *list)
{
	json_add_key(j, str_of(key));
	json_begin_array(j);
	for (size_t i = 0; i < list->count; i++)
		json_add_str(j, list->items[i]);
	json_end(j);
}

static void write_attachments(struct json *j, const struct attachments *list)
{
	json_add_key(j, S("attachments"));
	json_begin_array(j);
	for (size_t i = 0; i < list->count; i++) {
		const struct attachment *a = &list->items[i];

		json_begin_object(j);
		json_member(j, "url", a->url);
		json_member(j, "mime_type", a->mime_type);
		json_member_opt(j, "title", a->title);
		if (a->size_bytes >= 0)
			json_member_i64(j, "size_in_bytes", a->size_bytes);
		if (a->duration_seconds >= 0)
			json_member_i64(j, "duration_in_seconds", a->duration_seconds);
		json_end(j);
	}
	json_end(j);
}

static void write_dateline(struct json *j, const struct dateline *d)
{
	json_add_key(j, S("dateline"));
	json_begin_object(j);
	json_member(j, "text", d->text);
	json_member_opt(j, "place", d->place);
	if (d->day)
		json_member_i64(j, "day", d->day);
	json_end(j);
}

static void write_credits(struct json *j, const struct people *people)
{
	json_add_key(j, S("credits"));
	json_begin_array(j);
	for (size_t i = 0; i < people->count; i++) {
		json_begin_object(j);
		json_member(j, "role", people->items[i].role);
		json_member(j, "name", people->items[i].name);
		json_end(j);
	}
	json_end(j);
}

/* The names for enum origin, as `from` shows them. */
static const char *const origins[] = {
	[FROM_NOWHERE] = "",
	[FROM_FEED] = "feed",
	[FROM_JSONLD] = "json-ld",
	[FROM_META] = "meta",
	[FROM_MICRODATA] = "microdata",
	[FROM_PAGE] = "page",
	[FROM_TEXT] = "text",
	[FROM_URL] = "url",
	[FROM_HEADER] = "header",
	[FROM_IMPORT] = "import",
	[FROM_SOURCE] = "source",
};

static void write_origins(struct json *j, const struct article *art)
{
	json_add_key(j, S("from"));
	json_begin_object(j);
	json_member_opt(j, "title", str_of(origins[art->title_from]));
	json_member_opt(j, "text", str_of(origins[art->text_from]));
	json_member_opt(j, "published", str_of(origins[art->published_from]));
	json_member_opt(j, "authors", str_of(origins[art->authors_from]));
	json_member_opt(j, "keywords", str_of(origins[art->keywords_from]));
	json_member_opt(j, "language", str_of(origins[art->language_from]));
	json_end(j);
}

static void write_item(struct json *j, const struct article *art, struct str path, struct str error)
{
	struct str id = art->key.len ? art->key : art->url;

	json_begin_object(j);
	json_member_opt(j, "path", path);
	json_member(j, "id", id.len ? id : path);
	json_member_opt(j, "url", art->url);
	json_member_opt(j, "title", art->title);
	json_member_opt(j, "content_html", art->html);
	json_member(j, "content_text", art->text);
	json_member_opt(j, "summary", art->summary);
	json_member_opt(j, "image", art->image);
	json_member_time(j, "date_published", art->published, art->published_offset_min);
	json_member_time(j, "date_modified", art->modified, art->published_offset_min);
	if (art->authors.count)
		write_people(j, &art->authors);
	if (art->keywords.count)
		write_strs(j, "tags", &art->keywords);
	json_member_opt(j, "language", art->language);
	if (art->attachments.count)
		write_attachments(j, &art->attachments);
	json_add_key(j, S("_dibao"));
	json_begin_object(j);
	json_member_opt(j, "site_name", art->site_name);
	json_member_opt(j, "canonical_url", art->url);
	json_member_opt(j, "fetched_url", art->fetched_url);
	json_member_opt(j, "description", art->summary);
	json_member_opt(j, "section", art->section);
	json_member_opt(j, "licence", art->licence);
	if (art->dateline.text.len)
		write_dateline(j, &art->dateline);
	if (art->credits.count)
		write_credits(j, &art->credits);
	if (art->paywalled) {
		json_add_key(j, S("paywalled"));
		json_add_bool(j, true);
	}
	if (art->source.len)
		json_member(j, "source", art->source);
	if (art->revision)
		json_member_i64(j, "revision", art->revision);
	json_member_time(j, "first_seen", art->first_seen, 0);
	json_member_time(j, "last_seen", art->last_seen, 0);
	json_member_time(j, "gone", art->gone, 0);
	write_origins(j, art);
	json_member_opt(j, "error", error);
	json_end(j);
	json_end(j);
}

void cmd_json_article(struct json *j, const struct article *art)
{
	write_item(j, art, S(""), S(""));
}

void cmd_json_page(struct json *j, const struct article *art, struct str path, struct str error)
{
	write_item(j, art, path, error);
}
