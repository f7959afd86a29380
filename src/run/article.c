/* Articles on their way between threads. */
#include <string.h>

#include "run/private.h"

static struct strs copy_strs(struct arena *a, struct strs from)
{
	struct strs to = { arena_array(a, from.count, sizeof(struct str)), from.count };

	for (size_t i = 0; i < from.count; i++)
		to.items[i] = arena_str(a, from.items[i]);
	return to;
}

static struct people copy_people(struct arena *a, struct people from)
{
	struct people to = { arena_array(a, from.count, sizeof(struct person)), from.count };

	for (size_t i = 0; i < from.count; i++)
		to.items[i] = (struct person){
			.role = arena_str(a, from.items[i].role),
			.name = arena_str(a, from.items[i].name),
			.url = arena_str(a, from.items[i].url),
		};
	return to;
}

static struct attachments copy_attachments(struct arena *a, struct attachments from)
{
	struct attachments to = { arena_array(a, from.count, sizeof(struct attachment)),
				  from.count };

	for (size_t i = 0; i < from.count; i++) {
		to.items[i] = from.items[i];
		to.items[i].url = arena_str(a, from.items[i].url);
		to.items[i].mime_type = arena_str(a, from.items[i].mime_type);
		to.items[i].title = arena_str(a, from.items[i].title);
	}
	return to;
}

void article_copy(struct arena *a, const struct article *from, struct article *to)
{
	struct str *const texts[] = {
		&to->key,
		&to->url,
		&to->fetched_url,
		&to->path,
		&to->source,
		&to->guid,
		&to->title,
		&to->text,
		&to->html,
		&to->summary,
		&to->language,
		&to->image,
		&to->site_name,
		&to->section,
		&to->licence,
		&to->dateline.text,
		&to->dateline.place,
	};

	*to = *from;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		*texts[i] = arena_str(a, *texts[i]);
	to->authors = copy_people(a, from->authors);
	to->credits = copy_people(a, from->credits);
	to->keywords = copy_strs(a, from->keywords);
	to->attachments = copy_attachments(a, from->attachments);
}
