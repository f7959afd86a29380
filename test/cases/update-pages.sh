# A feed of teasers: each page once; what stands in place of an article never replaces it.
. "$ROOT/test/lib.sh"

origin_start
mirror
follow t /t.xml
rss 'Teasers' "$(teaser 1)" "$(teaser 2)" "$(teaser 3)" "$(teaser 4)" "$(teaser 5)" >www/t.xml
page 1 >www/1.html
page 2 >www/2-moved.html
printf 'status 302\nheader Location: /2-moved.html\n' >www/2.html.script
printf 'status 404\n' >www/3.html.script
printf 'status 503\n---\n' >www/4.html.script
page 4 >www/4.html
printf '<html><head><title>Before you continue</title></head><body><h1>We value your privacy</h1><p>We and our partners use cookies and similar technologies to store and access information on your device, to show personalised advertising and to measure audiences. You can change your choice at any time.</p><p>By choosing "Accept all" you agree to that use. Read our cookie policy and our privacy policy.</p><button>Accept all</button><button>Reject all</button></body></html>' >www/5.html
run 0 "$DIBAO" -C m update
says "5 new articles"
for n in 1 2 3 4 5; do
	was_asked /$n.html 1
done
text() {
	run 0 "$DIBAO" -C m show --json "$ORIGIN/$1"
	json "$2"
}
text 1.html '"Sentence One of page 1" in j["content_text"] and "the end of 1" in j["content_text"] and "Copyright" not in j["content_text"]'
text 2.html '"page 2" in j["content_text"]'
text 2-moved.html '"page 2" in j["content_text"]'
text 3.html '"A hint of 3" in j["content_text"]'
text 4.html '"A hint of 4" in j["content_text"]'
text 5.html '"A hint of 5" in j["content_text"] and "privacy" not in j["content_text"]'
run 0 "$DIBAO" -C m status
says "3 of 5 pages"

# Only what may have passed is asked again.
run 0 "$DIBAO" -C m update --now
for n in 1 2 3 5; do
	was_asked /$n.html 1
done
was_asked /4.html 2
text 4.html '"page 4" in j["content_text"]'
run 0 "$DIBAO" -C m update --now
was_asked /4.html 2

# Two sources with one address: one article, one request.
follow u /u.xml
follow v /v.xml
rss 'U' "$(teaser 6)" >www/u.xml
rss 'V' "$(teaser 6)" >www/v.xml
page 6 >www/6.html
run 0 "$DIBAO" -C m update
says "1 new article"
was_asked /6.html 1
run 0 "$DIBAO" -C m list --source v
grep -q 'Story 6' out || fail "the second source does not carry it"
run 0 "$DIBAO" -C m verify

# A new title in the feed is an edit, also where the text is the page's; the same title again is none.
rss 'Teasers' "$(teaser 1 | sed 's/Story 1/Story 1, corrected/')" >www/t.xml
run 0 "$DIBAO" -C m update --now
says "1 edited"
text 1.html 'j["title"] == "Story 1, corrected" and "the end of 1" in j["content_text"] and j["_dibao"]["revision"] == 2'
rss 'Teasers' "$(teaser 1 | sed 's/Story 1/Story 1, corrected/')" "$(teaser 2)" >www/t.xml
run 0 "$DIBAO" -C m update --now
says "0 edited"
