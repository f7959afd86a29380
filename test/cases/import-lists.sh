#!/bin/sh
# OPML and subs.json become sections of sources.conf, once; export opml gives them back.
. "$ROOT/test/lib.sh"

run 0 "$DIBAO" init m
cat >list.opml <<-'END'
	<?xml version="1.0" encoding="UTF-8"?>
	<opml version="2.0"><head><title>x</title></head><body>
	<outline text="Asia"><outline type="rss" text="One & only" xmlUrl="https://one.example/feed?a=1&amp;b=2" htmlUrl="https://one.example/"/></outline>
	<outline text="二號" xmlUrl="https://two.example/rss"/>
	</body></opml>
END
run 0 "$DIBAO" -C m import --dry-run list.opml
says "2 would be new"
run 0 "$DIBAO" -C m export opml
grep -q xmlUrl out && fail "--dry-run changed something"

run 0 "$DIBAO" -C m import list.opml
says "2 sources found, 2 new, 0 followed already"
run 0 "$DIBAO" -C m import opml list.opml
says "0 new, 2 followed already"
grep -q 'category = "Asia"' m/sources.conf || fail "the folder is no category"

echo '[{"site":"Three","url":"https://three.example/"},{"site":"again","url":"https://two.example/rss"}]' >subs.json
run 0 "$DIBAO" -C m import --json subs.json
json 'j == {"sources_found": 2, "sources_new": 1}'

run 0 "$DIBAO" -C m export opml
cp out first.opml
run 0 "$DIBAO" init n
run 0 "$DIBAO" -C n import - <first.opml
says "3 new"
run 0 "$DIBAO" -C n export opml
sed 's/<title>.*//' out >second.opml
sed 's/<title>.*//' first.opml | cmp - second.opml || fail "OPML out, in and out again differs"

cp m/sources.conf before
printf '<opml><body><outline text="a" xmlUrl="http://a.example/"/>' >cut.opml
run 1 "$DIBAO" -C m import cut.opml
told "cut.opml: not OPML: line 1"
echo '{"a": 1' >bad.json
run 1 "$DIBAO" -C m import bad.json
told "bad.json: not JSON: line"
echo 'hello' >nothing
run 1 "$DIBAO" -C m import nothing
told "neither OPML nor subs.json nor a Jekyll post"
run 1 "$DIBAO" -C m import missing
told "missing"
run 2 "$DIBAO" -C m import atom list.opml
told "no format atom"
run 2 "$DIBAO" -C m import
told "is named"
same m/sources.conf before
