/*
 * embed - a folder's files as C arrays on standard output, in the order of their names: the theme,
 * the vocabulary. HEADER declares `extern const struct TYPE ARRAY[]` of { name, bytes, len }.
 *
 * Of scripts the indentation and the comments that have lines of their own stay here: who reads a
 * page needs neither.
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

/* Is the line, from its first letter on, one that a reader of the page can do without? */
static int is_comment(const char *line, int *inside)
{
	const char *end = strstr(line, "*/");
	int comment = *inside || strncmp(line, "/*", 2) == 0;

	if (comment)
		*inside = !end;
	return comment && (!end || strspn(end + 2, "\r\n") == strlen(end + 2));
}

static void print_byte(int ch, size_t *at)
{
	printf("%s%d,", (*at)++ % 24 ? "" : "\n", ch);
}

static void print_script(FILE *f, size_t *at)
{
	char line[4096];
	int inside = 0, begins = 1;

	while (fgets(line, sizeof(line), f)) {
		const char *p = line + (begins ? strspn(line, "\t ") : 0);

		if (!begins || (!is_comment(p, &inside) && *p != '\n'))
			for (; *p; p++)
				print_byte((unsigned char)*p, at);
		begins = strchr(line, '\n') != NULL;
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
		size_t at = 0, len = strlen(names[i]);
		if (len > 3 && strcmp(names[i] + len - 3, ".js") == 0)
			print_script(f, &at);
		for (int ch; (ch = getc(f)) != EOF;)
			print_byte(ch, &at);
		printf("0};\n"); /* never an empty array; the 0 is not counted */
		fclose(f);
	}
	printf("\nconst struct %s %s[] = {\n", argv[3], argv[4]);
	for (size_t i = 0; i < count; i++)
		printf("\t{ \"%s\", file_%zu, sizeof(file_%zu) - 1 },\n", names[i], i, i);
	printf("\t{ 0, 0, 0 }\n};\n");
	return 0;
}
