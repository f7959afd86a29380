#!/bin/sh
# list and show, for eyes and for programs.
. "$ROOT/test/lib.sh"
DIBAO_NOW=2026-01-02T03:04:05Z
export DIBAO_NOW

mkdir -p site/_posts
for day in 01 02 03; do
	printf -- '---\ntitle: "第%s篇：渡輪"\ndate: 2025-12-%sT16:30:00Z\nauthor: 林海\nfrom: https://a.example/%s\ntags: [ 航運 ]\ncategories: [ 海風社 ]\n---\n<p>這是第%s篇文章的第一段，說的是渡輪。</p>\n<p>這是第二段，說的是風\033[31m。</p>\n' \
		"$day" "$day" "$day" "$day" >"site/_posts/2025-12-$day-p.md"
done
run 0 "$DIBAO" init m
sed -i 's/^#zone = .*/zone = "+08:00"/' m/dibao.conf
run 0 "$DIBAO" -C m import site

run 0 "$DIBAO" -C m list
[ "$(wc -l <out)" -eq 3 ] || fail "not three lines"
head -n 1 out | grep -q '^[a-z2-7]\{13\}  2025-12-04 00:30  海風社                第03篇：渡輪$' || {
	cat out
	fail "the newest first, in the mirror's zone, in columns"
}
run 0 "$DIBAO" -C m list --limit 1
[ "$(wc -l <out)" -eq 1 ] || fail "--limit"
told "dibao: the newest 1 (--limit)"
run 0 "$DIBAO" -C m list --limit 3
[ "$(wc -l <out)" -eq 3 ] && [ ! -s err ] || fail "a limit that all keep"
run 0 "$DIBAO" -C m list --from 2025-12-03 --to 2025-12-03
[ "$(wc -l <out)" -eq 1 ] || fail "a day is the mirror's day"
says "第02篇"
run 0 "$DIBAO" -C m list --to 2025-11
[ ! -s out ] || fail "a month before"
run 0 "$DIBAO" -C m list --from 2025 --to 2025-12
[ "$(wc -l <out)" -eq 3 ] || fail "year and month"
run 0 "$DIBAO" -C m list --tag 航運 --json
json 'j["version"] == "https://jsonfeed.org/version/1.1" and len(j["items"]) == 3'
json 'j["items"][0]["tags"] == ["航運"] and j["items"][0]["authors"] == [{"name": "林海"}]'
run 0 "$DIBAO" -C m list --tag none
[ ! -s out ] || fail "a tag nobody has"

run 0 "$DIBAO" -C m show https://a.example/01
says "第01篇：渡輪"
says "林海"
says "這是第01篇文章的第一段"
if grep -q "$(printf '\033')" out; then
	fail "an escape sequence reaches the terminal"
fi
run 0 "$DIBAO" -C m show --html https://a.example/01
says "<p>"
run 0 "$DIBAO" -C m show --json https://a.example/01
json 'j["url"] == "https://a.example/01" and j["content_text"].count("\n\n") == 1'
id=$("$DIBAO" -C m list --limit 1 | cut -c1-13)
run 0 "$DIBAO" -C m show "$id"
says "第03篇"
run 0 "$DIBAO" -C m show --revisions "$id"
[ "$(wc -l <out)" -eq 1 ] || fail "one revision"
run 2 "$DIBAO" -C m show --html --json "$id"
told "--html stands alone"

# The reader of a pipe that has gone is no failure.
"$DIBAO" -C m list 2>err | head -n 1 >/dev/null
[ ! -s err ] || fail "a closed pipe is told: $(cat err)"
