#!/bin/sh
# search: the query language, for eyes and for programs.
. "$ROOT/test/lib.sh"
DIBAO_NOW=2026-01-02T03:04:05Z
export DIBAO_NOW

post() { # DAY TITLE TEXT
	printf -- '---\ntitle: "%s"\ndate: 2025-12-%sT16:30:00Z\nauthor: 林海\nfrom: https://a.example/%s\ntags: [ 航運 ]\ncategories: [ 海風社 ]\n---\n<p>%s</p>\n' \
		"$2" "$1" "$1" "$3" >"site/_posts/2025-12-$1-p.md"
}
mkdir -p site/_posts
post 01 '北約秘書長訪台' '北約與俄羅斯談人工智能的事情，貓在窗邊看著<b>escape</b>與 &lt;b&gt; 符號。'
post 02 '渡輪停航' '風浪太大，人工挖掘的智能碼頭也停了。北约的船没有来。'
post 03 'Machine learning' 'The machine is learning &lt;img src=x&gt; COVID-19 again.'
run 0 "$DIBAO" init m
run 0 "$DIBAO" -C m import site

found() { # WANT QUERY...: the last two digits of the addresses found, in order
	wanted=$1
	shift
	run 0 "$DIBAO" -C m search --json "$@"
	got=$(python3 -c 'import json; print(" ".join(i["url"][-2:] for i in json.load(open("out"))["items"]))')
	[ "$got" = "$wanted" ] || fail "search $*: found \"$got\", not \"$wanted\""
}
found '01 02' 北约
found '01 02' 北約
found '01' 人工智能
found '01' '北約 俄羅斯'
found '01' 北約 俄羅斯
found '02' '北約 -俄羅斯'
found '01' 貓
found '03' '"machine learning"'
found '03' ＣＯＶＩＤ-１９
found '03 02 01' tag:航運
found '03 02' 'tag:航運 from:2025-12-02'
found '02 01' tag:航運 --to 2025-12-02
found '01' --limit 1 北約
found '02' --limit 1 --offset 1 北約
found '' 沒有這個詞

run 0 "$DIBAO" -C m search --json 北約
json 'j["version"] == "https://jsonfeed.org/version/1.1" and j["_dibao"]["total"] == 2'
json 'j["items"][0]["_dibao"]["path"].endswith(".html")'
json '"<mark>北約</mark>" in j["items"][0]["_dibao"]["snippet_html"]'
run 0 "$DIBAO" -C m search --json machine
json '"&lt;img src=x&gt;" in j["items"][0]["_dibao"]["snippet_html"]'
run 0 "$DIBAO" -C m search 北約
says 北約秘書長訪台
run 0 "$DIBAO" -C m search 沒有這個詞
[ ! -s out ] || fail "nothing found prints nothing"

run 2 "$DIBAO" -C m search
told "what is to be searched for?"
run 2 "$DIBAO" -C m search '"open'
told "a quotation mark is not closed"
run 2 "$DIBAO" -C m search 'from:2025-02-30 x'
told "is no date"
run 2 "$DIBAO" -C m search -- -貓
told "nothing to look for"
run 2 "$DIBAO" -C m search '。'
told "nothing to look for"
run 2 "$DIBAO" -C m search --limit x 貓
told "--limit takes a whole number"
run 1 "$DIBAO" -C nowhere search 貓
told "nowhere"
