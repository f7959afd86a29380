/*
 * model - how likely a block is part of the article: boosted decision trees over its features.
 *
 * The trees stand in vocab/blocks.model as text (script/vocab.c says how). They were trained on
 * labelled pages of many sites, judged on sites left out (docs/HACKING.md says how); no feature
 * knows a site.
 */
#include "page/private.h"
#include "page/tables.h"

/*
 * The sum of the answers of a group of trees. They are walked side by side: the steps down one wait
 * for each other, those of several do not.
 */
static float ask_group(const struct model_group *g, const uint32_t *row)
{
	uint32_t at[MODEL_GROUP];
	float sum = 0;

	for (int k = 0; k < MODEL_GROUP; k++)
		at[k] = g->roots[k];
	for (int steps = g->steps; steps > 0; steps--)
		for (int k = 0; k < MODEL_GROUP; k++) {
			const struct model_node *n = &model_nodes[at[k]];

			at[k] = n->next + (uint32_t)(n->key < row[n->feature]);
		}
	for (int k = 0; k < MODEL_GROUP; k++)
		sum += model_answers[at[k]];
	return sum;
}

/*
 * The logarithm of the odds. What is plain after a part of the trees stays so: most blocks of a
 * page are links that the first trees know for what they are.
 */
float model_judge(const float *row)
{
	static const float plain_no = -2.0f, plain_yes = 3.0f;
	uint32_t keys[FEATURE_COUNT];
	float sum = 0;

	for (int i = 0; i < FEATURE_COUNT; i++)
		keys[i] = key_of(row[i]);
	for (uint32_t i = 0; i < model_group_count; i++) {
		if (sum < plain_no || sum > plain_yes)
			return sum < 0 ? sum - 2 : sum + 1;
		sum += ask_group(&model_groups[i], keys);
	}
	return sum;
}
