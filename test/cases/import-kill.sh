#!/bin/sh
# Killed at any instant, an import loses nothing that it had reported, goes on where it was, and has no article twice.
. "$ROOT/test/lib.sh"
command -v python3 >/dev/null || skip "no python3 here"

python3 - <<-'END'
	import os
	os.makedirs("site/_posts")
	for n in range(1500):
	    day = 1 + n % 28
	    text = "".join("<p>第%d段，說的是第%d件事，每一段都有足夠的文字。</p>" % (k, n * 7 + k) for k in range(20))
	    with open("site/_posts/2024-02-%02d-p%d.md" % (day, n), "w", encoding="utf-8") as f:
	        f.write("---\ntitle: 第%d篇\ndate: 2024-02-%02dT0%d:00:00Z\nfrom: https://a.example/%d\n---\n%s\n" % (n, day, n % 10, n, text))
END
run 0 "$DIBAO" init m
for tenths in 1 2 3 4 6 8 10 12 15 20 30; do
	"$DIBAO" -C m import site >/dev/null 2>&1 &
	import=$!
	sleep "$((tenths / 10)).$((tenths % 10))"
	kill -9 "$import" 2>/dev/null || break # it has come to its end by itself
	wait "$import" 2>/dev/null || :
	run 0 "$DIBAO" -C m verify
	echo "killed after $tenths tenths of a second: $("$DIBAO" -C m list --limit 0 | wc -l) articles"
done
run 0 "$DIBAO" -C m import --json site
json 'j["files"] == 1500 and j["articles_new"] + j["known"] == 1500 and j["duplicates"] == 0 and j["articles_revised"] == 0'
run 0 "$DIBAO" -C m verify
run 0 "$DIBAO" -C m list --limit 0
[ "$(wc -l <out)" -eq 1500 ] || fail "not 1500 articles"
run 0 "$DIBAO" -C m export jekyll --original --out back
diff -r site back >/dev/null || fail "a file came back changed"
