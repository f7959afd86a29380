# shellcheck shell=sh
# dibao feed prints JSON Feed 1.1, of what is broken too, and says what a file is that is no feed.
# What the reader makes of each format is in src/feed/feed_test.c.
. "$ROOT/test/lib.sh"

cat >rss.xml <<'END'
<?xml version="1.0"?>
<rss version="2.0"><channel><title>News &amp; more</title><link>https://e.org/</link><ttl>60</ttl>
<item><title>One</title><link>/1</link><pubDate>Mon, 23 Jan 2023 10:04:06 +0800</pubDate>
<description>&lt;p onclick=x&gt;a&lt;script&gt;b&lt;/script&gt; &lt;a href="/c"&gt;d&lt;/a&gt;</description>
<enclosure url="/a.mp3" type="audio/mpeg" length="7"/></item>
<item><title>Two</title></item></channel></rss>
END
run 0 "$DIBAO" feed --base https://e.org/feed rss.xml
json 'j["version"] == "https://jsonfeed.org/version/1.1" and j["title"] == "News & more"'
json 'len(j["items"]) == 2 and j["_dibao"]["ttl_s"] == 3600 and not j["_dibao"]["malformed"]'
json 'j["items"][0]["url"] == "https://e.org/1"'
json 'j["items"][0]["date_published"] == "2023-01-23T10:04:06+08:00"'
json 'j["items"][0]["content_html"] == "<p>a <a href=\"https://e.org/c\">d</a></p>"'
json 'j["items"][0]["attachments"] == [{"url": "https://e.org/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 7}]'
json 'j["items"][1]["content_text"] == "" and j["items"][1]["id"]'
run 0 "$DIBAO" feed - <rss.xml
run 0 "$DIBAO" feed --no-sanitize rss.xml
says '<script>'

# the same, cut off in the second item: the first is whole
head -c 380 rss.xml >cut.xml
run 0 "$DIBAO" feed cut.xml
json '[i["title"] for i in j["items"]] == ["One"] and j["_dibao"]["malformed"]'

# a label that is wrong
printf '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>\312\320\325\376\270\256\271\253\262\274\327\356\320\302</title></channel></rss>' >gbk.xml
run 0 "$DIBAO" feed gbk.xml
json 'j["title"] == "市政府公布最新" and j["_dibao"]["encoding"] == "gb18030"'

# what is no feed
printf '<!DOCTYPE html><title>P</title><link rel="alternate" type="application/atom+xml" href="/f">' >page.html
run 1 "$DIBAO" feed --base https://e.org/x page.html
told 'page.html: no feed: it is a page ("P") that names the feed https://e.org/f'
: >empty
run 1 "$DIBAO" feed empty
told 'empty: no feed: it is empty'
printf '\037\213\010' >x.gz
run 1 "$DIBAO" feed x.gz
told 'no feed: it is a gzip stream'
run 1 "$DIBAO" feed nowhere.xml
told 'nowhere.xml'
run 2 "$DIBAO" feed

# no other file is read
echo 'root:x:secret' >secret
printf '<!DOCTYPE rss [<!ENTITY x SYSTEM "file://%s/secret">]><rss version="2.0"><channel><title>a&x;b</title></channel></rss>' "$PWD" >xxe.xml
run 0 "$DIBAO" feed xxe.xml
! grep -q secret out || fail "an external entity was read"
