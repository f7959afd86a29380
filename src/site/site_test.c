/* What pages are made with: media, words, themes, languages. */
#include "base/map.h"
#include "site/fixture.h"

static const struct {
	const char *why, *in, *want;
} media[] = {
	{ "text stays", "<p>a &amp; b</p>", "<p>a &amp; b</p>" },
	{ "a picture is a link",
	  "<p><img src=\"https://x.example/a.jpg\" alt=\"A &lt;b>\" loading=\"lazy\"></p>",
	  "<p><a class=\"media\" rel=\"noopener noreferrer nofollow\" "
	  "href=\"https://x.example/a.jpg\">"
	  "<span class=\"kind\">Picture</span> A &lt;b&gt;</a></p>" },
	{ "a picture in a link is words",
	  "<a href=\"https://x.example/\"><img src=\"//y.example/a.jpg\" alt=\"\"></a>",
	  "<a href=\"https://x.example/\"><span class=\"media\"><span "
	  "class=\"kind\">Picture</span> </span></a>" },
	{ "a picture of ours stays", "<img src=\"media/a.jpg\">", "<img src=\"media/a.jpg\">" },
	{ "a picture inside the page stays", "<img src=\"data:image/png;base64,AA\">",
	  "<img src=\"data:image/png;base64,AA\">" },
	{ "srcset asks too", "<img src=\"a.jpg\" srcset=\"https://x.example/a.jpg 2x\" alt=\"t\">",
	  "<span class=\"media\"><span class=\"kind\">Picture</span> t</span>" },
	{ "a player, by its first source",
	  "<video controls poster=\"https://x.example/p.jpg\"><source "
	  "src=\"https://x.example/a.mp4\"><source "
	  "src=\"https://x.example/b.webm\">old</video>!",
	  "<a class=\"media\" rel=\"noopener noreferrer nofollow\" "
	  "href=\"https://x.example/a.mp4\">"
	  "<span class=\"kind\">Video</span> </a>old!" },
	{ "a picture element",
	  "<picture><source srcset=\"https://x.example/a.avif\"><img "
	  "src=\"https://x.example/a.jpg\" alt=\"t\"></picture>",
	  "<a class=\"media\" rel=\"noopener noreferrer nofollow\" "
	  "href=\"https://x.example/a.jpg\">"
	  "<span class=\"kind\">Picture</span> t</a>" },
	{ "a frame", "<iframe src=\"https://x.example/e\" title=\"T\"></iframe>",
	  "<a class=\"media\" rel=\"noopener noreferrer nofollow\" href=\"https://x.example/e\">"
	  "<span class=\"kind\">Embedded</span> T</a>" },
	{ "no other scheme is linked", "<img src=\"javascript:alert(1)\" alt=\"t\">",
	  "<span class=\"media\"><span class=\"kind\">Picture</span> t</span>" },
	{ "what the sanitizer must not let through goes here too",
	  "a<link rel=stylesheet href=x><script src=y></script>b", "ab" },
	{ "upper case, no quotes, an end in an attribute",
	  "<IMG ALT='a>b' SRC=https://x.example/a>c",
	  "<a class=\"media\" rel=\"noopener noreferrer nofollow\" href=\"https://x.example/a\">"
	  "<span class=\"kind\">Picture</span> a&gt;b</a>c" },
	{ "cut in a tag", "<p>a<img src=\"https://x",
	  "<p>a<a class=\"media\" rel=\"noopener noreferrer nofollow\" "
	  "href=\"https://x\"><span class=\"kind\">Picture</span> </a>" },
	{ "headings stand below the title, no level skipped",
	  "<h1 id=\"a\">x</h1><h4>y</h4><h5>z</h5><H2>w</H2><hr><h3>v</h3>",
	  "<h2 id=\"a\">x</h2><h3>y</h3><h4>z</h4><H2>w</H2><hr><h3>v</h3>" },
	{ "no tag is made by what goes", "<<link>img src=https://x.example/>",
	  "&lt;img src=https://x.example/>" },
	{ "a lone sign", "1 < 2 <", "1 &lt; 2 &lt;" },
};

static void test_media(void)
{
	struct arena arena;
	struct store *s = open_store("media.db");
	struct site *site = open_site(s);
	struct buf out;

	arena_init(&arena);
	buf_init(&out, BUF_NO_MAX);
	for (size_t i = 0; i < sizeof(media) / sizeof(media[0]); i++) {
		buf_reset(&out);
		media_to_links(site, &arena, str_of(media[i].in), NULL, &out);
		CHECK_STR(media[i].why, buf_str(&out), str_of(media[i].want));
	}
	const struct page_head head = { .path = STR("/a.html") };
	buf_reset(&out);
	media_to_links(site, &arena, S("<p>x</p><table class=\"y\"><tr><td>z</td></tr></table>"),
		       &head, &out);
	CHECK_STR("a wide table can be scrolled by keyboard", buf_str(&out),
		  S("<p>x</p><table tabindex=\"0\" class=\"y\"><tr><td>z</td></tr></table>"));
	buf_fini(&out);
	arena_fini(&arena);
	site_close(&site);
	store_close(&s);
}

static const struct {
	const char *why, *in;
	int columns;
	const char *want;
} excerpts[] = {
	{ "short text stays", " A  short\n\ntext ", 40, "A short text" },
	{ "cut between words", "one two three four", 12, "one two…" },
	{ "Han may be cut anywhere", "北約秘書長最快訪日", 8, "北約秘書…" },
	{ "a long word is cut", "Donaudampfschifffahrtsgesellschaftskapitänsmütze", 20,
	  "Donaudampfschifffahr…" },
	{ "nothing", "", 10, "" },
	{ "full-width space", "甲　　乙", 10, "甲 乙" },
};

static const struct {
	const char *why;
	struct str name;
	const char *want;
} slugs[] = {
	{ "Han is itself", STR("北約"), "北約" },
	{ "small letters and digits are themselves", STR("covid19"), "covid19" },
	{ "case is told apart by the hash", STR("NATO"), "nato-81e97bb7e2" },
	{ "a slash", STR("C/C++"), "c-c-b7ab6c3b7e" },
	{ "up", STR(".."), "efb9ea40e4" },
	{ "a device of Windows", STR("con"), "con-0f6bfc7a47" },
	{ "nothing", STR(""), "0e5751c026" },
	{ "emoji", STR("😀"), "😀-7fa3c4f5b5" },
};

static void test_words(void)
{
	struct map seen;

	for (size_t i = 0; i < sizeof(excerpts) / sizeof(excerpts[0]); i++)
		CHECK_STR(excerpts[i].why,
			  excerpt(&mem, str_of(excerpts[i].in), excerpts[i].columns),
			  str_of(excerpts[i].want));
	map_init(&seen);
	for (size_t i = 0; i < sizeof(slugs) / sizeof(slugs[0]); i++) {
		struct buf b;

		buf_init(&b, 1000);
		slug_add(&b, slugs[i].name);
		struct str slug = arena_str(&mem, buf_str(&b));
		size_t dash = str_rfind_ch(slug, '-'),
		       want = str_rfind_ch(str_of(slugs[i].want), '-');
		/* Of the hash only its length is said here. */
		CHECK_I64(slugs[i].why, (int64_t)slug.len, (int64_t)strlen(slugs[i].want));
		if (dash != STR_NONE && want != STR_NONE)
			CHECK_STR(slugs[i].why, str_sub(slug, 0, dash),
				  str_sub(str_of(slugs[i].want), 0, want));
		else if (i < 2)
			CHECK_STR(slugs[i].why, slug, str_of(slugs[i].want));
		CHECK(path_is_safe(arena_strf(&mem, "/tag/%.*s.html", STR_FMT(slug))));
		*map_put(&seen, slug) = &seen;
		buf_fini(&b);
	}
	CHECK_I64("no two are alike", (int64_t)seen.count,
		  (int64_t)(sizeof(slugs) / sizeof(slugs[0])));
	map_fini(&seen);
	CHECK(path_is_safe(S("/2023/01/a.html")) && path_is_safe(S("/x/")));
	CHECK(!path_is_safe(S("/../x")) && !path_is_safe(S("/a//b")) && !path_is_safe(S("x")) &&
	      !path_is_safe(S("/.git/x")) && !path_is_safe(S("/a\\b")) && !path_is_safe(S("/")) &&
	      !path_is_safe(S("/a\0b")));
}

static void test_theme(void)
{
	struct store *s = open_store("media.db");
	struct site_options opt = options;
	struct site *site = NULL;
	struct buf out;

	CHECK(dir_make(in_root("theme"), &err) == 0);
	opt.theme_dir = str_of(in_root("theme"));
	CHECK(file_write(in_root("theme/list.html"), S("a\n{{#x}}\n"), false, &err) == 0);
	CHECK_I64("a wrong theme builds nothing", site_open(&opt, s, &site, &err), ERR_CONFIG);
	CHECK_STR(
		"and says where", str_of(err.msg),
		arena_strf(&mem, "%s:2: section \"x\" is not closed", in_root("theme/list.html")));
	CHECK(file_write(in_root("theme/list.html"), S("{{title}}"), false, &err) == 0);
	CHECK(file_write(in_root("theme/search.html"), S("{{t.search}}{{t.own}} {{site.title}}"),
			 false, &err) == 0);
	CHECK(dir_make(in_root("theme/strings"), &err) == 0);
	CHECK(file_write(in_root("theme/strings/en.txt"), S("own = Our word\nsearch = Find\n"),
			 false, &err) == 0);
	CHECK(file_write(in_root("theme/logo.png"), S("png"), false, &err) == 0);
	CHECK(site_open(&opt, s, &site, &err) == 0);
	buf_init(&out, BUF_NO_MAX);
	CHECK_STR("a file of the mirror's theme is taken before ours",
		  rendered(site, "/search.html", &out), S("FindOur word The &lt;Mirror&gt;"));
	CHECK_STR("and put on the site", rendered(site, "/logo.png", &out), S("png"));
	CHECK(str_contains(rendered(site, "/style.css", &out), S("--paper")));
	site_close(&site);
	CHECK(file_write(in_root("theme/strings/en.txt"), S("own = x\n\nwrong\n"), false, &err) ==
	      0);
	CHECK_I64("wrong words", site_open(&opt, s, &site, &err), ERR_CONFIG);
	CHECK(str_contains(str_of(err.msg), S("en.txt:3: ")));
	buf_fini(&out);
	store_close(&s);
}

static void test_languages(void)
{
	static const struct {
		const char *language, *want;
	} rows[] = {
		{ "en-GB", "Archive" },   { "zh-TW", "往期" },    { "zh-Hant-HK", "往期" },
		{ "zh-CN", "往期" },      { "ja", "過去の記事" }, { "ZH-HANS", "往期" },
		{ "ko-KR", "지난 기사" }, { "tlh", "Archive" },   { "", "Archive" },
	};
	struct theme t;

	CHECK(theme_open(&mem, S(""), &t, &err) == 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct value *words;

		CHECK(theme_words(&mem, &t, str_of(rows[i].language), &words, &err) == 0);
		CHECK_STR(rows[i].language, theme_word(words, S("archive")), str_of(rows[i].want));
	}
	/* Each language has every word English has, but for those that only English needs. */
	struct value *english, *other;
	static const char *const languages[] = { "zh-Hant", "zh-Hans", "ja", "ko" };
	theme_words(&mem, &t, S("en"), &english, &err);
	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++) {
		const struct theme_entry *e =
			theme_find(&t, arena_strf(&mem, "strings/%s.txt", languages[i]));

		CHECK(e != NULL);
		theme_words(&mem, &t, str_of(languages[i]), &other, &err);
		for (uint32_t k = 0; k < english->count; k++) {
			struct str key = english->as.members[k].key;

			if (!str_has_suffix(key, S("_1")) && !str_eq(key, S("months")) &&
			    !str_contains(e->bytes, arena_strf(&mem, "\n%.*s =", STR_FMT(key))) &&
			    !str_has_prefix(e->bytes, arena_strf(&mem, "%.*s =", STR_FMT(key))))
				CHECK_STR(languages[i], key, S("is translated"));
		}
	}
}

int main(void)
{
	if (!fixture_start())
		return 1;
	test_media();
	test_words();
	test_languages();
	test_theme();
	return fixture_end();
}
