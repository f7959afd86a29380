#include "feed/feed.h"

#include <string.h>

#include "base/check.h"
#include "feed/private.h"
#include "text/date.h"
#include "text/utf8.h"

/* clang-format off */

/* An entry as a line: what it has, in this order, with its letter in front. */
static const struct {
	const char *why;
	struct str in, want;
} cases[] = {
	{ "RSS 2.0",
	  STR("<rss version='2.0'><channel><title>T</title><link>http://e/</link><description>"
	      "D</description>"
	      "<item><title>a</title><link>http://e/1</link><guid isPermaLink='false'>g</guid>"
	      "<description>&lt;b&gt;x&lt;/b&gt;</description><pubDate>Mon, 23 Jan 2023 10:04:06 "
	      "GMT</pubDate>"
	      "<category>c1</category><category>c2</category><author>a@b.org (Ann)</author>"
	      "<enclosure url='http://e/a.mp3' type='audio/mpeg' length='5'/></item></channel>"
	      "</rss>"),
	  STR("rss2.0 T=T H=http://e/ D=D\n"
	      "i=g l=http://e/1 t=a h=<b>x</b> p=2023-01-23T10:04:06Z a=Ann #c1 #c2 "
	      "@http://e/a.mp3 audio/mpeg 5\n") },
	{ "Atom 1.0",
	  STR("<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='de' xml:base='http://e/x/'>"
	      "<title>T</title>"
	      "<link href='.'/><link rel='self' href='f.xml'/><link rel='hub' href='http://h/'/>"
	      "<entry><id>i</id>"
	      "<title type='html'>a &amp;lt; b</title><link href='1'/><link rel='enclosure' "
	      "href='m.mp3'/>"
	      "<updated>2023-01-23T10:04:06Z</updated><summary>s &amp; t</summary>"
	      "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>x &lt; y<br/>"
	      "</p></div></content>"
	      "<author><name>N</name><uri>n</uri></author><category term='t1'/></entry></feed>"),
	  STR("atom1.0 T=T H=http://e/x/ F=http://e/x/f.xml L=de hub=http://h/\n"
	      "i=i l=http://e/x/1 t=a < b h=<p>x &lt; y<br></p> s=s & t m=2023-01-23T10:04:06Z "
	      "a=N(http://e/x/n) "
	      "#t1 @http://e/x/m.mp3 L=de\n") },
	{ "Atom's text stands as it is",
	  STR("<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>i</id><title>a &amp;amp; "
	      "&lt;b&gt;</title>"
	      "<content>x &lt;i&gt;</content></entry></feed>"),
	  STR("atom1.0\ni=i t=a &amp; <b> x=x <i>\n") },
	{ "Atom 0.3, in base64",
	  STR("<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><id>i</id><issued>"
	      "2023-01-23</issued>"
	      "<title mode='base64'>YSAmIGI=</title><content type='text/html' mode='escaped'>"
	      "&lt;p&gt;</content>"
	      "</entry></feed>"),
	  STR("atom0.3\ni=i t=a & b h=<p> p=2023-01-23T00:00:00Z\n") },
	{ "RSS 1.0 with Dublin Core",
	  STR("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
	      "xmlns='http://purl.org/rss/1.0/' "
	      "xmlns:d='http://purl.org/dc/elements/1.1/'><channel><title>T</title></channel>"
	      "<item rdf:about='http://e/1'>"
	      "<title>a</title><d:creator>N</d:creator><d:date>2023-01-23</d:date><d:subject>"
	      "s</d:subject></item></rdf:RDF>"),
	  STR("rss1.0 T=T\ni=http://e/1 l=http://e/1 t=a p=2023-01-23T00:00:00Z a=N #s\n") },
	{ "CDF",
	  STR("<CHANNEL HREF='http://e/'><TITLE>T</TITLE><ITEM HREF='http://e/1' "
	      "LASTMOD='2023-01-23T10:04'>"
	      "<TITLE>a</TITLE><ABSTRACT>b</ABSTRACT></ITEM></CHANNEL>"),
	  STR("cdf T=T H=http://e/\ni=http://e/1 l=http://e/1 t=a h=b m=2023-01-23T10:04:00Z\n") },
	{ "content:encoded beside description",
	  STR("<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
	      "<channel><item><guid>g</guid>"
	      "<description>short</description><content:encoded><![CDATA[<p>long</p>]]>"
	      "</content:encoded></item></channel></rss>"),
	  STR("rss2.0\ni=g h=<p>long</p> s=short\n") },
	{ "description and summary: both are kept",
	  STR("<rss version='2.0'><channel><item><guid>g</guid><description>d</description>"
	      "<summary>s &amp;amp; t</summary>"
	      "</item></channel></rss>"),
	  STR("rss2.0\ni=g h=d s=s & t\n") },
	{ "markup around a name",
	  STR("<rss version='2.0'><channel><item><guid>g</guid>"
	      "<author>by <a href='#'>Ann</a></author></item></channel></rss>"),
	  STR("rss2.0\ni=g a=by Ann\n") },
	{ "a base that runs is none",
	  STR("<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://e/'><entry "
	      "xml:base='javascript:x'><id>i</id>"
	      "<link href='1'/></entry></feed>"),
	  STR("atom1.0\ni=i l=http://e/1\n") },
	{ "a podcast",
	  STR("<rss version='2.0' xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'>"
	      "<channel><item><guid>g</guid>"
	      "<itunes:author>N</itunes:author><itunes:image href='http://e/i.png'/>"
	      "<itunes:duration>1:02:03</itunes:duration>"
	      "<enclosure url='http://e/a.mp3' length='-5'/></item></channel></rss>"),
	  STR("rss2.0\ni=g a=N @http://e/a.mp3 3723s I=http://e/i.png\n") },
	{ "media group",
	  STR("<feed xmlns='http://www.w3.org/2005/Atom' xmlns:media='http://search.yahoo.com/mrss"
	      "/'><entry><id>i</id>"
	      "<title>a</title><media:group><media:title>b</media:title><media:content "
	      "url='http://e/v'/>"
	      "<media:thumbnail url='http://e/t'/><media:description>x &lt;3</media:description>"
	      "</media:group></entry></feed>"),
	  STR("atom1.0\ni=i t=a x=x <3 @http://e/v I=http://e/t\n") },
	{ "a picture among the attachments, where the entry names none",
	  STR("<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'><channel><item>"
	      "<guid>g</guid><enclosure url='http://e/a.mp3' type='audio/mpeg'/>"
	      "<media:content url='http://e/i' medium='image'/></item></channel></rss>"),
	  STR("rss2.0\ni=g @http://e/a.mp3 audio/mpeg I=http://e/i\n") },
	{ "other parts' titles are not the feed's",
	  STR("<rss version='2.0'><channel><image><title>I</title><url>http://e/i</url></image>"
	      "<textInput><title>X</title>"
	      "</textInput><title>T</title><item><guid>g</guid><source><title>S</title></source>"
	      "</item></channel></rss>"),
	  STR("rss2.0 T=T\ni=g\n") },
	{ "markup that nobody escaped",
	  STR("<rss version='2.0'><channel><item><guid>g</guid><description>a <b class='x'>1 &lt; "
	      "2</b><br/></description>"
	      "</item></channel></rss>"),
	  STR("rss2.0\ni=g h=a <b class=\"x\">1 &lt; 2</b><br>\n") },
	{ "a title escaped twice in CDATA",
	  STR("<rss version='2.0'><channel><item><guid>g</guid><title><![CDATA[A &amp;amp; "
	      "B&amp;#8217;s]]></title></item>"
	      "</channel></rss>"),
	  STR("rss2.0\ni=g t=A & B’s\n") },
	{ "no address that runs",
	  STR("<rss version='2.0'><channel><item><guid>g</guid><link>javascript:alert(1)</link>"
	      "<enclosure url='data:text/html,x'/></item></channel></rss>"),
	  STR("rss2.0\ni=g\n") },
	{ "1970 is no date",
	  STR("<rss version='2.0'><channel><item><guid>g</guid><pubDate>Thu, 01 Jan 1970 00:00:00 "
	      "GMT</pubDate></item>"
	      "</channel></rss>"),
	  STR("rss2.0\ni=g\n") },
	{ "an entity of the document",
	  STR("<!DOCTYPE rss [<!ENTITY x 'a&#38;#38;b'>]><rss version='2.0'><channel><item><guid>"
	      "g</guid><title>&x;</title></item>"
	      "</channel></rss>"),
	  STR("rss2.0\ni=g t=a&b\n") },
	{ "items outside of the channel",
	  STR("<rss version='0.91'><channel><title>T</title></channel><item><title>a</title><link>"
	      "http://e/1</link></item></rss>"),
	  STR("rss0.91 T=T\ni=http://e/1 l=http://e/1 t=a\n") },
	{ "prefixes of its own",
	  STR("<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
	      "xmlns:s='http://purl.org/rss/1.0/' "
	      "xmlns:title='http://x/'><s:item r:about='u'><s:title>a</s:title><title:title>"
	      "b</title:title></s:item></r:RDF>"),
	  STR("rss1.0\ni=u t=a\n") },
	{ "a prefix declared where it is used",
	  STR("<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>i</id><d:subject "
	      "xmlns:d='http://purl.org/dc/elements/1.1/'>s</d:subject></entry></feed>"),
	  STR("atom1.0\ni=i #s\n") },
}, malformed[] = { /* read by the liberal tokenizer; "malformed" is told */
	{ "tags never closed",
	  STR("<rss version='2.0'><channel><title>T<item><title>a<link>http://e/1<item><title>"
	      "b</title><link>http://e/2</channel>"),
	  STR("rss2.0 T=T\ni=http://e/1 l=http://e/1 t=a\ni=http://e/2 l=http://e/2 t=b\n") },
	{ "bare ampersands and angle brackets",
	  STR("<rss version='2.0'><channel><item><title>AT&T 1 < 2 <3</title><link>"
	      "http://e/?a=1&b=2&copy=3</link></item>"
	      "</channel></rss>"),
	  STR("rss2.0\ni=http://e/?a=1&b=2&copy=3 l=http://e/?a=1&b=2&copy=3 t=AT&T 1 < 2 <3\n") },
	{ "HTML's entities",
	  STR("<rss version='2.0'><channel><item><guid>g</guid><title>"
	      "a&nbsp;&eacute;&#X41;&nosuch;</title></item></channel></rss>"),
	  STR("rss2.0\ni=g t=a éA&nosuch;\n") },
	{ "entities as HTML 4.01 has them",
	  STR("<rss version='2.0'><channel><item><guid>g</guid><title>&lang;a&rang;</title>"
	      "</item></channel></rss>"),
	  STR("rss2.0\ni=g t=\xe2\x8c\xa9"
	      "a\xe2\x8c\xaa\n") },
	{ "prefixes never declared",
	  STR("<rss version='2.0'><channel><item><guid>g</guid><dc:creator>N</dc:creator><x:y>"
	      "z</x:y></item></channel></rss>"),
	  STR("rss2.0\ni=g a=N\n") },
	{ "junk before",
	  STR("<br />\n<b>Warning</b>: x in <b>y</b>\n<?xml version='1.0'?><rss version='2.0'>"
	      "<channel><item><guid>g</guid></item>"
	      "</channel></rss>"),
	  STR("rss2.0\ni=g\n") },
	{ "junk behind", STR("<rss version='2.0'><channel><item><guid>g</guid></item></channel>"
		"</rss>\n<!-- 0.1s --> bye"),
	  STR("rss2.0\ni=g\n") },
	{ "control characters", STR("<rss version='2.0'><channel><item><guid>g</guid><title>"
		"a\x01\x0b" "b</title></item></channel></rss>"),
	  STR("rss2.0\ni=g t=ab\n") },
	{ "end tags that do not match",
	  STR("<rss version='2.0'><channel><item><guid>g</GUID><title>a</titel></title>"
	      "<description><b>x</i></description></item>"
	      "</channel></rss>"),
	  STR("rss2.0\ni=g t=a h=<b>x</b>\n") },
	{ "cut off inside the second",
	  STR("<rss version='2.0'><channel><item><guid>g</guid></item><item><guid>h</guid><title>"
	      "x</title>"
	      "<link>http://e/1</li"),
	  STR("rss2.0\ni=g\ni=h t=x\n") },
	{ "cut off before it says which entry it is",
	  STR("<rss version='2.0'><channel><item><guid>g</guid></item><item><title>x</ti"),
	  STR("rss2.0\ni=g\n") },
	{ "CDATA never closed", STR("<rss version='2.0'><channel><item><guid>g</guid><description>"
		"<![CDATA[x</description></item>"),
	  STR("rss2.0\ni=g h=x\n") },
	{ "attributes without quotes, twice, cut off",
	  STR("<rss version=2.0><channel><item><guid>g</guid><enclosure url=http://e/a "
	      "url=http://e/b /></item></channel></rss>"),
	  STR("rss2.0\ni=g @http://e/a\n") },
	{ "an error behind two entries does not give them twice",
	  STR("<rss version='2.0'><channel><item><guid>a</guid></item><item><guid>b</guid></item>"
	      "<item><guid>c</guid>"
	      "<title>x & y</title></item></channel></rss>"),
	  STR("rss2.0\ni=a\ni=b\ni=c t=x & y\n") },
	{ "an entry in an entry ends it",
	  STR("<rss version='2.0'><channel><item><guid>a</guid><item><guid>b</guid></item></item>"
	      "</channel></rss>"),
	  STR("rss2.0\ni=a\ni=b\n") },
	{ "an address in pointed brackets is no tag",
	  STR("<rss version='2.0'><channel><item><guid>g</guid><author>Bob <bob@e.org></author>"
	      "</item></channel></rss>"),
	  STR("rss2.0\ni=g a=Bob\n") },
}, json[] = {
	{ "JSON Feed 1.1",
	  STR("{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\","
	      "\"items\":[{\"id\":1,\"url\":\"http://e/1\","
	      "\"title\":\"a\\u00e9\\ud83d\\ude00\",\"content_html\":\"<p>\","
	      "\"content_text\":\"x\",\"summary\":\"s\","
	      "\"date_published\":\"2023-01-23T10:04:06+08:00\",\"authors\":[{\"name\":\"N\"}],"
	      "\"tags\":[\"t\",2],"
	      "\"attachments\":[{\"url\":\"http://e/m\",\"size_in_bytes\":7,"
	      "\"duration_in_seconds\":1.5}]}]}"),
	  STR("json1.1 T=T\ni=1 l=http://e/1 t=aé😀 h=<p> x=x s=s p=2023-01-23T02:04:06Z a=N #t #2 "
	      "@http://e/m 7 1s\n") },
	{ "members in another order, items first",
	  STR("{\"items\":[{\"id\":\"i\"}],\"title\":\"T\",\"version\":\"https://jsonfeed.org/vers"
	      "ion/1\"}"),
	  STR("json1.0 T=T\ni=i\n") },
	{ "every value of the wrong type",
	  STR("{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":{\"a\":[1]},"
	      "\"authors\":7,\"hubs\":{},\"items\":["
	      "{\"id\":\"i\",\"url\":[],\"title\":true,\"tags\":{},\"attachments\":\"x\","
	      "\"date_published\":5}]}"),
	  STR("json1.1\ni=i\n") },
	{ "cut off",
	  STR("{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{\"id\":\"a\"},"
	      "{\"id\":\"b\",\"title\":\"x"),
	  STR("json1.1\ni=a\n") },
	{ "an array that ends with a brace (found by fuzzing)",
	  STR("{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{\"id\":\"a\"}}, "
	      "{\"id\":\"b\"}]}"),
	  STR("json1.1\ni=a\ni=b\n") },
	{ "half a surrogate",
	  STR("{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{\"id\":\"a\","
	      "\"title\":\"x\\ud800y\\uZ\"}]}"),
	  STR("json1.1\ni=a t=x\uFFFDy\uFFFDZ\n") },
}, refused[] = {
	{ "empty", STR(""), STR("no feed: it is empty") },
	{ "white space", STR(" \n"), STR("no feed: there is only white space") },
	{ "gzip", STR("\x1f\x8b\x08\0"), STR("no feed: it is a gzip stream") },
	{ "a page",
	  STR("<!DOCTYPE html><html><head><title>P &amp; Q</title><link rel=alternate "
	      "type='application/rss+xml' href='/f'>"),
	  STR("no feed: it is a page (\"P & Q\") that names the feed http://b/f") },
	{ "other XML", STR("<?xml version='1.0'?><opml><body/></opml>"),
	  STR("no feed: it is markup that begins with <opml>") },
	{ "half a declaration", STR("<?xml version='1."), STR("no feed: it is XML without an "
		"element") },
	{ "JSON", STR("{\"a\":1}"), STR("no feed: it is JSON, but not a JSON Feed") },
	{ "text", STR("Internal Server Error"), STR("no feed: it is text that begins \"Internal "
		"Server Error\"") },
};

/* clang-format on */

static void add(struct buf *b, const char *front, struct str s)
{
	if (!s.len)
		return;
	if (b->len && b->ptr[b->len - 1] != '\n')
		buf_add_ch(b, ' ');
	buf_add_cstr(b, front);
	buf_add(b, s);
}

static void add_time(struct buf *b, const char *front, int64_t ms)
{
	if (ms == TIME_UNSTATED)
		return;
	add(b, front, S("x"));
	b->len--;
	buf_add_rfc3339(b, ms, 0);
}

static void render_people(struct buf *b, const struct people *people)
{
	for (size_t i = 0; i < people->count; i++) {
		add(b, "a=", people->items[i].name);
		if (people->items[i].url.len)
			buf_addf(b, "(%.*s)", STR_FMT(people->items[i].url));
	}
}

static void render_entry(struct buf *b, const struct entry *e)
{
	add(b, "i=", e->id);
	add(b, "l=", e->link);
	add(b, "t=", e->title);
	add(b, "h=", e->content_html);
	add(b, "x=", e->content_text);
	add(b, "s=", e->summary);
	add_time(b, "p=", e->published);
	add_time(b, "m=", e->modified);
	render_people(b, &e->authors);
	for (size_t i = 0; i < e->tags.count; i++)
		add(b, "#", e->tags.items[i]);
	for (size_t i = 0; i < e->attachments.count; i++) {
		const struct attachment *att = &e->attachments.items[i];

		add(b, "@", att->url);
		add(b, "", att->mime_type);
		if (att->size_bytes >= 0)
			buf_addf(b, " %d", (int)att->size_bytes);
		if (att->duration_seconds >= 0)
			buf_addf(b, " %ds", (int)att->duration_seconds);
	}
	add(b, "I=", e->image);
	add(b, "L=", e->language);
	buf_add_ch(b, '\n');
}

static void render_info(struct buf *b, const struct feed_info *info)
{
	buf_add_cstr(b, info->format);
	add(b, "T=", info->title);
	add(b, "H=", info->home_page_url);
	add(b, "F=", info->feed_url);
	add(b, "D=", info->description);
	add(b, "L=", info->language);
	for (size_t i = 0; i < info->hubs.count; i++)
		add(b, "hub=", info->hubs.items[i]);
	buf_add_ch(b, '\n');
}

static struct str read_feed(struct arena *a, struct str in, bool liberal, bool *malformed_out)
{
	struct feed_options opt = { 0 };
	struct buf head, entries;
	struct feed *f;
	struct entry e;
	struct err err;

	if (feed_open(in, &opt, &f, &err) < 0)
		return arena_strf(a, "error: %s", err.msg);
	f->liberal = liberal && !f->json;
	buf_init(&head, 10 << 20);
	buf_init(&entries, 10 << 20);
	while (feed_next(f, a, &e, &err) > 0)
		render_entry(&entries, &e);
	render_info(&head, feed_info(f));
	buf_add(&head, buf_str(&entries));
	*malformed_out = feed_info(f)->malformed;
	struct str out = arena_str(a, buf_str(&head));
	buf_fini(&head);
	buf_fini(&entries);
	feed_close(&f);
	return out;
}

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* The fall from expat to the liberal tokenizer, in the middle of a long feed of many slices. */
static void check_takeover(struct arena *a)
{
	struct buf in;
	bool bad;
	size_t entries = 0;

	buf_init(&in, 10 << 20);
	buf_add_cstr(&in, "<rss version='2.0'><channel><title>t</title>");
	for (int i = 0; i < 3000; i++)
		buf_addf(&in,
			 "<item><guid>g%d</guid><title>%s %d</title><description>"
			 "%0100d</description></item>\n",
			 i, i == 2000 ? "a & b" : "中文", i, i);
	buf_add_cstr(&in, "</channel></rss>");
	struct str out = read_feed(a, buf_str(&in), false, &bad);
	CHECK(bad);
	for (size_t at = 0; (at = str_find(out, S("\ni=g"))) != STR_NONE;
	     out = str_from(out, at + 1))
		entries++;
	CHECK_I64("every entry once", (int64_t)entries, 3000);
	buf_fini(&in);
}

/* An element's name that is cut is cut between characters (found by fuzzing). */
static void check_long_name(struct arena *a)
{
	struct buf in;
	bool bad;

	buf_init(&in, 10000);
	buf_add_cstr(&in, "<rss version='2.0'><channel><item><guid>g</guid><description>x<a");
	for (int i = 0; i < 100; i++)
		buf_add_cstr(&in, "中");
	buf_add_cstr(&in, ">y</description></item></channel></rss>");
	CHECK(utf8_valid(read_feed(a, buf_str(&in), false, &bad)));
	buf_fini(&in);
}

/* Bytes that are GBK from the middle on, though the beginning was ASCII and the label is UTF-8. */
static void check_late_encoding(struct arena *a)
{
	struct buf in;
	bool bad;

	buf_init(&in, 10 << 20);
	buf_add_cstr(&in, "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>"
			  "<title>t</title>");
	for (int i = 0; i < 1000; i++)
		buf_addf(&in, "<item><guid>g%d</guid><title>%0100d</title></item>\n", i, i);
	buf_add_cstr(&in, "<item><guid>last</guid><title>\xca\xd0\xd5\xfe\xb8\xae\xb9\xab\xb2\xbc"
			  "\xd7\xee\xd0\xc2"
			  "\xcd\xb3\xbc\xc6\xd7\xca\xc1\xcf</title></item></channel></rss>");
	struct str out = read_feed(a, buf_str(&in), false, &bad);
	CHECK(str_has_suffix(out, S("i=last t=市政府公布最新统计资料\n")));
	buf_fini(&in);
}

int main(void)
{
	struct arena a;
	struct err err;
	bool bad;

	arena_init(&a);
	for (size_t i = 0; i < COUNT(cases); i++) {
		CHECK_STR(cases[i].why, read_feed(&a, cases[i].in, false, &bad), cases[i].want);
		CHECK_STR(cases[i].why, bad ? S("malformed") : S(""), S(""));
		/* the liberal tokenizer must read what is well-formed as expat does */
		CHECK_STR(cases[i].why, read_feed(&a, cases[i].in, true, &bad), cases[i].want);
	}
	for (size_t i = 0; i < COUNT(malformed); i++) {
		CHECK_STR(malformed[i].why, read_feed(&a, malformed[i].in, false, &bad),
			  malformed[i].want);
		CHECK(bad);
	}
	for (size_t i = 0; i < COUNT(json); i++)
		CHECK_STR(json[i].why, read_feed(&a, json[i].in, false, &bad), json[i].want);
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct feed_options opt = { .base = STR("http://b/") };
		struct feed *f;

		CHECK(feed_open(refused[i].in, &opt, &f, &err) == ERR_INPUT && !f);
		CHECK_STR(refused[i].why, str_of(err.msg), refused[i].want);
	}
	/* cut anywhere, a feed is read or refused, and gives no more than it has */
	for (size_t i = 0; i < COUNT(cases); i++)
		for (size_t n = 0; n < cases[i].in.len; n += 3)
			read_feed(&a, str_sub(cases[i].in, 0, n), false, &bad);
	check_takeover(&a);
	check_late_encoding(&a);
	check_long_name(&a);
	arena_fini(&a);
	return check_done();
}
