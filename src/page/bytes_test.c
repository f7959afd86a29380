#include "base/check.h"
#include "page/private.h"

static const struct {
	const char *why;
	struct str in;
	const char *want;
} rows[] = {
	{ "a PDF", STR("%PDF-1.7\n"), "a PDF document" },
	{ "WebP before any RIFF", STR("RIFF\x24\x01\x00\x00WEBPVP8 "), "a WebP image" },
	{ "AVIF before any MP4",
	  STR("\x00\x00\x00\x1c"
	      "ftypavif"),
	  "an AVIF image" },
	{ "the length of an MP4's first box is its own affair",
	  STR("\x00\x00\x00\x14"
	      "ftypisom"),
	  "an MP4 file" },
	{ "BM is a bitmap where its reserved bytes are zero", STR("BM\x36\x00\x0c\x00\0\0\0\0\x36"),
	  "a BMP image" },
	{ "BMW is none", STR("BMW opens a plant by the harbour, say those who know."), NULL },
	{ "control characters", STR("\x01\x02\x03 something \x04\x05\x06\x07"), "binary data" },
	{ "the escapes of ISO-2022-JP are text", STR("\x1b$B%K%e!<%9\x1b(B news, news, news"),
	  NULL },
	{ "UTF-16 is text", STR("\xff\xfe<\0h\0t\0m\0l\0>\0\x01\x4e\x02\x4e\x03\x4e"), NULL },
	{ "JSON", STR("[{\"a\": 1}]\n"), "JSON data" },
	{ "a bracket is not enough", STR("[The editors] \"say so\" themselves]"), NULL },
	{ "a sitemap", STR("<?xml version=\"1.0\"?>\n<urlset xmlns='x'>"), "a feed or a sitemap" },
	{ "XHTML is no feed", STR("<?xml version=\"1.0\"?>\n<html><body>"), NULL },
	{ "a word of text", STR("word"), NULL },
	{ "robots.txt", STR("# all\nUser-agent: *\nDisallow: /x\n\nSitemap: https://e.org/s\n"),
	  "a robots.txt" },
	{ "a list of facts is none", STR("Host: the harbour\nDoors: seven\nEntry: free\n"), NULL },
	{ "a style sheet",
	  STR("/* owls */\nbody, p > a:hover { color: red; margin: 0 }\n.x{top:0}"),
	  "a style sheet" },
	{ "one of at-rules", STR("@charset \"utf-8\";@media (min-width: 3em){.a{color:red}}"),
	  "a style sheet" },
	{ "braces in a text", STR("The set {a, b} has two members; {a: b} is a map."), NULL },
	{ "a script", STR("// owls\n!function(e,t){var n=1;return n}(window);"), "a script" },
	{ "a module", STR("import a from 'a';\nexport const b = () => { a(); };\n"), "a script" },
	{ "let us", STR("let us say (for now) that the owls stay; the mill waits."), NULL },
	{ "a page that begins with its script", STR("<script>var a = 1;</script><p>Owls"), NULL },
};

int main(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *got = bytes_kind(rows[i].in);
		if (!got)
			got = code_kind(rows[i].in);

		CHECK_STR(rows[i].why, str_of(got ? got : "text"),
			  str_of(rows[i].want ? rows[i].want : "text"));
	}
	return check_done();
}
