#!/bin/sh
# When an article was published, and by which evidence: the feed, the page, the address, the end of the text; in the
# source's zone where none is stated. What cannot be is kept and not believed; first seen is a field of its own.
. "$ROOT/test/lib.sh"
DIBAO_NOW=1675000000000 # 2023-01-29T13:46:40Z
export DIBAO_NOW

entry() { # PATH TEXT DATE-ELEMENT
	printf '<item><title>Of %s</title><link>@ORIGIN@%s</link><description>A hint.</description>%s<content:encoded><![CDATA[<p>%s</p><p>%s</p>]]></content:encoded></item>' \
		"$1" "$1" "${3-}" "$(prose "$1")" "$2"
}
dated() { # PATH: published, evidence, and the date it is ordered by
	run 0 "$DIBAO" -C m show --json "$ORIGIN$1"
	json "(j.get('date_published'), j['_dibao']['from'].get('published')) == ($2)"
	json "j['_dibao']['first_seen'] == '2023-01-29T13:46:40Z'"
}
listed() { # PATH DAY: under which day it stands
	run 0 "$DIBAO" -C m list
	grep "Of $1" out | grep -q "$2" || fail "$1 does not stand under $2: $(cat out)"
}

origin_start
mirror
follow a /a.xml 'zone = "+08:00"' 'full_text = false' 'look_again = false'
follow b /b.xml 'zone = "+08:00"' 'look_again = false'
rss A \
	"$(entry /stated 'The end.' '<pubDate>Mon, 23 Jan 2023 10:04:06 GMT</pubDate>')" \
	"$(entry /zoneless 'The end.' '<pubDate>2023-01-23 10:04:06</pubDate>')" \
	"$(entry /2023/01/22/address 'The end.')" \
	"$(entry /text '（編輯：高照芬）1120121')" \
	"$(entry /republic 'The end.' '<pubDate>民國112年1月23日</pubDate>')" \
	"$(entry /nothing 'The end.')" \
	"$(entry /future 'The end.' '<pubDate>Mon, 23 Jan 2034 10:04:06 GMT</pubDate>')" \
	"$(entry /ancient 'The end.' '<pubDate>Mon, 01 Jan 0001 00:00:00 GMT</pubDate>')" >www/a.xml
printf '<rss version="2.0"><channel><title>B</title><item><title>Story 7</title><link>%s/7.html</link><description>A hint.</description></item></channel></rss>' \
	"$ORIGIN" >www/b.xml
page 7 | sed 's|<h1>|<time datetime="2023-01-20T08:00">20 January</time><h1>|' >www/7.html
run 0 "$DIBAO" -C m update
says "9 new"

dated /stated "'2023-01-23T10:04:06Z', 'feed'"
dated /zoneless "'2023-01-23T10:04:06+08:00', 'feed'"
dated /2023/01/22/address "'2023-01-22T00:00:00+08:00', 'url'"
dated /text "'2023-01-21T00:00:00+08:00', 'text'"
dated /republic "'2023-01-23T00:00:00+08:00', 'feed'"
dated /nothing "None, None"
dated /future "'2034-01-23T10:04:06Z', 'feed'"
dated /7.html "'2023-01-20T08:00:00+08:00', 'microdata'"
listed /stated 2023-01-23
listed /text 2023-01-20 # 16:00 UTC: the mirror's own zone
listed /nothing 2023-01-29
listed /future 2023-01-29
listed /ancient 2023-01-29
run 0 "$DIBAO" -C m verify
