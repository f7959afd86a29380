#include "page/sanitize.h"

#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/file.h"
#include "base/list.h"

#define REL  " rel=\"nofollow noopener noreferrer\""
#define LAZY " loading=\"lazy\" referrerpolicy=\"no-referrer\""

static const struct row {
	const char *why;
	struct str in, want;
} cases[] = {
	{ "text is escaped", STR("a > b"), STR("a &gt; b") },
	{ "references are decoded once", STR("&amp;lt;b&gt;"), STR("&amp;lt;b&gt;") },
	{ "malformed UTF-8 becomes a character", STR("a\xff<b>b</b>"),
	  STR("a\xef\xbf\xbd<b>b</b>") },
	{ "control characters go", STR("a\x01<b>\x02</b>b\x0c<i>c</i>"), STR("ab <i>c</i>") },
	{ "CR LF is one line end", STR("a\r\nb&#13;c<br>"), STR("a\nb\nc<br>") },
	{ "event handlers go", STR("<p onclick=x>a</p>"), STR("<p>a</p>") },
	{ "styles and classes go", STR("<p style='position:fixed' class=x>a</p>"),
	  STR("<p>a</p>") },
	{ "scripts go with their text", STR("a<script>alert(1)</script>b"), STR("ab") },
	{ "unknown elements leave their text", STR("<x-y>a</x-y>"), STR("a") },
	{ "what is empty is not written", STR("<div><p> <b></b></p></div>a"), STR("a") },
	{ "comments go", STR("a<!-- b -->c"), STR("ac") },
	{ "a language stays",
	  STR("<p lang=zh-TW dir=rtl>a<span lang=en>b</span><span>c</span></p>"),
	  STR("<p lang=\"zh-TW\" dir=\"rtl\">a<span lang=\"en\">b</span>c</p>") },
	{ "old elements become new ones", STR("<center><strike>a</strike><tt>b</tt></center>"),
	  STR("<div><s>a</s><code>b</code></div>") },

	/* addresses */
	{ "a script's address is none", STR("<a href='java\nscript:x'>a</a>"), STR("a") },
	{ "a link is absolute", STR("<a href=/x>a</a>"),
	  STR("<a href=\"https://e.org/x\"" REL ">a</a>") },
	{ "mail and telephone stay", STR("<a href=mailto:a@b.c>a</a><a href=tel:+1>b</a>"),
	  STR("<a href=\"mailto:a@b.c\"" REL ">a</a><a href=\"tel:+1\"" REL ">b</a>") },
	{ "a host without a scheme has the page's", STR("<a href=//h.org/x>a</a>"),
	  STR("<a href=\"https://h.org/x\"" REL ">a</a>") },

	/* ids */
	{ "a footnote and the way back",
	  STR("<a id=r href=#n>1</a><p id=n>N<a href='#r'>b</a></p><p id=x>c</p>"),
	  STR("<a href=\"#in-n\" id=\"in-r\">1</a><p id=\"in-n\">N<a "
	      "href=\"#in-r\">b</a></p><p>c</p>") },
	{ "the page's own address is no other page",
	  STR("<a href='https://e.org/d/#n'>1</a><i id=n>N</i>"),
	  STR("<a href=\"#in-n\">1</a><i id=\"in-n\">N</i>") },
	{ "a link to what is not there leads to the page", STR("<a href=#n>1</a><svg id=n></svg>"),
	  STR("<a href=\"https://e.org/d/#n\"" REL ">1</a>") },
	{ "an id is given once", STR("<a href=#n>1</a><b id=n>a</b><b id=n>b</b>"),
	  STR("<a href=\"#in-n\">1</a><b id=\"in-n\">a</b><b>b</b>") },
	{ "an id is found behind controls", STR("<a href='#n\x0f '>1</a><b id=n>a</b>"),
	  STR("<a href=\"#in-n\">1</a><b id=\"in-n\">a</b>") },
	{ "a film that is a part of this page is none", STR("<p>a</p><video src='#n'></video>"),
	  STR("<p>a</p>") },
	{ "a host's letters are small however they are written",
	  STR("<a href='https://%4B4.org/x'>a</a>"),
	  STR("<a href=\"https://k4.org/x\"" REL ">a</a>") },
	{ "the name of an anchor is an id, though it is empty",
	  STR("<a href=#n>1</a><a name=n></a><p>a</p>"),
	  STR("<a href=\"#in-n\">1</a><span id=\"in-n\"></span><p>a</p>") },

	/* images */
	{ "an image is absolute", STR("<img src=i.png>"),
	  STR("<img src=\"https://e.org/d/i.png\"" LAZY ">") },
	{ "a lazy image is resolved",
	  STR("<img src=data:image/gif;base64,R0 data-src=a.jpg alt=A>"),
	  STR("<img src=\"https://e.org/d/a.jpg\" alt=\"A\"" LAZY ">") },
	{ "a lazy srcset is", STR("<img src=lazy.gif data-srcset='a.jpg 300w, b.jpg 900w'>"),
	  STR("<img src=\"https://e.org/d/b.jpg\"" LAZY ">") },
	{ "the largest sensible candidate", STR("<img srcset='a 300w,b 1200w,c 9000w' src=a>"),
	  STR("<img src=\"https://e.org/d/b\"" LAZY ">") },
	{ "densities, and commas in addresses",
	  STR("<img srcset='a,1.jpg 1x, a,2.jpg 2x, a,4.jpg 4x'>"),
	  STR("<img src=\"https://e.org/d/a,2.jpg\"" LAZY ">") },
	{ "a picture is its largest source",
	  STR("<picture><source media='(min-width: 800px)' srcset=l.webp type=image/webp><source "
	      "srcset=d.png "
	      "media='(prefers-color-scheme: dark)'><img src=s.jpg></picture>"),
	  STR("<img src=\"https://e.org/d/l.webp\"" LAZY ">") },
	{ "the fallback of a placeholder",
	  STR("<img src=blank.gif alt=x><noscript><img src=a.jpg></noscript>"),
	  STR("<img src=\"https://e.org/d/a.jpg\"" LAZY ">") },
	{ "the fallback of an image that is there",
	  STR("<img data-src=a.jpg> <noscript><img src=a.jpg></noscript>"),
	  STR("<img src=\"https://e.org/d/a.jpg\"" LAZY "> ") },
	{ "a fallback written as text",
	  STR("<span><img src=blank.gif></span><noscript>&lt;img src=a.jpg "
	      "onerror=x&gt;</noscript>"),
	  STR("<img src=\"https://e.org/d/a.jpg\"" LAZY ">") },
	{ "pixels go",
	  STR("<img src=a.gif width=1 height=1><img src=b.gif style='width:1px;height:1px'>"
	      "<img src=https://pixel.wp.com/b.gif?x>"),
	  STR("") },
	{ "what is stretched is none",
	  STR("<img src=a.jpg style='width:0;height:0;min-width:100%;min-height:100%'>"),
	  STR("<img src=\"https://e.org/d/a.jpg\"" LAZY ">") },
	{ "cats.gif is no s.gif, unloading.png no loading.png",
	  STR("<img src=/cats.gif><img src=/unloading.png>"),
	  STR("<img src=\"https://e.org/cats.gif\"" LAZY
	      "><img src=\"https://e.org/unloading.png\"" LAZY ">") },
	{ "a last word counts", STR("<img src=/grey-placeholder.png><img src=/img/loading.gif>"),
	  STR("") },
	{ "the page an image leads to is no image", STR("<img src=/a.jpg data-url=/page>"),
	  STR("<img src=\"https://e.org/a.jpg\"" LAZY ">") },
	{ "but a file is", STR("<img src=/small.jpg data-large-file=/large.jpg>"),
	  STR("<img src=\"https://e.org/large.jpg\"" LAZY ">") },
	{ "and so is anything beside a placeholder", STR("<img src=/blank.gif data-url=/a?b>"),
	  STR("<img src=\"https://e.org/a?b\"" LAZY ">") },
	{ "a picture of a placeholder's name in its path is none", STR("<img src=/blank./a.jpg>"),
	  STR("<img src=\"https://e.org/blank./a.jpg\"" LAZY ">") },
	{ "a text of nothing but controls is none",
	  STR("<img src=a.png alt='\x01'><abbr title='\x02 '>b</abbr>"),
	  STR("<img src=\"https://e.org/d/a.png\"" LAZY "><abbr>b</abbr>") },
	{ "an image without address says its text", STR("<img alt=A src='x:y'>"),
	  STR("<img alt=\"A\">") },

	/* frames and forms */
	{ "a known player becomes a link",
	  STR("<iframe src=//www.youtube.com/embed/a_b?x></iframe>"),
	  STR("<p><a href=\"https://www.youtube.com/watch?v=a_b\"" REL
	      ">https://www.youtube.com/watch?v=a_b</a></p>") },
	{ "in a paragraph it stays in it",
	  STR("<p>a <iframe title=T src=https://player.vimeo.com/video/1></iframe></p>"),
	  STR("<p>a <a href=\"https://vimeo.com/1\"" REL ">T</a></p>") },
	{ "an unknown frame goes", STR("<iframe src=https://ads.example/>x</iframe>a"), STR("a") },
	{ "so does one that only looks known",
	  STR("<iframe src=https://www.youtube.com.evil.org/embed/x></iframe>"), STR("") },
	{ "an object gives its fallback", STR("<object data=x.swf><p>a</p></object>"),
	  STR("<p>a</p>") },
	{ "a video is its file", STR("<video><source src=v.mp4>old browser</video>"),
	  STR("<p><a href=\"https://e.org/d/v.mp4\"" REL ">https://e.org/d/v.mp4</a></p>") },
	{ "forms leave their text", STR("<form><label>a <input></label><button>b</button></form>"),
	  STR("<div>a  b</div>") },
	{ "svg goes, text after it stays", STR("<svg><g onload=x>a</g></svg>b"), STR("b") },
	{ "a formula is its characters",
	  STR("<math><mi>x</mi><mo>=</mo><mn>1</mn><annotation>t</annotation></math>"),
	  STR("x=1") },

	/* what a parser would move or close */
	{ "a block closes a paragraph", STR("<p>a<button><div>b</div></button>c"),
	  STR("<p>a </p><div>b</div>c") },
	{ "an item stands in a list", STR("<li>a</li><ul><li>b</li></ul>"),
	  STR("<div>a</div><ul><li>b</li></ul>") },
	{ "terms may be grouped", STR("<dl><div><dt>a<dd>b</div></dl>"),
	  STR("<dl><div><dt>a</dt><dd>b</dd></div></dl>") },
	{ "a line end at the start of <pre> is nothing", STR("<pre>\n\n\n a\n</pre>"),
	  STR("<pre> a\n</pre>") },
	{ "a table has all its parts",
	  STR("<table> <tr><th scope=col>a<td colspan=2 onclick=x>b</table>"),
	  STR("<table><tbody><tr><th scope=\"col\">a</th><td "
	      "colspan=\"2\">b</td></tr></tbody></table>") },
};

static struct str run(struct sanitizer *s, struct str in, struct str base, struct buf *out)
{
	struct err err;

	buf_reset(out);
	CHECK(sanitize_html(s, in, base, out, &err) == 0);
	return buf_str(out);
}

static void check_stable(struct sanitizer *s, struct str in, struct str base, struct buf *once,
			 struct buf *twice)
{
	struct str first = run(s, in, base, once);
	struct str second = run(s, first, base, twice);

	if (!str_eq(first, second))
		CHECK_STR("sanitizing the result gives it again", second, first);
	if (str_contains_nocase(first, S("<script")))
		CHECK_STR("no script", first, S(""));
}

static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* The head of one vector, the tail of another, a few bytes of markup thrown in. */
static struct str mutated(const struct list *vectors, uint32_t *state, struct buf *out)
{
	static const char *const pieces[] = { "<p>",    "</p>",    "<b>",  "</b>",    "<a href=x>",
					      "</a>",   "<table>", "<td>", "\"",      "'",
					      ">",      "<",       "&",    "<svg>",   "</svg>",
					      "<math>", "<li>",    "<h1>", "<pre>\n", "<style>",
					      "-->",    "<!--",    "\0" };
	struct str a = *(struct str *)list_at(vectors, next_random(state) % vectors->count);
	struct str b = *(struct str *)list_at(vectors, next_random(state) % vectors->count);
	size_t cut = next_random(state) % (a.len + 1);

	buf_reset(out);
	buf_add(out, str_sub(a, 0, cut));
	for (uint32_t n = next_random(state) % 4; n; n--)
		buf_add_cstr(out,
			     pieces[next_random(state) % (sizeof(pieces) / sizeof(pieces[0]))]);
	buf_add(out, next_random(state) & 1 ? b : str_from(a, cut));
	buf_add(out, str_from(b, next_random(state) % (b.len + 1)));
	return buf_str(out);
}

static void check_vectors(struct sanitizer *s)
{
	static const struct str bases[] = { STR("https://e.org/d/"), STR("") };
	struct list vectors;
	struct buf file, once, twice, mix;
	struct err err;
	struct str rest;
	uint32_t state = 88172645;

	buf_init(&file, 1 << 24);
	buf_init(&once, BUF_NO_MAX);
	buf_init(&twice, BUF_NO_MAX);
	buf_init(&mix, BUF_NO_MAX);
	list_init(&vectors, sizeof(struct str));
	CHECK(file_read("test/sanitize/vectors.txt", &file, &err) == 0);
	for (rest = buf_str(&file); rest.len;) {
		size_t end = str_find(rest, S("\n%%\n"));

		*(struct str *)list_add(&vectors) = str_sub(rest, 0, end);
		rest = end == STR_NONE ? str_n(NULL, 0) : str_from(rest, end + 4);
	}
	CHECK(vectors.count >= 500);
	for (size_t i = 0; i < vectors.count; i++) {
		for (size_t b = 0; b < 2; b++)
			check_stable(s, *(struct str *)list_at(&vectors, i), bases[b], &once,
				     &twice);
	}
	for (int i = 0; i < 20000 && vectors.count; i++)
		check_stable(s, mutated(&vectors, &state, &mix), bases[i & 1], &once, &twice);
	list_fini(&vectors);
	buf_fini(&mix);
	buf_fini(&file);
	buf_fini(&once);
	buf_fini(&twice);
}

static void repeat(struct buf *b, const char *piece, int times)
{
	while (times--)
		buf_add_cstr(b, piece);
}

/* Each took minutes, or all memory, before there was a guard; bounded now, and the text is not
 * lost. */
static void check_hostile(struct sanitizer *s)
{
	static const struct {
		const char *why, *head, *piece;
		int times;
		const char *tail;
	} rows[] = {
		{ "deep nesting", "", "<div>", 200000, "end" },
		{ "deep formatting", "", "<b><i><u>", 50000, "<p>end" },
		{ "text that grows", "", "a</x>", 200000, "end" },
		{ "formatting opened anew", "<b a=1><b a=2><b a=3><b a=4><b a=5>", "<div>x</div>",
		  50000, "end" },
		{ "nested tables", "", "<table><tr><td>", 20000, "end" },
		{ "options", "<select>", "<option>x", 100000, "</select>end" },
		{ "nested links", "", "<a href=x>", 20000, "end" },
		{ "style attribute", "<img style='", ";", 500000, "'>end" },
	};
	struct buf in, once, twice;

	buf_init(&in, BUF_NO_MAX);
	buf_init(&once, BUF_NO_MAX);
	buf_init(&twice, BUF_NO_MAX);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_reset(&in);
		buf_add_cstr(&in, rows[i].head);
		repeat(&in, rows[i].piece, rows[i].times);
		buf_add_cstr(&in, rows[i].tail);
		check_stable(s, buf_str(&in), S("https://e.org/"), &once, &twice);
		CHECK_STR(rows[i].why,
			  str_contains(buf_str(&once), S("end")) ? S("end") : buf_str(&once),
			  S("end"));
	}
	buf_reset(&in);
	buf_add_cstr(&in, "<p ");
	for (int i = 0; i < 300000; i++)
		buf_addf(&in, "a%d=1 ", i);
	buf_add_cstr(&in, "lang=en>end</p>");
	CHECK_STR("attributes without end", run(s, buf_str(&in), S(""), &once), S("<p>end</p>"));
	buf_fini(&in);
	buf_fini(&once);
	buf_fini(&twice);
}

/* Escaped wherever in a text they stand. */
static void check_escapes(struct sanitizer *s, struct buf *out)
{
	struct str letters = S("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJ");
	char text[80], want[100];

	for (size_t at = 0; at <= letters.len; at++) {
		int before = (int)at, behind = (int)(letters.len - at);

		snprintf(text, sizeof(text), "%.*s&lt;\x0c\x7f&%.*s", before, letters.ptr, behind,
			 letters.ptr + at);
		snprintf(want, sizeof(want), "%.*s&lt; &amp;%.*s", before, letters.ptr, behind,
			 letters.ptr + at);
		CHECK_STR("escaped at any place", run(s, str_of(text), S(""), out), str_of(want));
		snprintf(text, sizeof(text), "<img alt='%.*s\"%.*s'>", before, letters.ptr, behind,
			 letters.ptr + at);
		snprintf(want, sizeof(want), "<img alt=\"%.*s&quot;%.*s\">", before, letters.ptr,
			 behind, letters.ptr + at);
		CHECK_STR("in an attribute", run(s, str_of(text), S(""), out), str_of(want));
	}
}

static void check_limits(struct sanitizer *s)
{
	struct err err;
	struct buf out;

	buf_init(&out, 20);
	buf_add(&out, S("before"));
	CHECK(sanitize_html(s, S("<p>longer than the room there is</p>"), S(""), &out, &err) ==
	      ERR_LIMIT);
	CHECK_STR("past the ceiling nothing is appended", buf_str(&out), S("before"));
	CHECK(sanitize_html(s, S("<b>a</b>"), S(""), &out, &err) == 0);
	CHECK_STR("and the buffer is as good as before", buf_str(&out), S("before<b>a</b>"));
	buf_fini(&out);
}

static void check_without_base(struct sanitizer *s, struct buf *out)
{
	static const struct row rows[] = {
		{ "relative stays", STR("<a href='x/y?z'>a</a>"),
		  STR("<a href=\"x/y?z\"" REL ">a</a>") },
		{ "a host gets a scheme", STR("<a href='\\\\h.org\\x'>a</a>"),
		  STR("<a href=\"https://h.org/x\"" REL ">a</a>") },
		{ "a colon makes no scheme", STR("<a href=':x'>a</a>"), STR("a") },
		{ "nor does one after a slash unmake it", STR("<a href='/x:y'>a</a>"),
		  STR("<a href=\"/x:y\"" REL ">a</a>") },
		{ "a link to nowhere is none", STR("<a href='#n'>a</a>"), STR("a") },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CHECK_STR(rows[i].why, run(s, rows[i].in, S(""), out), rows[i].want);
	sanitize_set_plain(s, true);
	CHECK_STR("plain leaves out what only a page wants",
		  run(s, S("<a href=/x>a</a><img src=/y.png>"), S("https://e.org/"), out),
		  S("<a href=\"https://e.org/x\">a</a><img src=\"https://e.org/y.png\">"));
	sanitize_set_plain(s, false);
}

int main(void)
{
	struct sanitizer *s = sanitize_new();
	struct buf out;

	buf_init(&out, BUF_NO_MAX);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_STR(cases[i].why, run(s, cases[i].in, S("https://e.org/d/"), &out),
			  cases[i].want);
	check_without_base(s, &out);
	check_escapes(s, &out);
	check_limits(s);
	check_vectors(s);
	check_hostile(s);
	buf_fini(&out);
	sanitize_free(&s);
	return check_done();
}
