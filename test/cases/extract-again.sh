#!/bin/sh
# extract --again: what an older extractor left in the text goes, from the captures that are kept, as no edit of the
# publisher's; a second time nothing changes; what cannot be read stays.
. "$ROOT/test/lib.sh"
DIBAO_NOW=1767322985000
export DIBAO_NOW

mkdir site site/_posts
cat >site/_posts/2023-01-23-ferry.md <<-'END'
	---
	layout: post
	title: "渡輪停航三天"
	date: 2023-01-23T10:04:06.000Z
	author: 海風社
	from: https://haifeng.example/1
	tags: [ 海風社 ]
	categories: [ 海風社 ]
	---
	<!--1674468246000-->
	[渡輪停航三天](https://haifeng.example/1)
	------

	<div>
	<p>（海風社東港23日電）渡輪公司今天宣布，因為強風，明天起停航三天，請旅客改搭其他班次。</p><p>公司表示，票款全額退還，退票辦法在網站上公布，也可以到各地的票口辦理。</p>
	</div>
END
run 0 "$DIBAO" init m
run 0 "$DIBAO" -C m import jekyll site
run 0 "$DIBAO" -C m list --json
cp out before
key=$(python3 -c 'import json; print(json.load(open("out"))["items"][0]["id"])')

# As an extractor might have left it that took the furniture in.
python3 - <<'END'
import sqlite3
db = sqlite3.connect("m/archive.db")
db.execute("UPDATE revisions SET text = text || '\n\n熱門新聞', html = html || '<p>熱門新聞</p>'")
db.commit()
END
run 0 "$DIBAO" -C m show "$key"
says 熱門新聞
run 0 "$DIBAO" -C m extract --again
says "1 articles read again: 1 changed, 0 failed"
run 0 "$DIBAO" -C m list --json
cmp out before || fail "the article is not what it was"
run 0 "$DIBAO" -C m show --revisions --json "$key"
grep -q '"revision": 2' out && fail "our own change became a revision"
run 0 "$DIBAO" -C m extract --again
says "1 articles read again: 0 changed, 0 failed"
run 0 "$DIBAO" -C m verify

run 1 "$DIBAO" -C m extract --again nobody
told "no source nobody"
run 1 "$DIBAO" -C none extract --again
told none
