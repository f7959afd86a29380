/* letters_table - what Ruby calls \p{L}, \p{M} and \p{Nd}: Jekyll makes addresses of it. Sorted. */
#ifndef DIBAO_EXCHANGE_LETTERS_TABLE_H
#define DIBAO_EXCHANGE_LETTERS_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct letter_range {
	uint32_t from, to;
};
extern const struct letter_range letter_ranges[];
extern const size_t letter_range_count;

#endif
