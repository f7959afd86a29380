#include "site/theme.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/list.h"
#include "site/theme_files.h"

static struct theme_entry *find_in(const struct list *l, struct str name)
{
	for (size_t i = 0; i < l->count; i++) {
		struct theme_entry *e = list_at(l, i);

		if (str_eq(e->name, name))
			return e;
	}
	return NULL;
}

static int read_overlay_file(struct arena *a, struct list *files, struct str name, const char *path,
			     struct err *err)
{
	struct buf bytes;
	struct theme_entry *e = find_in(files, name);

	if (!e) {
		if (files->count == THEME_MAX_FILES)
			return err_set(err, ERR_CONFIG, "%s: more than %d files in a theme", path,
				       THEME_MAX_FILES);
		e = list_add(files);
		e->name = arena_str(a, name);
	}
	buf_init(&bytes, THEME_MAX_BYTES);
	int r = file_read(path, &bytes, err);
	if (r == 0) {
		e->bytes = arena_str(a, buf_str(&bytes));
		e->file = arena_str(a, str_of(path));
	}
	buf_fini(&bytes);
	return r < 0 ? r : 0;
}

static int not_hidden(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int read_overlay(struct arena *a, struct list *files, const char *dir, const char *below,
			int depth, struct err *err)
{
	struct dirent **found = NULL;
	int n = scandir(dir, &found, not_hidden, alphasort);
	int r = 0;

	for (int i = 0; i < n; i++) {
		char *path = path_join(a, dir, found[i]->d_name);
		char *name = path_join(a, below, found[i]->d_name);
		struct stat st;

		free(found[i]);
		if (r < 0 || stat(path, &st) != 0)
			continue;
		if (S_ISDIR(st.st_mode) && depth < 8)
			r = read_overlay(a, files, path, name, depth + 1, err);
		else if (S_ISREG(st.st_mode))
			r = read_overlay_file(a, files, str_of(name), path, err);
	}
	free(found);
	return r;
}

static int by_name(const void *a, const void *b)
{
	return str_cmp(((const struct theme_entry *)a)->name,
		       ((const struct theme_entry *)b)->name);
}

static int compile_all(struct arena *a, struct theme *t, struct err *err)
{
	struct hash_state hash;

	hash_start(&hash);
	t->templates = template_set_new(a);
	for (size_t i = 0; i < t->count; i++) {
		struct theme_entry *e = &t->entries[i];
		bool page = str_has_suffix(e->name, S(".html"));

		hash_update(&hash, str_n(e->name.ptr, e->name.len + 1));
		hash_update(&hash, e->bytes);
		e->published = !page && !str_has_prefix(e->name, S("strings/"));
		if (page && template_add(t->templates, str_sub(e->name, 0, e->name.len - 5),
					 e->file, e->bytes, err) < 0)
			return err->code;
	}
	struct hash whole = hash_finish(&hash);
	memcpy(&t->fingerprint, whole.bytes, sizeof(t->fingerprint));
	return template_link(t->templates, false, err);
}

int theme_open(struct arena *a, struct str dir, struct theme *out, struct err *err)
{
	struct list files;
	int r = 0;

	*out = (struct theme){ 0 };
	list_init(&files, sizeof(struct theme_entry));
	for (const struct theme_file *f = theme_files; f->name; f++) {
		struct theme_entry *e = list_add(&files);

		e->name = str_of(f->name);
		e->file = arena_strf(a, "default theme: %s", f->name);
		e->bytes = str_n((const char *)f->bytes, f->len);
	}
	if (dir.len)
		r = read_overlay(a, &files, arena_cstr(a, dir), "", 0, err);
	out->count = files.count;
	out->entries = arena_array(a, files.count + 1, sizeof(*out->entries));
	if (files.count)
		memcpy(out->entries, files.items, files.count * sizeof(*out->entries));
	list_fini(&files);
	if (r < 0)
		return r;
	qsort(out->entries, out->count, sizeof(*out->entries), by_name);
	return compile_all(a, out, err);
}

const struct theme_entry *theme_find(const struct theme *t, struct str name)
{
	struct theme_entry key = { .name = name };

	return bsearch(&key, t->entries, t->count, sizeof(key), by_name);
}

struct str theme_content_type(struct str name)
{
	static const struct {
		struct str end, type;
	} types[] = {
		{ STR(".html"), STR("text/html; charset=utf-8") },
		{ STR(".css"), STR("text/css; charset=utf-8") },
		{ STR(".js"), STR("text/javascript; charset=utf-8") },
		{ STR(".txt"), STR("text/plain; charset=utf-8") },
		{ STR(".xml"), STR("application/xml; charset=utf-8") },
		{ STR(".json"), STR("application/json") },
		{ STR(".webmanifest"), STR("application/manifest+json") },
		{ STR(".svg"), STR("image/svg+xml") },
		{ STR(".png"), STR("image/png") },
		{ STR(".jpg"), STR("image/jpeg") },
		{ STR(".jpeg"), STR("image/jpeg") },
		{ STR(".gif"), STR("image/gif") },
		{ STR(".webp"), STR("image/webp") },
		{ STR(".avif"), STR("image/avif") },
		{ STR(".ico"), STR("image/x-icon") },
		{ STR(".woff2"), STR("font/woff2") },
		{ STR(".pdf"), STR("application/pdf") },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (str_has_suffix(name, types[i].end))
			return types[i].type;
	return S("application/octet-stream");
}

/* Adds the words of one file to those that are not there yet. */
static int read_words(struct arena *a, const struct theme_entry *e, struct value *words,
		      struct err *err)
{
	struct str rest = e->bytes, line;

	for (int number = 1; str_split(&rest, '\n', &line); number++) {
		line = str_trim(line);
		if (!line.len || line.ptr[0] == '#')
			continue;
		size_t equals = str_find_ch(line, '=');
		if (equals == STR_NONE)
			return err_set(err, ERR_CONFIG, "%.*s:%d: no \"key = text\"",
				       STR_FMT(e->file), number);
		struct str key = str_trim(str_sub(line, 0, equals));
		struct str text = str_trim(str_from(line, equals + 1));
		if (!value_get(words, key, value_hash(key)))
			value_put_key(a, words, key, value_text(text));
	}
	return 0;
}

/* The file for a language: itself, then by script for Chinese, then with fewer subtags. */
static const struct theme_entry *words_file(struct arena *a, const struct theme *t,
					    struct str language)
{
	static const struct {
		struct str tag, file;
	} chinese[] = {
		{ STR("zh-TW"), STR("strings/zh-Hant.txt") },
		{ STR("zh-HK"), STR("strings/zh-Hant.txt") },
		{ STR("zh-MO"), STR("strings/zh-Hant.txt") },
		{ STR("zh-Hant"), STR("strings/zh-Hant.txt") },
		{ STR("zh"), STR("strings/zh-Hans.txt") },
	};

	for (struct str tag = language; tag.len;) {
		struct str name = arena_strf(a, "strings/%.*s.txt", STR_FMT(tag));
		size_t dash = str_rfind_ch(tag, '-');

		for (size_t i = 0; i < t->count; i++)
			if (str_eq_nocase(t->entries[i].name, name))
				return &t->entries[i];
		for (size_t i = 0; i < sizeof(chinese) / sizeof(chinese[0]); i++)
			if (str_eq_nocase(tag, chinese[i].tag))
				return theme_find(t, chinese[i].file);
		tag = str_sub(tag, 0, dash == STR_NONE ? 0 : dash);
	}
	return NULL;
}

int theme_words(struct arena *a, const struct theme *t, struct str language, struct value **out,
		struct err *err)
{
	const struct theme_entry *own = words_file(a, t, language);
	const struct theme_entry *english = theme_find(t, S("strings/en.txt"));

	*out = value_object(a);
	if (own && read_words(a, own, *out, err) < 0)
		return err->code;
	if (english && english != own && read_words(a, english, *out, err) < 0)
		return err->code;
	value_index(a, *out);
	return 0;
}

struct str theme_word(const struct value *words, struct str key)
{
	const struct value *v = value_get(words, key, value_hash(key));

	return v ? v->as.text : S("");
}

bool theme_language_is_rtl(struct str language)
{
	static const struct str tags[] = {
		STR("ar"), STR("fa"), STR("he"), STR("ur"), STR("ug"),
		STR("ps"), STR("yi"), STR("sd"), STR("dv"),
	};
	size_t dash = str_find_ch(language, '-');

	language = str_sub(language, 0, dash == STR_NONE ? language.len : dash);
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (str_eq_nocase(language, tags[i]))
			return true;
	return false;
}
