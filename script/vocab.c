/*
 * vocab - src/page/vocab as the C tables of page/tables.h, on standard output: what would cost
 * every start of dibao to read.
 *
 *	vocab FOLDER
 *
 * A file NAME.txt has lines `class KIND: word ...`, `cue KIND MODE: phrase | phrase ...`, `role
 * NAME: label | label ...` and `list NAME: entry | entry ...`. blocks.model has the trees: "tree
 * N", then N nodes, each "FEATURE THRESHOLD LEFT RIGHT" (left: not above the threshold) or a leaf's
 * value alone.
 */
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/list.h"
#include "page/tables.h"

enum { MODEL_MAX_NODES = 20000, MODEL_TREE_NODES = 256, STOP_LANGUAGES = 64 };

/* A phrase on its way into a table. */
struct phrase {
	struct str text;
	uint64_t value;
};

struct word_list {
	struct str name;
	struct list items; /* struct str */
};

static struct arena mem;
static const char *file_name;
static int line_number;

static struct list tables[TABLE_COUNT]; /* struct phrase */
static struct list cues[CUE_MODES];     /* struct phrase, in the order of the files */
static struct list lists;               /* struct word_list */
static struct list roles;               /* struct str */
static uint8_t filters[FILTER_COUNT][FILTER_BYTES];

static _Noreturn void fail(const char *what, struct str word)
{
	fprintf(stderr, "vocab: %s:%d: %s: %.*s\n", file_name, line_number, what, STR_FMT(word));
	exit(1);
}

static struct str read_file(const char *folder, const char *name)
{
	struct str path = arena_strf(&mem, "%s/%s", folder, name);
	FILE *f = fopen(path.ptr, "rb");

	if (!f) {
		perror(path.ptr);
		exit(1);
	}
	fseek(f, 0, SEEK_END);
	size_t len = (size_t)ftell(f);
	rewind(f);
	char *bytes = arena_alloc(&mem, len + 1);
	if (fread(bytes, 1, len, f) != len)
		exit(1);
	fclose(f);
	return str_n(bytes, len);
}

/* ---- the words */

static struct phrase *put(struct list *table, struct str text)
{
	for (size_t i = 0; i < table->count; i++) {
		struct phrase *e = list_at(table, i);

		if (str_eq(e->text, text))
			return e;
	}
	struct phrase *e = list_add(table);
	e->text = text;
	return e;
}

static void set_bit(enum vocab_filter filter, uint32_t at)
{
	filters[filter][at >> 3] |= (uint8_t)(1 << (at & 7));
}

static int name_index(const char *(*name)(int), int count, const char *what, struct str word)
{
	for (int i = 0; i < count; i++)
		if (str_eq(str_of(name(i)), word))
			return i;
	fail(what, word);
}

static void set_front_bits(enum cue_mode mode, struct str phrase)
{
	bool end = mode == CUE_ENDS;

	set_bit((enum vocab_filter)mode, end ? end_bit(phrase) : front_bit(phrase.ptr, phrase.len));
	/* Of a phrase of two: whatever stands beside them. */
	for (int other = 0; phrase.len == 2 && other < 256; other++) {
		char three[3] = { phrase.ptr[0], phrase.ptr[1], (char)other };

		if (end) {
			three[0] = (char)other;
			memcpy(three + 1, phrase.ptr, 2);
		}
		set_bit((enum vocab_filter)mode, front_bit(three, 3));
	}
}

static void add_cue(int kind, struct str mode, struct str phrase)
{
	static const char *const modes[CUE_MODES] = { "starts", "ends", "has" };

	if (str_eq(mode, S("is"))) {
		set_bit(FILTER_LABEL, label_bit(phrase));
		put(&tables[TABLE_LABEL], phrase)->value |= CUE_BIT(kind);
		return;
	}
	for (int m = 0; m < CUE_MODES; m++) {
		if (!str_eq(mode, str_of(modes[m])))
			continue;
		if (phrase.len < 2)
			fail("too short", phrase);
		*(struct phrase *)list_add(&cues[m]) = (struct phrase){ phrase, CUE_BIT(kind) };
		set_front_bits((enum cue_mode)m, phrase);
		return;
	}
	fail("no mode of cues", mode);
}

static struct word_list *list_named(struct str name)
{
	for (size_t i = 0; i < lists.count; i++) {
		struct word_list *l = list_at(&lists, i);

		if (str_eq(l->name, name))
			return l;
	}
	put(&tables[TABLE_LIST], name)->value = lists.count;
	struct word_list *l = list_add(&lists);
	l->name = name;
	list_init(&l->items, sizeof(struct str));
	return l;
}

static void add_member(struct str list, struct str word)
{
	*(struct str *)list_add(&list_named(list)->items) = word;
	put(&tables[TABLE_MEMBER], arena_strf(&mem, "%.*s\n%.*s", STR_FMT(list), STR_FMT(word)));
}

static uint64_t role_number(struct str name)
{
	for (size_t i = 0; i < roles.count; i++)
		if (str_eq(*(struct str *)list_at(&roles, i), name))
			return i;
	*(struct str *)list_add(&roles) = name;
	return roles.count - 1;
}

static void add_phrase(const struct str part[3], int kind, struct str phrase)
{
	char folded[FOLD_MAX];

	phrase = arena_str(&mem, fold_phrase(phrase, folded, sizeof(folded)));
	if (phrase.len == 0)
		return;
	if (kind >= 0)
		add_cue(kind, part[2], phrase);
	else if (str_eq(part[0], S("role")))
		put(&tables[TABLE_ROLE], phrase)->value = role_number(part[1]);
	else
		add_member(part[1], phrase);
}

static void add_line(struct str line)
{
	size_t colon = str_find_ch(line, ':');
	struct str left = str_sub(line, 0, colon), right, part[3] = { 0 }, word;

	if (colon == STR_NONE)
		fail("no colon", line);
	right = str_trim(str_from(line, colon + 1));
	for (int i = 0; i < 3 && str_split(&left, ' ', &part[i]); i++)
		;
	if (str_eq(part[0], S("class"))) {
		int kind = name_index(class_kind_name, CLASS_KINDS, "no kind of class", part[1]);

		while (str_split(&right, ' ', &word))
			if (word.len)
				put(&tables[TABLE_CLASS], word)->value |= CLASS_BIT(kind);
		return;
	}
	bool cue = str_eq(part[0], S("cue"));
	if (!cue && !str_eq(part[0], S("role")) && !str_eq(part[0], S("list")))
		fail("neither class, cue, role nor list", part[0]);
	int kind = cue ? name_index(cue_kind_name, CUE_KINDS, "no kind of cue", part[1]) : -1;
	while (str_split(&right, '|', &word))
		add_phrase(part, kind, str_trim(word));
}

/* Which languages a word stands for is asked of every word of a text: one look, not one a language.
 */
static void add_stops(void)
{
	const struct list *languages = &list_named(S("languages"))->items;

	for (size_t k = 0; k < languages->count && k < STOP_LANGUAGES; k++) {
		const struct str *language = list_at(languages, k);
		const struct list *words =
			&list_named(arena_strf(&mem, "stop-%.*s", STR_FMT(*language)))->items;

		for (size_t i = 0; i < words->count; i++) {
			struct str word = *(struct str *)list_at(words, i);

			set_bit(FILTER_STOP, label_bit(word));
			put(&tables[TABLE_STOP], word)->value |= UINT64_C(1) << k;
		}
	}
}

/* ---- the words as tables */

static struct buf letters;

static void print_phrase(struct str text, uint64_t value)
{
	printf("\t{ %zu, %zu, 0x%llx },\n", letters.len, text.len, (unsigned long long)value);
	buf_add(&letters, text);
}

static void print_bytes(const uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		printf("%s%d,", i % 32 ? "" : "\n\t", bytes[i]);
	printf("\n");
}

static void print_numbers(const uint16_t *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		printf("%s%d,", i % 16 ? "" : "\n\t", numbers[i]);
	printf("\n");
}

static void print_tables(void)
{
	struct vocab_range ranges[TABLE_COUNT];
	size_t slots = 0, phrases = 0;

	for (int t = 0; t < TABLE_COUNT; t++) {
		uint32_t size = 64;

		while (size < tables[t].count * 4)
			size *= 2;
		ranges[t] = (struct vocab_range){ (uint32_t)slots, size - 1 };
		slots += size;
	}
	uint8_t *marks = arena_array(&mem, slots, sizeof(*marks));
	uint16_t *places = arena_array(&mem, slots, sizeof(*places));
	printf("const struct vocab_phrase vocab_phrases[] = {\n");
	for (int t = 0; t < TABLE_COUNT; t++) {
		for (size_t i = 0; i < tables[t].count; i++) {
			const struct phrase *e = list_at(&tables[t], i);
			uint32_t hash = hash_word(e->text), at = hash & ranges[t].mask;

			while (marks[ranges[t].first + at])
				at = (at + 1) & ranges[t].mask;
			marks[ranges[t].first + at] = word_mark(hash);
			places[ranges[t].first + at] = (uint16_t)phrases++;
			print_phrase(e->text, e->value);
		}
	}
	printf("};\n\nconst struct vocab_range vocab_tables[] = {\n");
	for (int t = 0; t < TABLE_COUNT; t++)
		printf("\t{ %u, %u },\n", ranges[t].first, ranges[t].mask);
	printf("};\n\nconst uint8_t vocab_marks[] = {");
	print_bytes(marks, slots);
	printf("};\n\nconst uint16_t vocab_slots[] = {");
	print_numbers(places, slots);
	printf("};\n\n");
}

static void print_cues(void)
{
	uint16_t from[CUE_MODES][CUE_KEYS + 1];
	uint16_t count = 0;

	printf("const struct vocab_phrase vocab_cue_phrases[] = {\n");
	for (int m = 0; m < CUE_MODES; m++)
		for (uint32_t key = 0; key <= CUE_KEYS; key++) {
			from[m][key] = count;
			for (size_t i = 0; key < CUE_KEYS && i < cues[m].count; i++) {
				const struct phrase *e = list_at(&cues[m], i);

				if ((m == CUE_ENDS ? end_key(e->text) : front_key(e->text)) != key)
					continue;
				print_phrase(e->text, e->value);
				count++;
			}
		}
	printf("};\n\nconst uint16_t vocab_cue_keys[CUE_MODES][CUE_KEYS + 1] = {\n");
	for (int m = 0; m < CUE_MODES; m++) {
		printf("{");
		print_numbers(from[m], CUE_KEYS + 1);
		printf("},\n");
	}
	printf("};\n\n");
}

static void print_text(struct str text)
{
	printf("\t{ vocab_text + %zu, %zu },\n", letters.len, text.len);
	buf_add(&letters, text);
}

static void print_lists(void)
{
	printf("const struct str vocab_roles[] = {\n");
	for (size_t i = 0; i < roles.count; i++)
		print_text(*(struct str *)list_at(&roles, i));
	printf("};\n\nstatic const struct str words[] = {\n");
	for (size_t i = 0; i < lists.count; i++) {
		const struct list *items = &((struct word_list *)list_at(&lists, i))->items;

		for (size_t k = 0; k < items->count; k++)
			print_text(*(struct str *)list_at(items, k));
	}
	printf("};\n\nconst struct vocab_list vocab_lists[] = {\n");
	for (size_t i = 0, first = 0; i < lists.count; i++) {
		const struct list *items = &((struct word_list *)list_at(&lists, i))->items;

		printf("\t{ words + %zu, %zu },\n", first, items->count);
		first += items->count;
	}
	printf("};\n\n");
}

static void print_filters(void)
{
	printf("const uint8_t vocab_filters[FILTER_COUNT][FILTER_BYTES] = {\n");
	for (int i = 0; i < FILTER_COUNT; i++) {
		printf("{");
		print_bytes(filters[i], sizeof(filters[i]));
		printf("},\n");
	}
	printf("};\n\n");
}

/* ---- the trees */

/* A tree as it stands in the file. */
struct read_node {
	float value;
	int feature; /* -1: a leaf */
	size_t left, right;
};

struct read_tree {
	struct read_node nodes[MODEL_TREE_NODES];
	size_t count;
};

struct laid_tree {
	uint16_t root;
	int steps;
};

static struct model_node nodes[MODEL_MAX_NODES];
static float answers[MODEL_MAX_NODES];
static size_t node_count;
static struct list trees; /* struct laid_tree */

static float to_float(struct str s)
{
	return strtof(arena_cstr(&mem, s), NULL);
}

static int feature_index(struct str word)
{
	for (int i = 0; i < FEATURE_COUNT; i++)
		if (str_eq(feature_name(i, &mem), word))
			return i;
	fail("no feature", word);
}

static void read_node(struct read_tree *t, struct str line)
{
	struct str word[4] = { 0 }, rest = line;
	size_t n = 0;
	int64_t left = 0, right = 0;

	while (n < 4 && str_split(&rest, ' ', &word[n]))
		n++;
	if (t->count == MODEL_TREE_NODES)
		fail("tree too large", line);
	struct read_node *node = &t->nodes[t->count++];
	*node = (struct read_node){ .value = to_float(n == 1 ? word[0] : word[1]), .feature = -1 };
	if (n == 1)
		return;
	/* A child stands behind its parent, so that there is no way around in a circle. */
	if (n < 4 || !str_to_i64(word[2], (int64_t)t->count, MODEL_TREE_NODES - 1, &left) ||
	    !str_to_i64(word[3], (int64_t)t->count, MODEL_TREE_NODES - 1, &right))
		fail("no node", line);
	node->feature = feature_index(word[0]);
	node->left = (size_t)left;
	node->right = (size_t)right;
}

/* Node `from` of the tree as the model's node `to`, and all below it: how many steps deep it is. */
static int lay_out(const struct read_tree *t, size_t from, size_t to)
{
	const struct read_node *n = &t->nodes[from];

	if (from >= t->count || to + 2 >= MODEL_MAX_NODES)
		fail("node missing, or too many", S("tree"));
	if (n->feature < 0) {
		nodes[to] = (struct model_node){ UINT32_MAX, 0, (uint16_t)to };
		answers[to] = n->value;
		return 0;
	}
	size_t next = node_count;
	node_count += 2;
	/* Adding nothing makes a -0 a 0. */
	nodes[to] = (struct model_node){ key_of(n->value + 0.0f), (uint16_t)n->feature,
					 (uint16_t)next };
	int left = lay_out(t, n->left, next), right = lay_out(t, n->right, next + 1);
	return 1 + (left > right ? left : right);
}

static void add_tree(struct read_tree *t)
{
	struct laid_tree *laid = list_add(&trees);
	size_t root = node_count++;

	laid->root = (uint16_t)root;
	laid->steps = lay_out(t, 0, root);
	t->count = 0;
}

static void read_model(struct str text)
{
	struct read_tree t = { .count = 0 };
	struct str line;

	for (line_number = 1; str_split(&text, '\n', &line); line_number++) {
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		if (!str_has_prefix(line, S("tree ")))
			read_node(&t, line);
		else if (t.count > 0)
			add_tree(&t);
	}
	do { /* trees that add nothing, so that the groups are whole */
		if (t.count == 0)
			t.nodes[t.count++] = (struct read_node){ .feature = -1 };
		add_tree(&t);
	} while (trees.count % MODEL_GROUP);
}

static void print_model(void)
{
	printf("const struct model_node model_nodes[] = {\n");
	for (size_t i = 0; i < node_count; i++)
		printf("\t{ 0x%xu, %d, %d },\n", nodes[i].key, nodes[i].feature, nodes[i].next);
	printf("};\n\nconst float model_answers[] = {\n");
	for (size_t i = 0; i < node_count; i++)
		printf("\t%af,\n", (double)answers[i]);
	printf("};\n\nconst struct model_group model_groups[] = {\n");
	for (size_t i = 0; i < trees.count; i += MODEL_GROUP) {
		int steps = 0;

		printf("\t{ { ");
		for (size_t k = 0; k < MODEL_GROUP; k++) {
			const struct laid_tree *t = list_at(&trees, i + k);

			printf("%d, ", t->root);
			steps = t->steps > steps ? t->steps : steps;
		}
		printf("}, %d },\n", steps);
	}
	printf("};\n\nconst uint32_t model_group_count = %zu;\n", trees.count / MODEL_GROUP);
}

static void read_folder(const char *folder)
{
	struct dirent **files = NULL;
	int count = scandir(folder, &files, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		struct str name = str_of(files[i]->d_name), line;

		file_name = files[i]->d_name;
		if (str_eq(name, S("blocks.model")))
			read_model(read_file(folder, file_name));
		if (!str_has_suffix(name, S(".txt")))
			continue;
		struct str rest = read_file(folder, file_name);
		for (line_number = 1; str_split(&rest, '\n', &line); line_number++)
			if (line.len && line.ptr[0] != '#')
				add_line(line);
	}
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: vocab FOLDER\n");
		return 2;
	}
	arena_init(&mem);
	buf_init(&letters, BUF_NO_MAX);
	for (int t = 0; t < TABLE_COUNT; t++)
		list_init(&tables[t], sizeof(struct phrase));
	for (int m = 0; m < CUE_MODES; m++)
		list_init(&cues[m], sizeof(struct phrase));
	list_init(&lists, sizeof(struct word_list));
	list_init(&roles, sizeof(struct str));
	list_init(&trees, sizeof(struct laid_tree));
	read_folder(argv[1]);
	add_stops();
	printf("/* Made by script/vocab.c. */\n#include \"page/tables.h\"\n\n");
	print_tables();
	print_cues();
	print_lists();
	print_filters();
	print_model();
	printf("\nconst char vocab_text[] = {");
	for (size_t i = 0; i < letters.len; i++)
		printf("%s%d,", i % 32 ? "" : "\n\t", letters.ptr[i]);
	printf("\n};\n");
	return 0;
}
