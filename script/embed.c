/*
 * embed - a folder's files as C arrays on standard output, in the order of their names: the theme,
 * the vocabulary. HEADER declares `extern const struct TYPE ARRAY[]` of { name, bytes, len }.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_FILES = 4096, MAX_PATH = 4096 };

static char *names[MAX_FILES];
static size_t count;

static void collect(const char *root, const char *below)
{
	char path[MAX_PATH], name[MAX_PATH];
	struct dirent **entries = NULL;
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", root, below);
	int n = scandir(path, &entries, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		if (entries[i]->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s%s%s", below, *below ? "/" : "",
			 entries[i]->d_name);
		snprintf(path, sizeof(path), "%s/%s", root, name);
		if (stat(path, &st) != 0)
			continue;
		if (S_ISDIR(st.st_mode))
			collect(root, name);
		else if (count < MAX_FILES)
			names[count++] = strdup(name);
	}
}

int main(int argc, char **argv)
{
	char path[MAX_PATH];

	if (argc != 5) {
		fprintf(stderr, "usage: embed FOLDER HEADER TYPE ARRAY\n");
		return 2;
	}
	collect(argv[1], "");
	printf("/* Made by script/embed.c. */\n#include \"%s\"\n\n", argv[2]);
	for (size_t i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", argv[1], names[i]);
		FILE *f = fopen(path, "rb");
		if (!f) {
			perror(path);
			return 1;
		}
		printf("static const unsigned char file_%zu[] = {", i);
		int ch;
		for (size_t at = 0; (ch = getc(f)) != EOF; at++)
			printf("%s%d,", at % 24 ? "" : "\n", ch);
		printf("0};\n"); /* never an empty array; the 0 is not counted */
		fclose(f);
	}
	printf("\nconst struct %s %s[] = {\n", argv[3], argv[4]);
	for (size_t i = 0; i < count; i++)
		printf("\t{ \"%s\", file_%zu, sizeof(file_%zu) - 1 },\n", names[i], i, i);
	printf("\t{ 0, 0, 0 }\n};\n");
	return 0;
}
