/* subs.json: [{ "site": NAME, "url": ADDRESS }], as the incumbents keep what they follow; read by
 * jansson. */
#include "exchange/exchange.h"

#include <jansson.h>

#include "base/map.h"
#include "text/url.h"
#include "text/utf8.h"

static struct str member(struct arena *a, const json_t *object, const char *const *names)
{
	for (; *names; names++) {
		const json_t *value = json_object_get(object, *names);

		if (json_is_string(value))
			return utf8_squeeze(a, arena_str(a, str_n(json_string_value(value),
								  json_string_length(value))));
	}
	return (struct str){ 0 };
}

static bool read_source(struct arena *a, const json_t *object, struct source *out)
{
	static const char *const urls[] = { "url", "feed_url", "feed", "xmlUrl", NULL };
	static const char *const names[] = { "site", "name", "title", NULL };
	static const char *const categories[] = { "category", "folder", NULL };
	struct str url = member(a, object, urls);
	struct url parsed;
	struct err err;

	if (!url_is_http(url) || url_parse(a, url, &parsed, &err) < 0)
		return false;
	*out = (struct source){
		.url = parsed.href,
		.name = member(a, object, names),
		.category = member(a, object, categories),
		.full_text = true,
		.look_again = true,
	};
	return true;
}

int subs_parse(struct arena *a, struct str bytes, struct source **out, size_t *count,
	       struct err *err)
{
	json_error_t why;
	struct map urls;
	int rc = 0;

	*out = NULL;
	*count = 0;
	if (bytes.len > EXCHANGE_MAX_BYTES)
		return err_set(err, ERR_LIMIT, "subs.json larger than %d bytes",
			       EXCHANGE_MAX_BYTES);
	if (str_has_prefix(bytes, S("\xEF\xBB\xBF")))
		bytes = str_from(bytes, 3);
	json_t *root = json_loadb(bytes.ptr ? bytes.ptr : "", bytes.len, 0, &why);
	if (!root)
		return err_set(err, ERR_INPUT, "not JSON: line %d: %s", why.line, why.text);
	size_t n = json_array_size(root);
	map_init(&urls);
	if (n > EXCHANGE_MAX_SOURCES)
		rc = err_set(err, ERR_LIMIT, "subs.json with more than %d sources",
			     EXCHANGE_MAX_SOURCES);
	else
		*out = arena_array(a, n, sizeof(**out));
	for (size_t i = 0; rc == 0 && i < n; i++) {
		struct source s;

		if (!read_source(a, json_array_get(root, i), &s) || map_get(&urls, s.url))
			continue;
		*map_put(&urls, s.url) = root;
		(*out)[(*count)++] = s;
	}
	if (rc == 0 && *count == 0)
		rc = err_set(err, ERR_INPUT,
			     "not a subs.json: a list of { \"site\", \"url\" } is expected");
	map_fini(&urls);
	json_decref(root);
	return rc;
}
