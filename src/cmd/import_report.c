/* What an import of posts says at its end: for eyes, or as JSON. */
#include <stdio.h>

#include "cmd/import.h"
#include "exchange/exchange.h"
#include "text/json.h"
#include "text/width.h"

static const struct {
	enum post_fault fault;
	const char *name, *words;
} faults[] = {
	{ POST_NO_FRONT_MATTER, "no_front_matter", "posts without front matter" },
	{ POST_BROKEN_FRONT_MATTER, "broken_front_matter", "posts whose front matter is no YAML" },
	{ POST_BAD_COMMENT, "bad_comment", "posts whose time comment is no number" },
	{ POST_NO_DATE, "no_date", "posts dated by their name only" },
	{ POST_NO_ADDRESS, "no_address", "posts without the original's address" },
	{ POST_DOUBLE_ENCODED, "double_encoded", "posts whose address was encoded twice" },
	{ POST_TITLE_MISMATCH, "title_mismatch", "posts with two different titles" },
	{ POST_DATE_MISMATCH, "date_mismatch", "posts with two different dates" },
	{ POST_LINK_MISMATCH, "link_mismatch", "posts with two different addresses" },
	{ POST_LIQUID, "liquid", "posts with Liquid in the text" },
	{ POST_BAD_NAME, "bad_name", "posts whose name is cut in a character" },
	{ POST_NOT_UTF8, "not_utf8", "posts with bytes that are no UTF-8" },
	{ POST_MARKDOWN, "markdown", "posts in Markdown" },
};
enum { FAULTS = sizeof(faults) / sizeof(faults[0]) };

void import_count_faults(struct import_report *r, unsigned post_faults)
{
	for (size_t i = 0; i < FAULTS; i++)
		r->faults[i] += (post_faults & faults[i].fault) != 0;
}

static void report_json(const struct import_report *r)
{
	const struct {
		const char *name;
		int64_t value;
	} counts[] = {
		{ "files", r->files },
		{ "articles_new", r->new },
		{ "articles_revised", r->revised },
		{ "duplicates", r->again },
		{ "from_their_source", r->live },
		{ "known", r->known },
		{ "refused", r->refused },
		{ "sources_new", (int64_t)r->sources_new },
		{ "relative_links", r->relative_links },
		{ "articles_with_furniture", r->furniture_articles },
		{ "furniture_bytes", r->furniture_bytes },
		{ "addresses_taken_twice", r->paths_taken },
		{ "allurls", r->listed },
		{ "allurls_without_post", r->listed_without },
	};
	struct buf out;
	struct json j;

	buf_init(&out, BUF_NO_MAX);
	json_start(&j, &out, 2);
	json_begin_object(&j);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		json_member_i64(&j, counts[i].name, counts[i].value);
	for (size_t i = 0; i < FAULTS; i++)
		json_member_i64(&j, faults[i].name, r->faults[i]);
	json_add_key(&j, S("lines"));
	json_begin_array(&j);
	for (size_t i = 0; i < r->lines.count; i++) {
		const struct import_line *l = list_at(&r->lines, i);

		json_begin_object(&j);
		json_member(&j, "file", l->path);
		json_member(&j, "what", l->what);
		json_end(&j);
	}
	json_end(&j);
	json_end(&j);
	printf("%s\n", buf_cstr(&out));
	buf_fini(&out);
}

/* A row of the report; what never happened has none. */
static void add_row(int64_t n, const char *what)
{
	if (n > 0)
		printf("%-44s %8lld\n", what, (long long)n);
}

/* A name of the site's author for a terminal. */
static void print_line(const struct import_line *l)
{
	struct buf b;

	buf_init(&b, BUF_NO_MAX);
	buf_add_columns(&b, l->path, l->path.len, false);
	buf_add_cstr(&b, ": ");
	buf_add_columns(&b, l->what, l->what.len, false);
	printf("%s\n", buf_cstr(&b));
	buf_fini(&b);
}

static void report_text(const struct import_report *r, bool dry_run)
{
	for (size_t i = 0; i < r->lines.count; i++)
		print_line(list_at(&r->lines, i));
	printf("%-44s %8lld\n", dry_run ? "files read (nothing was changed)" : "files read",
	       (long long)r->files);
	add_row(r->new, "new articles");
	add_row(r->revised, "new revisions of articles that were here");
	add_row(r->again, "duplicates of articles that were here");
	add_row(r->live, "whose article came from its source");
	add_row(r->known, "known from an earlier import");
	add_row(r->refused, "refused");
	add_row((int64_t)r->sources_new, "new sources");
	for (size_t i = 0; i < FAULTS; i++)
		add_row(r->faults[i], faults[i].words);
	add_row(r->relative_links, "relative links, made absolute");
	add_row(r->furniture_articles, "posts with furniture, taken out");
	add_row(r->furniture_bytes / 1000, "KB of furniture");
	add_row(r->paths_taken, "posts whose old address another one has");
	add_row(r->listed, "addresses in allurls.dat");
	add_row(r->listed_without, "of them without a post");
}

void import_print_report(const struct import_report *r, const struct import_options *opt,
			 const struct jekyll_site *site, const struct config *config)
{
	if (opt->json) {
		report_json(r);
		return;
	}
	report_text(r, opt->dry_run);
	if (site->zone_unknown)
		printf("timezone %.*s of _config.yml is not known here: old addresses are made "
		       "with UTC\n",
		       STR_FMT(site->timezone));
	if (site->url.len > 0 && config->base_url.len == 0)
		printf("the old site stood at %.*s%.*s/ (base_url in dibao.conf, if the new one "
		       "shall stand there)\n",
		       STR_FMT(site->url), STR_FMT(site->baseurl));
}
