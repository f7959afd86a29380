/* A query, a line end, and a text: reading the one and finding it in the other stay inside both. */
#include "store/query.h"

#include <assert.h>

#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = str_n((const char *)data, size), query;
	struct matcher *matchers[QUERY_MAX_CLAUSES];
	struct arena mem;
	struct query q;
	struct err err;
	size_t count = 0;

	if (!str_split(&rest, '\n', &query))
		return 0;
	arena_init(&mem);
	if (query_parse(&mem, query, 0, &q, &err) == 0) {
		for (size_t i = 0; i < q.count; i++)
			if (!q.clauses[i].field && !q.clauses[i].without)
				matchers[count++] = matcher_new(&mem, &q.clauses[i]);
		for (size_t i = 0; i < count; i++) {
			size_t at = 0, from, to;

			while (at < rest.len && matcher_find(matchers[i], rest, at, &from, &to)) {
				assert(from >= at && from < to && to <= rest.len);
				at = to;
			}
		}
		size_t from = 0, to = 0;
		bool found = matchers_find(matchers, count, rest, 0, &from, &to);
		struct str snippet = make_snippet(&mem, found || rest.len ? rest : query, found,
						  from, to, matchers, count);
		assert(!utf8_valid(rest) || !utf8_valid(query) || utf8_valid(snippet));
	}
	arena_fini(&mem);
	return 0;
}
