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

enum { MODEL_MAX_NODES = 20000, MODEL_MAX_TREES = 1000 };

struct model_node {
	float value;          /* threshold, or a leaf's value */
	int16_t feature;      /* -1: a leaf */
	uint16_t left, right; /* within its tree */
};

struct model {
	struct model_node *nodes;
	uint32_t *trees; /* where each starts */
	size_t node_count, tree_count;
};

static float to_float(struct str s)
{
	char text[40];
	size_t n = s.len < sizeof(text) - 1 ? s.len : sizeof(text) - 1;

	memcpy(text, s.ptr, n);
	text[n] = '\0';
	return strtof(text, NULL);
}

static bool read_line(struct model *m, const struct map *names, struct str line)
{
	struct str word[4] = { 0 };
	size_t n = 0;
	int64_t left = 0, right = 0;

	while (n < 4 && str_split(&line, ' ', &word[n]))
		n++;
	if (n == 2 && str_eq(word[0], S("tree"))) {
		if (m->tree_count == MODEL_MAX_TREES)
			return false;
		m->trees[m->tree_count++] = (uint32_t)m->node_count;
		return true;
	}
	if (m->node_count == MODEL_MAX_NODES || m->tree_count == 0)
		return false;
	struct model_node *node = &m->nodes[m->node_count++];
	if (n == 1) {
		*node = (struct model_node){ to_float(word[0]), -1, 0, 0 };
		return true;
	}
	void **place = n == 4 ? map_get(names, word[0]) : NULL;
	if (!place || !str_to_i64(word[2], 1, UINT16_MAX, &left) ||
	    !str_to_i64(word[3], 1, UINT16_MAX, &right))
		return false;
	*node = (struct model_node){ to_float(word[1]), (int16_t)((intptr_t)*place - 1),
				     (uint16_t)left, (uint16_t)right };
	return true;
}

static void read_model(struct model *m, struct str text)
{
	struct arena mem;
	struct map names;
	struct str line;

	arena_init(&mem);
	map_init(&names);
	for (int i = 0; i < FEATURE_COUNT; i++)
		*map_put(&names, feature_name(i, &mem)) = (void *)((intptr_t)i + 1);
	while (str_split(&text, '\n', &line))
		if (line.len && line.ptr[0] != '#' && !read_line(m, &names, line)) {
			/* The file and the features are of one build: model_test sees that this
			 * never happens. */
			m->tree_count = 0;
			break;
		}
	map_fini(&names);
	arena_fini(&mem);
}

struct model *model_new(void)
{
	struct model *m = mem_alloc(sizeof(*m));

	m->nodes = mem_array(MODEL_MAX_NODES, sizeof(*m->nodes));
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
	mem_free(m->trees);
	mem_free(m);
	*pm = NULL;
}

bool model_is_whole(const struct model *m)
{
	return m->tree_count > 0;
}

enum { LOOK_EVERY = 16 };

/*
 * The logarithm of the odds. What is plain after a part of the trees stays so: most blocks of a
 * page are links that the first trees know for what they are.
 */
float model_judge(const struct model *m, const float *row)
{
	static const float plain_no = -2.0f, plain_yes = 3.0f;
	float sum = 0;

	for (size_t i = 0; i < m->tree_count; i++) {
		if (i % LOOK_EVERY == 0 && i > 0 && (sum < plain_no || sum > plain_yes))
			return sum < 0 ? sum - 2 : sum + 1;
		const struct model_node *nodes = m->nodes + m->trees[i], *n = nodes;

		while (n->feature >= 0)
			n = nodes + (row[n->feature] <= n->value ? n->left : n->right);
		sum += n->value;
	}
	return sum;
}
