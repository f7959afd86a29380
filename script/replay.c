/*
 * replay - runs a fuzz target over files, its seeds and what fuzzers have found, without a fuzzer.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_BYTES = 1 << 24 };

int main(int argc, char **argv)
{
	uint8_t *bytes = malloc(MAX_BYTES);

	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");
		if (!f || !bytes) {
			perror(argv[i]);
			return 1;
		}
		size_t len = fread(bytes, 1, MAX_BYTES, f);
		fclose(f);
		/* Exactly as large as it is, so that a read past the end is seen. */
		uint8_t *exact = malloc(len ? len : 1);
		if (!exact)
			return 1;
		for (size_t k = 0; k < len; k++)
			exact[k] = bytes[k];
		LLVMFuzzerTestOneInput(exact, len);
		free(exact);
	}
	free(bytes);
	printf("%d checks, 0 failed\n", argc - 1);
	return argc > 1 ? 0 : 1;
}
