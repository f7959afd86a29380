#!/bin/sh
# An entry that leaves its feed while older ones stay is looked at at once, and once; what leaves at the old end is not, and
# neither is what a feed of another kind lets go.
. "$ROOT/test/lib.sh"

at() { # MINUTES since 2026-01-02T12:00:00Z
	DIBAO_NOW=$((1767355200000 + $1 * 60000))
	export DIBAO_NOW
}
feed() { # N...: teasers of those numbers; the higher the newer
	items=
	for n in "$@"; do items="$(teaser "$n")$items"; done
	rss W "$items" >www/w.xml
	run 0 "$DIBAO" -C m update --now
}

at 0
origin_start
mirror
follow w /w.xml
for n in 1 2 3 4 5 6 7 8; do page "$n" >"www/$n.html"; done
feed 1 2 3 4 5 6 7
says "7 new"

# The oldest go, a new one comes: nothing to look at.
at 30
feed 3 4 5 6 7 8
for n in 1 2 3 4 5 6 7 8; do was_asked "/$n.html" 1; done

# One of the newest goes, and its page with it: marked a day later.
at 40
rm www/7.html
feed 3 4 5 6 8
was_asked /7.html 2
was_asked /3.html 1
at 50
feed 3 4 5 6 8
echo >>www/w.xml
at 60
run 0 "$DIBAO" -C m update --now
was_asked /7.html 2
at 1500
run 0 "$DIBAO" -C m update
run 0 "$DIBAO" -C m show --json "$ORIGIN/7.html"
json "j['_dibao'].get('gone') == '2026-01-02T12:40:00Z'"
run 0 "$DIBAO" -C m verify
