# A feed with full text: every entry once, nothing asked twice that did not change, an edit is a revision.
. "$ROOT/test/lib.sh"

origin_start
mirror
follow a /a.xml
rss 'The A' "$(item 1)" "$(item 2)" "$(item 3)" >www/a.xml
run 0 "$DIBAO" -C m update
says "3 new articles"
was_asked /robots.txt 1
was_asked /a.xml 1
was_asked /1.html 0
run 0 "$DIBAO" -C m list
[ "$(wc -l <out)" -eq 3 ] || fail "not three articles"
run 0 "$DIBAO" -C m show --json "$ORIGIN/2.html"
json 'j["title"] == "Story 2" and j["content_text"].startswith("Sentence One of 2") and j["date_published"] == "2026-01-01T02:00:00Z"'

# Not due: not asked. --now: asked, with the validator.
run 0 "$DIBAO" -C m update
was_asked /a.xml 1
run 0 "$DIBAO" -C m update --now
says "1 unchanged"
was_asked /a.xml 2
[ "$(asked /a.xml 'If-None-Match: "')" -eq 1 ] || fail "the validator was not sent"

# A clock that was a year ahead does not silence a source for a year.
run 0 env DIBAO_NOW="$(($(date +%s) + 31536000))000" "$DIBAO" -C m update
was_asked /a.xml 3
run 0 "$DIBAO" -C m update
was_asked /a.xml 4

# Without validators equal bytes are still nothing new.
echo plain >www/a.xml.script
run 0 "$DIBAO" -C m update --now
says "1 unchanged"

# One edit, one new entry; the same text in other white space is no edit.
{
	rss 'The A' "$(item 4)" "$(item 1 "$(prose 'an edited 1')")" "$(item 2)" "$(item 3 "  $(prose 3)  ")"
} >www/a.xml
run 0 "$DIBAO" -C m update --now
says "1 new article, 1 edited"
run 0 "$DIBAO" -C m show --json "$ORIGIN/1.html"
json '"an edited 1" in j["content_text"]'
run 0 "$DIBAO" -C m update --now
says "0 new articles, 0 edited"

# A feed without entries takes nothing away.
rss 'The A' >www/a.xml
run 0 "$DIBAO" -C m update --now
run 0 "$DIBAO" -C m list
[ "$(wc -l <out)" -eq 4 ] || fail "an empty feed changed the archive"

# One link for several stories: each is an article, and stays the same one; one story twice is one article.
follow b /b.xml
rss 'B' "$(item 5 "$(prose 5)" @ORIGIN@/news.html)" "$(item 6 "$(prose 6)" @ORIGIN@/news.html)" "$(item 7)" "$(item 7)" >www/b.xml
run 0 "$DIBAO" -C m update
says "3 new articles"
rss 'B' "$(item 8)" "$(item 6 "$(prose 6)" @ORIGIN@/news.html)" "$(item 5 "$(prose 5)" @ORIGIN@/news.html)" "$(item 7)" "$(item 7)" >www/b.xml
run 0 "$DIBAO" -C m update --now
says "1 new article, 0 edited"
run 0 "$DIBAO" -C m verify
