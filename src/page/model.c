/*
 * model - how likely a block is part of the article: boosted decision trees over its features.
 *
 * The trees stand in vocab/blocks.model as text: "tree N", then N nodes, each "FEATURE THRESHOLD
 * LEFT RIGHT" (left: not above the threshold) or a leaf's value alone. They were trained on
 * labelled pages of many sites, judged on sites left out (docs/HACKING.md says how); no feature
 * knows a site.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "page/private.h"
#include "page/vocab_files.h"

enum { MODEL_MAX_NODES = 20000, MODEL_MAX_TREES = 1000, MODEL_TREE_NODES = 256 };
enum { TREE_GROUP = 8 }; /* so many are asked between two looks at what they say */

/*
 * Siblings stand side by side, so that a step is arithmetic: `next`, or the one behind it. A leaf
 * leads to itself. A group of trees is walked down as many steps as the deepest leaf in it has: a
 * branch that nobody can foresee costs more than steps on the spot.
 */
struct model_node {
	uint32_t key; /* of the threshold; of a leaf, above all */
	uint16_t feature;
	uint16_t next; /* left: not above the threshold */
};

struct model_tree {
	uint16_t root, steps;
};

struct model {
	struct model_node *nodes;
	float *answers; /* of the leaves, by node */
	struct model_tree *trees;
	size_t node_count, tree_count;
};

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

/*
 * A number that is above another's where the one float is above the other, so that a step down a
 * tree is an integer comparison, whose outcome is added without more ado.
 */
static inline uint32_t key_of(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits ^ ((uint32_t)((int32_t)bits >> 31) | UINT32_C(0x80000000));
}

static float to_float(struct str s)
{
	char text[40];
	size_t n = s.len < sizeof(text) - 1 ? s.len : sizeof(text) - 1;

	memcpy(text, s.ptr, n);
	text[n] = '\0';
	return strtof(text, NULL);
}

/* One line of a tree; false: it is none. */
static bool read_node(struct read_tree *t, const struct map *names, struct str line)
{
	struct str word[4] = { 0 };
	size_t n = 0;
	int64_t left = 0, right = 0;

	while (n < 4 && str_split(&line, ' ', &word[n]))
		n++;
	if (t->count == MODEL_TREE_NODES)
		return false;
	struct read_node *node = &t->nodes[t->count++];
	*node = (struct read_node){ .value = to_float(n == 1 ? word[0] : word[1]), .feature = -1 };
	if (n == 1)
		return true;
	void **place = n == 4 ? map_get(names, word[0]) : NULL;
	/* A child stands behind its parent, so that there is no way around in a circle. */
	if (!place || !str_to_i64(word[2], (int64_t)t->count, UINT16_MAX, &left) ||
	    !str_to_i64(word[3], (int64_t)t->count, UINT16_MAX, &right))
		return false;
	node->feature = (int)((intptr_t)*place - 1);
	node->left = (size_t)left;
	node->right = (size_t)right;
	return true;
}

/* Node `from` of the tree as the model's node `to`, and all below it: how many steps deep it is; -1
 * where a node is missing. */
static int lay_out(struct model *m, const struct read_tree *t, size_t from, size_t to)
{
	if (from >= t->count)
		return -1;
	const struct read_node *n = &t->nodes[from];
	if (n->feature < 0) {
		m->nodes[to] = (struct model_node){ UINT32_MAX, 0, (uint16_t)to };
		m->answers[to] = n->value;
		return 0;
	}
	size_t next = m->node_count;
	if (next + 2 > MODEL_MAX_NODES)
		return -1;
	m->node_count += 2;
	/* Adding nothing makes a -0 a 0. */
	m->nodes[to] = (struct model_node){ key_of(n->value + 0.0f), (uint16_t)n->feature,
					    (uint16_t)next };
	int left = lay_out(m, t, n->left, next), right = lay_out(m, t, n->right, next + 1);
	if (left < 0 || right < 0)
		return -1;
	return 1 + (left > right ? left : right);
}

static bool add_tree(struct model *m, const struct read_tree *t)
{
	if (m->tree_count == MODEL_MAX_TREES || m->node_count == MODEL_MAX_NODES)
		return false;
	size_t root = m->node_count++;
	int steps = lay_out(m, t, 0, root);
	if (steps < 0)
		return false;
	m->trees[m->tree_count++] = (struct model_tree){ (uint16_t)root, (uint16_t)steps };
	return true;
}

static bool read_lines(struct model *m, const struct map *names, struct str text)
{
	struct read_tree *t = mem_alloc(sizeof(*t));
	struct str line;
	bool good = true;

	while (good && str_split(&text, '\n', &line)) {
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		if (str_has_prefix(line, S("tree "))) {
			good = t->count == 0 || add_tree(m, t);
			t->count = 0;
		} else {
			good = read_node(t, names, line);
		}
	}
	good = good && t->count > 0 && add_tree(m, t);
	mem_free(t);
	return good;
}

/* Trees that add nothing, so that the groups are whole. */
static bool fill_up(struct model *m)
{
	struct read_tree *nothing = mem_alloc(sizeof(*nothing));
	bool good = true;

	nothing->nodes[0] = (struct read_node){ .value = 0, .feature = -1 };
	nothing->count = 1;
	while (good && m->tree_count % TREE_GROUP)
		good = add_tree(m, nothing);
	mem_free(nothing);
	return good;
}

static void read_model(struct model *m, struct str text)
{
	struct arena mem;
	struct map names;

	arena_init(&mem);
	map_init(&names);
	for (int i = 0; i < FEATURE_COUNT; i++)
		*map_put(&names, feature_name(i, &mem)) = (void *)((intptr_t)i + 1);
	/* The file and the features are of one build: model_test sees that this never fails. */
	if (!read_lines(m, &names, text) || !fill_up(m))
		m->tree_count = 0;
	map_fini(&names);
	arena_fini(&mem);
}

struct model *model_new(void)
{
	struct model *m = mem_alloc(sizeof(*m));

	m->nodes = mem_array(MODEL_MAX_NODES, sizeof(*m->nodes));
	m->answers = mem_array(MODEL_MAX_NODES, sizeof(*m->answers));
	m->trees = mem_array(MODEL_MAX_TREES, sizeof(*m->trees));
	for (const struct vocab_file *f = vocab_files; f->name; f++)
		if (strcmp(f->name, "blocks.model") == 0)
			read_model(m, str_n((const char *)f->bytes, f->len));
	return m;
}

void model_free(struct model **pm)
{
	struct model *m = *pm;

	if (!m)
		return;
	mem_free(m->nodes);
	mem_free(m->answers);
	mem_free(m->trees);
	mem_free(m);
	*pm = NULL;
}

bool model_is_whole(const struct model *m)
{
	return m->tree_count > 0;
}

/*
 * The sum of the answers of a group of trees. They are walked side by side: the steps down one wait
 * for each other, those of several do not.
 */
static float ask_group(const struct model *m, const struct model_tree *trees, const uint32_t *row)
{
	const struct model_node *nodes = m->nodes;
	uint32_t at[TREE_GROUP];
	int steps = 0;
	float sum = 0;

	for (int k = 0; k < TREE_GROUP; k++) {
		at[k] = trees[k].root;
		steps = trees[k].steps > steps ? trees[k].steps : steps;
	}
	for (; steps > 0; steps--)
		for (int k = 0; k < TREE_GROUP; k++) {
			const struct model_node *n = &nodes[at[k]];

			at[k] = n->next + (uint32_t)(n->key < row[n->feature]);
		}
	for (int k = 0; k < TREE_GROUP; k++)
		sum += m->answers[at[k]];
	return sum;
}

/*
 * The logarithm of the odds. What is plain after a part of the trees stays so: most blocks of a
 * page are links that the first trees know for what they are.
 */
float model_judge(const struct model *m, const float *row)
{
	static const float plain_no = -2.0f, plain_yes = 3.0f;
	uint32_t keys[FEATURE_COUNT];
	float sum = 0;

	for (int i = 0; i < FEATURE_COUNT; i++)
		keys[i] = key_of(row[i]);
	for (size_t i = 0; i < m->tree_count; i += TREE_GROUP) {
		if (sum < plain_no || sum > plain_yes)
			return sum < 0 ? sum - 2 : sum + 1;
		sum += ask_group(m, m->trees + i, keys);
	}
	return sum;
}
