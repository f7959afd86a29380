#!/bin/sh
# What status says of a source that fell silent, of one whose texts fell short, and of one that does as usual.
. "$ROOT/test/lib.sh"

at() { # DAYS since 2026-01-01T12:00:00Z
	DIBAO_NOW=$((1767268800000 + $1 * 86400000))
	export DIBAO_NOW
}
entry() { # NAME DAY TEXT
	printf '<item><title>%s of %s</title><link>@ORIGIN@/%s/%s</link><pubDate>%s</pubDate><description>A hint.</description><content:encoded><![CDATA[<p>%s</p>]]></content:encoded></item>' \
		"$1" "$2" "$1" "$2" "$(($2 + 1)) Jan 2026 08:00:00 GMT" "$3"
}
source_of() { # KEY EXPRESSION over its status as s
	run "${3:-0}" "$DIBAO" -C m status --json "$1"
	json "[$2 for s in j] == [True]"
}

origin_start
mirror
for key in usual silent short; do
	follow "$key" "/$key.xml" 'full_text = false' 'look_again = false'
done
at 0
run 0 "$DIBAO" -C m status
says "not fetched yet"

# Three weeks, two articles a day.
long=$(prose long)
for day in $(seq 0 20); do
	for key in usual silent short; do
		rss "$key" "$(entry "$key-a" "$day" "$long")" "$(entry "$key-b" "$day" "$long")" >"www/$key.xml"
	done
	at "$day"
	run 0 "$DIBAO" -C m update --now
done
for key in usual silent short; do
	source_of "$key" "s['health'] == 'ok' and s['articles_a_day'] == 2 and s['week']['new'] == 14 and s['short_texts'] == 0"
done

# Then one falls silent; another gives a line where there was an article.
for day in $(seq 21 25); do
	rss usual "$(entry usual-a "$day" "$long")" "$(entry usual-b "$day" "$long")" >www/usual.xml
	rss short "$(entry short-a "$day" "Read on.")" "$(entry short-b "$day" "Read on.")" >www/short.xml
	at "$day"
	run 0 "$DIBAO" -C m update --now
done
source_of usual "s['health'] == 'ok' and 'silent_for_s' not in s"
source_of silent "s['health'] == 'silent' and s['silent_for_s'] // 86400 == 5 and s['week']['new'] == 4"
source_of short "s['health'] == 'short' and s['short_texts'] == 10 and s['usual_characters'] > 700"
run 0 "$DIBAO" -C m status
grep -q '^usual  *ok  *12:00  *14 new  *0 changed  *0 failed  usually 2 a day  *next at ' out || fail "not a line of the usual: $(cat out)"
grep -q '^silent  *silent  *12:00  *4 new .* usually 2 a day  *silent for 5 d; next at ' out || fail "not of the silent: $(cat out)"
says "10 of the last 16 texts are far below the usual"
run 0 "$DIBAO" -C m status --failing
[ "$(wc -l <out)" -eq 2 ] || fail "not the two that somebody should look at"

# What nobody asked is not silent, but due; what fails says so, and nothing else.
at 40
run 0 "$DIBAO" -C m status usual
says "due since 2026-01-26"
rm www/silent.xml
run 3 "$DIBAO" -C m update --now
source_of silent "s['health'] == 'failing' and s['week']['failed'] == 1" 3
run 3 "$DIBAO" -C m status --failing silent
says "404 from 127.0.0.1, again at"
grep -q 'silent for' out && fail "two reasons"
exit 0
