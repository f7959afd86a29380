/*
 * trees - boosted decision trees from labelled blocks: what src/page/vocab/blocks.model is made by.
 *
 *	trees FEATURES.f32 LABELS NAMES OUT.model OUT.f32 [TREES LEAVES RATE]
 *
 * LABELS has a struct label a block. For each of FOLDS folds of sites the trees are trained on the
 *other sites; the scores of a block in OUT.f32 are those of the trees that did not see its site, so
 *that what is measured with them holds for sites unseen. OUT.model is trained on all, OUT.model.0
 *and so on without a fold each.
 *
 * Logistic loss, histograms of BINS bins, leaves split best first but none below MAX_DEPTH (trees
 *that are even are walked in fewer steps, and say no less of sites unseen), features and pages
 *sampled for each tree.
 */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BINS = 64, FOLDS = 5, MAX_FEATURES = 512, MAX_LEAVES = 64, MAX_NODES = 2 * MAX_LEAVES };
enum { MAX_DEPTH = 5 };

/* Left out: they tell one page from another rather than blocks from blocks. */
static const char *const excluded[] = { "page_weight", "page_blocks", "articles", "depth" };

static const double ridge = 1, min_hessian = 0.16, feature_share = 0.35, page_share = 0.8;

struct label {
	float y, weight; /* how much of the block is the article; what a mistake costs */
	int32_t fold, page;
};

struct node {
	int feature; /* -1: a leaf */
	int bin, left, right;
	float value;
};

struct tree {
	struct node nodes[MAX_NODES];
	int count;
};

struct leaf {
	int node, depth, feature, bin;
	long from, to;
	double g, h, gain;
};

static long block_count;
static int feature_count, tree_count = 128, leaf_count = 16;
static double rate = 0.09;
static struct label *labels;
static uint8_t *bins; /* by feature, then by block */
static float cuts[MAX_FEATURES][BINS];
static int cut_count[MAX_FEATURES];
static char names[MAX_FEATURES][64];
static uint32_t random_state = 12345;

static uint32_t next_random(void)
{
	random_state = random_state * 1664525u + 1013904223u;
	return random_state >> 8;
}

static void *read_file(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");

	if (!f) {
		perror(path);
		exit(1);
	}
	fseek(f, 0, SEEK_END);
	*len = (size_t)ftell(f);
	rewind(f);
	void *bytes = malloc(*len + 1);
	if (fread(bytes, 1, *len, f) != *len)
		exit(1);
	fclose(f);
	return bytes;
}

static int compare_floats(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return x < y ? -1 : x > y;
}

static void make_bins(const float *rows)
{
	float *sample = malloc((size_t)block_count * sizeof(*sample));

	for (int f = 0; f < feature_count; f++) {
		long n = 0;
		int m = 0;

		for (long i = 0; i < block_count; i += 3)
			sample[n++] = rows[(size_t)i * (size_t)feature_count + (size_t)f];
		qsort(sample, (size_t)n, sizeof(*sample), compare_floats);
		for (int b = 1; b < BINS; b++) {
			long at = n * b / BINS, next = at;
			while (next < n && sample[next] == sample[at])
				next++;
			if (next == n)
				break;
			float cut = (sample[at] + sample[next]) / 2;
			if (m == 0 || cut > cuts[f][m - 1])
				cuts[f][m++] = cut;
		}
		for (size_t k = 0; k < sizeof(excluded) / sizeof(excluded[0]); k++)
			if (strcmp(names[f], excluded[k]) == 0)
				m = 0;
		cut_count[f] = m;
		for (long i = 0; i < block_count; i++) {
			float x = rows[(size_t)i * (size_t)feature_count + (size_t)f];
			int low = 0, high = m;
			while (low < high) {
				int mid = (low + high) / 2;
				if (x <= cuts[f][mid])
					high = mid;
				else
					low = mid + 1;
			}
			bins[(size_t)f * (size_t)block_count + (size_t)i] = (uint8_t)low;
		}
	}
	free(sample);
}

static size_t sums_size(void)
{
	return (size_t)feature_count * 2 * BINS;
}

/* Of a leaf: sums of g and h by feature and bin. */
static void count_bins(const struct leaf *l, const int *index, const float *g, const float *h,
		       const uint8_t *used, float *sums)
{
	memset(sums, 0, sums_size() * sizeof(*sums));
	for (int f = 0; f < feature_count; f++) {
		const uint8_t *b = bins + (size_t)f * (size_t)block_count;
		float *of_bin = sums + (size_t)f * 2 * BINS;

		if (!used[f] || cut_count[f] == 0)
			continue;
		for (long k = l->from; k < l->to; k++) {
			int i = index[k];
			of_bin[2 * b[i]] += g[i];
			of_bin[2 * b[i] + 1] += h[i];
		}
	}
}

static void find_split(struct leaf *l, const uint8_t *used, const float *sums)
{
	double base = l->g * l->g / (l->h + ridge);

	l->gain = 0;
	l->feature = -1;
	if (l->depth == MAX_DEPTH || l->to - l->from < 8 || l->h < 2 * min_hessian)
		return;
	for (int f = 0; f < feature_count; f++) {
		const float *of_bin = sums + (size_t)f * 2 * BINS;
		double gl = 0, hl = 0;

		if (!used[f])
			continue;
		for (int c = 0; c < cut_count[f]; c++) {
			gl += of_bin[2 * c];
			hl += of_bin[2 * c + 1];
			double gr = l->g - gl, hr = l->h - hl;
			if (hl < min_hessian || hr < min_hessian)
				continue;
			double gain = gl * gl / (hl + ridge) + gr * gr / (hr + ridge) - base;
			if (gain > l->gain) {
				l->gain = gain;
				l->feature = f;
				l->bin = c;
			}
		}
	}
}

/* Parts the leaf's blocks in index by its best split. */
static void part(const struct leaf *l, int *index, int *spare, const float *g, const float *h,
		 struct leaf *left, struct leaf *right)
{
	const uint8_t *b = bins + (size_t)l->feature * (size_t)block_count;
	long at = l->from, over = 0;

	*left = *right = (struct leaf){ 0 };
	for (long k = l->from; k < l->to; k++) {
		int i = index[k];

		if (b[i] <= l->bin) {
			left->g += g[i];
			left->h += h[i];
			index[at++] = i;
		} else {
			spare[over++] = i;
		}
	}
	memcpy(index + at, spare, (size_t)over * sizeof(*index));
	left->from = l->from;
	left->to = right->from = at;
	right->to = l->to;
	right->g = l->g - left->g;
	right->h = l->h - left->h;
}

/* sums: of each leaf, count_bins'. Only the smaller of two new leaves is counted; the other is what
 * is left. */
static void split_leaf(struct tree *t, struct leaf *l, struct leaf *added, int *index, int *spare,
		       const float *g, const float *h, const uint8_t *used, float **sums,
		       float **added_sums)
{
	struct leaf left, right;
	int node = l->node, feature = l->feature, bin = l->bin;

	part(l, index, spare, g, h, &left, &right);
	left.depth = right.depth = l->depth + 1;
	left.node = t->count++;
	right.node = t->count++;
	t->nodes[node] = (struct node){ feature, bin, left.node, right.node, cuts[feature][bin] };
	t->nodes[left.node] = t->nodes[right.node] = (struct node){ .feature = -1 };
	bool left_is_small = left.to - left.from < right.to - right.from;
	count_bins(left_is_small ? &left : &right, index, g, h, used, *added_sums);
	for (size_t i = 0; i < sums_size(); i++)
		(*sums)[i] -= (*added_sums)[i];
	if (left_is_small) {
		float *swap = *sums;
		*sums = *added_sums;
		*added_sums = swap;
	}
	find_split(&left, used, *sums);
	find_split(&right, used, *added_sums);
	*l = left;
	*added = right;
}

static void grow(struct tree *t, int *index, long n, int *spare, const float *g, const float *h,
		 float **sums)
{
	struct leaf leaves[MAX_LEAVES] = { { 0 } };
	uint8_t used[MAX_FEATURES];
	int count = 1;

	for (int f = 0; f < feature_count; f++)
		used[f] = next_random() % 1000 < feature_share * 1000;
	for (long k = 0; k < n; k++) {
		leaves[0].g += g[index[k]];
		leaves[0].h += h[index[k]];
	}
	leaves[0].to = n;
	t->count = 1;
	t->nodes[0] = (struct node){ .feature = -1 };
	count_bins(&leaves[0], index, g, h, used, sums[0]);
	find_split(&leaves[0], used, sums[0]);
	while (count < leaf_count) {
		int best = -1;
		for (int i = 0; i < count; i++)
			if (leaves[i].feature >= 0 &&
			    (best < 0 || leaves[i].gain > leaves[best].gain))
				best = i;
		if (best < 0 || leaves[best].gain < 1e-4)
			break;
		split_leaf(t, &leaves[best], &leaves[count], index, spare, g, h, used, &sums[best],
			   &sums[count]);
		count++;
	}
	for (int i = 0; i < count; i++)
		t->nodes[leaves[i].node].value =
			(float)(-rate * leaves[i].g / (leaves[i].h + ridge));
}

static float answer(const struct tree *t, long block)
{
	int k = 0;

	while (t->nodes[k].feature >= 0) {
		const struct node *n = &t->nodes[k];
		uint8_t b = bins[(size_t)n->feature * (size_t)block_count + (size_t)block];
		k = b <= n->bin ? n->left : n->right;
	}
	return t->nodes[k].value;
}

/* Trains on all but one fold (-1: on all); the sums of all blocks' answers in scores. */
static void train(struct tree *trees, int left_out, float *scores)
{
	size_t size = (size_t)block_count;
	int *index = malloc(size * sizeof(*index)), *spare = malloc(size * sizeof(*spare));
	float *g = malloc(size * sizeof(*g)), *h = malloc(size * sizeof(*h));
	float *sums[MAX_LEAVES];

	for (int i = 0; i < leaf_count; i++)
		sums[i] = malloc(sums_size() * sizeof(*sums[i]));
	memset(scores, 0, size * sizeof(*scores));
	for (int t = 0; t < tree_count; t++) {
		long n = 0;

		for (long i = 0; i < block_count; i++) {
			const struct label *l = &labels[i];
			uint32_t draw =
				((uint32_t)l->page * 2654435761u + (uint32_t)t * 40503u) >> 13;

			if (l->weight <= 0 || l->fold == left_out || draw % 10 >= page_share * 10)
				continue;
			float p = 1 / (1 + expf(-scores[i])), off = fabsf(p - l->y);
			g[i] = l->weight * (p - l->y);
			h[i] = l->weight * p * (1 - p) + 1e-7f;
			/* Most blocks are settled early: a quarter of them stands for all. */
			if (off < 0.02f) {
				if (next_random() % 4)
					continue;
				g[i] *= 4;
				h[i] *= 4;
			}
			index[n++] = (int)i;
		}
		grow(&trees[t], index, n, spare, g, h, sums);
		for (long i = 0; i < block_count; i++)
			if (labels[i].weight > 0)
				scores[i] += answer(&trees[t], i);
		fprintf(stderr, "\rfold %d: tree %d of %d ", left_out, t + 1, tree_count);
	}
	fprintf(stderr, "\n");
	for (int i = 0; i < leaf_count; i++)
		free(sums[i]);
	free(index);
	free(spare);
	free(g);
	free(h);
}

static void write_model(const char *path, const struct tree *trees)
{
	FILE *f = fopen(path, "w");

	fprintf(f, "# Made by script/train/train from labelled pages: docs/HACKING.md.\n");
	for (int t = 0; t < tree_count; t++) {
		fprintf(f, "tree %d\n", trees[t].count);
		for (int k = 0; k < trees[t].count; k++) {
			const struct node *n = &trees[t].nodes[k];
			if (n->feature < 0)
				fprintf(f, "%.4g\n", (double)n->value);
			else
				fprintf(f, "%s %.5g %d %d\n", names[n->feature], (double)n->value,
					n->left, n->right);
		}
	}
	fclose(f);
}

int main(int argc, char **argv)
{
	size_t len = 0;

	if (argc < 6) {
		fprintf(stderr, "usage: trees FEATURES LABELS NAMES OUT.model OUT.f32 [TREES "
				"LEAVES RATE]\n");
		return 2;
	}
	if (argc > 8) {
		tree_count = (int)strtol(argv[6], NULL, 10);
		leaf_count = (int)strtol(argv[7], NULL, 10);
		rate = strtod(argv[8], NULL);
	}
	labels = read_file(argv[2], &len);
	block_count = (long)(len / sizeof(*labels));
	float *rows = read_file(argv[1], &len);
	feature_count = (int)(len / sizeof(float) / (size_t)block_count);
	FILE *f = fopen(argv[3], "r");
	int id;
	char name[64];
	while (f && fscanf(f, "%d %63s", &id, name) == 2)
		if (id >= 0 && id < MAX_FEATURES)
			memcpy(names[id], name, sizeof(name));
	bins = malloc((size_t)block_count * (size_t)feature_count);
	make_bins(rows);
	free(rows);
	struct tree *trees = malloc((size_t)tree_count * sizeof(*trees));
	float *scores = malloc((size_t)block_count * sizeof(*scores));
	float *unseen = malloc((size_t)block_count * sizeof(*unseen));
	double loss = 0, weight = 0;
	for (int fold = 0; fold < FOLDS; fold++) {
		char path[4096];

		train(trees, fold, scores);
		snprintf(path, sizeof(path), "%s.%d", argv[4], fold);
		write_model(path, trees);
		for (long i = 0; i < block_count; i++)
			if (labels[i].fold == fold)
				unseen[i] = scores[i];
	}
	for (long i = 0; i < block_count; i++) {
		double p = 1 / (1 + exp(-(double)unseen[i])), y = (double)labels[i].y;
		p = p < 1e-6 ? 1e-6 : p > 1 - 1e-6 ? 1 - 1e-6 : p;
		loss -= (double)labels[i].weight * (y * log(p) + (1 - y) * log(1 - p));
		weight += (double)labels[i].weight;
	}
	printf("loss on sites unseen: %.5f\n", loss / weight);
	f = fopen(argv[5], "wb");
	fwrite(unseen, sizeof(*unseen), (size_t)block_count, f);
	fclose(f);
	train(trees, -1, scores);
	write_model(argv[4], trees);
	return 0;
}
