#!/bin/sh
# Articles are looked at again on their schedule: an edit is a revision, a changed clock or list around it is none; gone
# is believed on the second look, a day later; what comes back is marked back; a dead host says nothing.
. "$ROOT/test/lib.sh"

at() { # HOURS after publication
	DIBAO_NOW=$((1672567200000 + $1 * 3600000)) # 2023-01-01T10:00:00Z
	export DIBAO_NOW
}
item() {
	printf '<item><title>Ferry %s</title><link>%s/%s.html</link><pubDate>Sun, 01 Jan 2023 10:00:00 GMT</pubDate><description>A hint.</description></item>' \
		"$1" "$ORIGIN" "$1"
}
story() { # NAME SENTENCE CLOCK
	cat >"www/$1.html" <<-END
		<html><head><title>Ferry $1</title></head><body><nav><a href="/">Home</a> <a href="/x">News at $3</a></nav>
		<article><h1>Ferry $1</h1><p>The ferry to the island number $1 will stop for three days, the company said on Monday. $2</p>
		<p>Passengers with tickets can have their money back at any office, or travel on another day of the month.</p>
		<p>A bus takes its place on the mainland side, every half an hour from six in the morning until late.</p></article>
		<aside><h2>Most read</h2><ul><li><a href="/a$3">The $3 o'clock news in short</a></li><li><a href="/b$3">Weather at $3</a></li></ul></aside>
		</body></html>
	END
}
gone() { # NAME: 0 there, 1 marked
	run 0 "$DIBAO" -C m show --json "$ORIGIN/$1.html"
	json "('gone' in j['_dibao']) == bool($2)"
}
revisions() { # NAME COUNT
	run 0 "$DIBAO" -C m show --json "$ORIGIN/$1.html"
	json "j['_dibao']['revision'] == $2"
}

at 0
origin_start
mirror
follow t /t.xml
rss 'Ferries' "$(item 1)" "$(item 2)" "$(item 3)" "$(item 4)" >www/t.xml
for n in 1 2 3 4; do
	story $n "Storms are the cause." 10
done
run 0 "$DIBAO" -C m update
says "4 new articles"

# Nothing is due yet.
run 0 "$DIBAO" -C m update --now
was_asked /1.html 1

# An hour later: one edited, one gone, one with another clock, one whose server fails.
at 1
story 1 "High seas are the cause." 11
rm www/2.html
story 3 "Storms are the cause." 11
printf 'status 503\n---\n' >www/4.html.script
run 0 "$DIBAO" -C m update --now
says "1 edited"
says "4 looked at again, 0 gone"
revisions 1 2
revisions 3 1
gone 2 0
gone 4 0
run 0 "$DIBAO" -C m show "$ORIGIN/1.html"
says "High seas are the cause."
run 0 "$DIBAO" -C m show --revisions --json "$ORIGIN/1.html"
says "Storms are the cause."

# A day later what was gone is believed to be; the text stays.
at 26
run 0 "$DIBAO" -C m update --now
says "1 gone"
gone 2 1
says "Storms are the cause."
gone 4 0
revisions 1 2

# It comes back.
at 80
story 2 "Storms are the cause." 12
run 0 "$DIBAO" -C m update --now
gone 2 0
revisions 2 1

# A new title in the feed and a new text on the page, found by one update, are one edit.
at 170
rss 'Ferries' "$(item 1)" "$(item 3 | sed 's|<title>Ferry 3|<title>No ferry 3|')" "$(item 4)" >www/t.xml
story 3 "The crew is the cause." 13
run 0 "$DIBAO" -C m update --now
says "1 edited"
revisions 3 2
run 0 "$DIBAO" -C m show "$ORIGIN/3.html"
says "No ferry 3"
says "The crew is the cause."

# A new title over a teaser sends for the page at once, though its look would not be due: one edit, not two.
at 171
rss 'Ferries' "$(item 1)" "$(item 3 | sed 's|<title>Ferry 3|<title>No ferry 3|')" "$(item 4 | sed 's|<title>Ferry 4|<title>Late ferry 4|')" >www/t.xml
rm www/4.html.script
story 4 "The tide is the cause." 14
run 0 "$DIBAO" -C m update --now
says "1 edited"
revisions 4 2
run 0 "$DIBAO" -C m show "$ORIGIN/4.html"
says "Late ferry 4"
says "The tide is the cause."

# What an article said whose text is its feed's: its page is looked at once when it is new, for later looks to compare with.
# So an edit is known though the feed let go of it first, and though page and feed differ from the beginning.
full() {
	item "$1" | sed "s|<description>.*|<content:encoded><![CDATA[<p>The ferry to the island number $1 will stop. $(prose "$1")</p><p>$(prose "more of $1")</p><p>$2</p>]]></content:encoded></item>|"
}
at 180
follow f /f.xml
rss 'Ferries' "$(item 4 | sed 's|<title>Ferry 4|<title>Late ferry 4|')" "$(item 5)" "$(item 6)" >www/t.xml
story 5 "The owner is the cause." 10
story 6 "The mayor is the cause." 10
rss 'Whole ferries' "$(full 7 "The feed's own last paragraph, of which the page has nothing.")" "$(full 8 "Another of them.")" >www/f.xml
for n in 7 8; do
	story $n "$(prose "page $n")" 10
done
run 0 "$DIBAO" -C m update --now
was_asked /7.html 1
story 7 "$(prose "edited 7")" 11
story 8 "$(prose "page 8")" 11
rss 'Whole ferries' "$(full 9 "And another.")" >www/f.xml
story 9 "$(prose "page 9")" 11
# A title that is changed on the page alone: its text was read from that page, and so was what the title was then.
rss 'Ferries' "$(item 6)" >www/t.xml
story 5 "The owner is the cause." 11
sed -i 's|Ferry 5|No ferry ever|' www/5.html
story 6 "The mayor is the cause." 11
at 1000
run 0 "$DIBAO" -C m update --now
revisions 7 2
revisions 8 1
revisions 5 2
revisions 6 1
run 0 "$DIBAO" -C m show "$ORIGIN/5.html"
says "No ferry ever"

# A paragraph that stands in the page as before, and was only read as furniture, was not deleted; one that went was.
whole() { # WORD [LAST]: the page and the feed say the same
	printf '<p>%s</p><p>%s</p><p class="last">%s</p>' "$(prose "the $1")" "$(prose "any other $1")" "$2"
}
entry() { # NAME WORD
	item "$1" | sed "s|01 Jan 2023 10|12 Feb 2023 01|; s|</item>|<content:encoded><![CDATA[$(whole "$2" "The last of the $2 is sold.")]]></content:encoded></item>|"
}
page() { # NAME WORD LAST CLOCK
	printf '<html><head><title>Ferry %s</title></head><body><nav>%s</nav><article><h1>Ferry %s</h1>%s</article></body></html>' \
		"$1" "$4" "$1" "$(whole "$2" "$3")" >"www/$1.html"
}
at 1000
rss 'Whole ferries' "$(entry 11 bread)" "$(entry 12 cheese)" >www/f.xml
page 11 bread "The last of the bread is sold." 10
page 12 cheese "The last of the cheese is sold." 10
run 0 "$DIBAO" -C m update --now
sed -i '$d' m/sources.conf
printf '\tdrop = { ".last" }\n}\n' >>m/sources.conf
page 11 bread "The last of the bread is sold." 11
page 12 cheese "" 11
rss 'Whole ferries' "$(full 9 "And another.")" >www/f.xml
at 1010
run 0 "$DIBAO" -C m update --now
revisions 11 1
revisions 12 2

# What its operator does not want looked at is left alone, though its look be due.
at 1021
rss 'Whole ferries' "$(full 9 "And another." | sed 's|<pubDate>.*</pubDate>||; s|9.html|10.html|')" >www/f.xml
story 10 "$(prose "page 10")" 11
run 0 "$DIBAO" -C m update --now
was_asked /10.html 1
printf '\tlook_again = false\n}\n' >tail.txt
sed -i '$d' m/sources.conf
cat tail.txt >>m/sources.conf
at 1030
run 0 "$DIBAO" -C m update --now
was_asked /10.html 1
run 0 "$DIBAO" -C m verify
