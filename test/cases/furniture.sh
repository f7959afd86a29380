#!/bin/sh
# What stands on many pages of a source, or in many entries of its feed, is not the article: it is learnt in update, also
# for what was read before enough was known; what we read otherwise because we know more is no edit of the publisher's,
# what the publisher changed is one; a source made anew is noticed.
. "$ROOT/test/lib.sh"

APPEAL="The harbour has had a paper of its own for ninety years, written by people who live here, and it will go on."

# The words are many, so that no paragraph but the appeal is met twice.
words() { # NAME: a paragraph of its own
	printf 'Of %s%s it was said in the %s%s house, by those of %s%s, that %s%s had %s%s to do with it, and no more than that: which is what was to be said of it.' \
		"$1" an "$1" er "$1" ia "$1" or "$1" ol
}
at() { # HOURS after publication
	DIBAO_NOW=$((1672567200000 + $1 * 3600000)) # 2023-01-01T10:00:00Z
	export DIBAO_NOW
}
name() { # N: letters, because digits are not looked at
	echo "$1" | tr 0123456789 abcdefghij
}
story() { # N CLASS [SENTENCE]
	n=$(name "$1")
	cat >"www/$1.html" <<-END
		<html><head><title>Story of $n</title></head><body class="$2"><div class="$2-top"><a href="/">Home</a></div>
		<div class="$2-text"><h1 class="$2-title">Story of $n</h1><p class="$2-p">$(words "b$n") $(words "c$n")</p>
		<p class="$2-p">$APPEAL</p><p class="$2-p">$(words "d$n") ${3-}</p><p class="$2-p">$(words "e$n") $(words "f$n")</p>
		<p class="$2-p">$(words "g$n")</p><p class="$2-p">$(words "h$n")</p><p class="$2-p">$(words "i$n")</p></div></body></html>
	END
}
hint() {
	printf '<item><title>Story of %s</title><link>@ORIGIN@/%s.html</link><pubDate>Sun, 01 Jan 2023 10:00:00 GMT</pubDate><description>A hint.</description></item>' \
		"$(name "$1")" "$1"
}
whole() { # N [SENTENCE]
	n=$(name "$1")
	printf '<item><title>Tale of %s</title><link>@ORIGIN@/tale/%s</link><guid>t%s</guid><pubDate>Sun, 01 Jan 2023 10:00:00 GMT</pubDate><description>A hint.</description><content:encoded><![CDATA[<p>%s %s</p><p>%s</p><p>%s %s</p><p>%s</p>]]></content:encoded></item>' \
		"$n" "$1" "$1" "$(words "j$n")" "$(words "k$n")" "$APPEAL" "$(words "l$n") ${2-}" "$(words "m$n")" "$(words "n$n")"
}
feeds() { # FIRST LAST: both feeds, with the entries of those numbers
	pages=
	tales=
	for i in $(seq "$1" "$2"); do
		pages="$pages$(hint "$i")"
		tales="$tales$(whole "$i")"
	done
	rss Stories "$pages" >www/s.xml
	rss Tales "$tales" >www/t.xml
}
# Articles whose text has the appeal, and those of more than one revision.
keeping() {
	run 0 "$DIBAO" -C m export json
	json "len([i for i in j['items'] if 'ninety years' in i['content_text']]) == $1"
	json "len([i for i in j['items'] if i['_dibao']['revision'] > 1]) == $2"
	json "all(len(i['content_text']) > 300 for i in j['items'])"
}

at 0
origin_start
mirror
follow s /s.xml
follow t /t.xml

# Two at first: nothing can be told.
for i in 1 2; do story "$i" old; done
feeds 1 2
run 0 "$DIBAO" -C m update
keeping 4 0

# Many: those of this update know at its end, those in the feed when it is read again; the pages when they are looked at.
for i in $(seq 3 20); do story "$i" old; done
feeds 1 20
run 0 "$DIBAO" -C m update --now
says "36 new"
says "0 edited"
keeping 4 0
feeds 1 20
echo >>www/t.xml
run 0 "$DIBAO" -C m update --now
keeping 2 0
at 1
for i in $(seq 1 20); do echo '<!-- -->' >>"www/$i.html"; done
run 0 "$DIBAO" -C m update --now
says "0 edited"
keeping 0 0

# What the publisher changes is an edit; so it is where the appeal goes at the same time.
at 6
story 3 old "The mayor has denied it."
rss Tales "$(whole 4 'The mayor has denied it.')" "$(whole 5)" >www/t.xml
run 0 "$DIBAO" -C m update --now
keeping 0 2
run 0 "$DIBAO" -C m show "$ORIGIN/tale/4"
says "The mayor has denied it."

# Again, from what is kept: the same.
run 0 "$DIBAO" -C m extract --again
keeping 0 2
run 0 "$DIBAO" -C m extract --again
says ": 0 changed"

# Made anew: noticed, and the appeal is learnt in its new place.
for i in $(seq 31 45); do story "$i" new; done
feeds 31 45
run 0 "$DIBAO" -C m update --now
keeping 0 2
run 0 "$DIBAO" -C m status --json
json "[s.get('layout_changed') for s in j] == ['2023-01-01T16:00:00Z', None]"
run 0 "$DIBAO" -C m verify
