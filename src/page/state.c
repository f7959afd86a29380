/* state - the article out of the JSON a page carries, where its markup has none. */
#include "page/private.h"

bool state_article(struct page_extractor *x)
{
	(void)x;
	return false;
}
