#!/bin/sh
# diff: what an edit changed, in a terminal's words, as HTML and as JSON.
. "$ROOT/test/lib.sh"

at() { # HOURS after publication
	DIBAO_NOW=$((1672567200000 + $1 * 3600000)) # 2023-01-01T10:00:00Z
	export DIBAO_NOW
}
item() {
	printf '<item><title>%s</title><link>%s/%s.html</link><pubDate>Sun, 01 Jan 2023 10:00:00 GMT</pubDate><description>A hint.</description></item>' \
		"$2" "$ORIGIN" "$1"
}
story() { # NAME TITLE NUMBER SENTENCE
	cat >"www/$1.html" <<-END
		<html><head><title>$2</title></head><body><article><h1>$2</h1>
		<p>A ferry to the island with $3 people on board lost its engine on Monday night, the coast guard said. $4</p>
		<p>轮船在离岸五公里处停下，船上的人等待了三个小时，拖船才在半夜到达，没有人受伤。</p>
		<p>The company that runs the line has two more ships of the same age and says that both will be looked at.</p>
		<p>Passengers with tickets can have their money back at any office, or travel on another day of the month.</p>
		<p>A bus takes its place on the mainland side, every half an hour from six in the morning until late.</p></article>
		</body></html>
	END
}

at 0
origin_start
mirror
follow t /t.xml
rss 'Ferries' "$(item 1 'Ferry adrift')" >www/t.xml
story 1 "Ferry adrift" 12 "All are well."
run 0 "$DIBAO" -C m update
says "1 new article"
run 0 "$DIBAO" -C m diff "$ORIGIN/1.html"
[ ! -s out ] || fail "one revision, and something changed"
told "one revision"

at 1
story 1 "Ferry adrift off island" 14 "All are well. <b>A \"tug\" is there.</b>"
run 0 "$DIBAO" -C m update --now
run 0 "$DIBAO" -C m diff "$ORIGIN/1.html"
says "with [-12-]{+14+} people"
says "{+ A \"tug\" is there.+}"
says "- revision 1, seen"
says "3 paragraphs without a change"
run 0 "$DIBAO" -C m diff --all "$ORIGIN/1.html"
says "every half an hour"
run 0 "$DIBAO" -C m diff --html "$ORIGIN/1.html" 1 2
says "<h1>Ferry adrift"
says "with <del>12</del><ins>14</ins> people"
says "&quot;tug&quot;"
run 0 "$DIBAO" -C m diff --json "$ORIGIN/1.html" 1
json 'j["before"]["revision"] == 1 and j["after"]["revision"] == 2'
json '{"deleted": "12"} in j["text"] and {"inserted": "14"} in j["text"]'
json '"".join(s.get("same", s.get("inserted", "")) for s in j["title"]) .startswith("Ferry adrift")'
run 0 "$DIBAO" -C m diff "$ORIGIN/1.html" 2 2
told "nothing changed"

run 1 "$DIBAO" -C m diff "$ORIGIN/1.html" 1 7
told "there is no revision 7: the last is 2"
run 1 "$DIBAO" -C m diff "$ORIGIN/1.html" x
told "no revision"
run 1 "$DIBAO" -C m diff "$ORIGIN/none.html"
run 2 "$DIBAO" -C m diff
run 2 "$DIBAO" -C m diff --html --json "$ORIGIN/1.html"
