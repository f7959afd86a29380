# What a guest keeps to: robots.txt, Retry-After, a gap, two at a time, 410, moving for good.
. "$ROOT/test/lib.sh"

origin_start
mirror
printf 'User-agent: dibao\nDisallow: /private\n' >www/robots.txt
follow p /p.xml
rss 'P' "$(item 1)" "$(teaser 2 | sed 's,/2.html,/private/2.html,')" >www/p.xml
mkdir www/private
page 2 >www/private/2.html
run 0 "$DIBAO" -C m update
says "2 new articles"
was_asked /private/2.html 0
[ "$(asked /p.xml 'User-Agent: dibao/')" -eq 1 ] || fail "no name was given"
[ "$(asked /p.xml 'Cookie')" -eq 0 ] || fail "a cookie was sent"

# robots.txt is asked for once, and kept for the next process.
run 0 "$DIBAO" -C m update --now
was_asked /robots.txt 1
run 0 env DIBAO_NOW="$(($(date +%s) + 50000))000" "$DIBAO" -C m update --now
was_asked /robots.txt 2

# A permanent redirect is followed for good after the third time, and only to a feed.
follow moved /old.xml
printf 'status 301\nheader Location: /new.xml\n' >www/old.xml.script
rss 'Moved' "$(item 3)" >www/new.xml
for n in 1 2 3 4 5; do
	run 0 "$DIBAO" -C m update --now moved
done
was_asked /old.xml 3
was_asked /new.xml 5

# 410 stops a source; asking for it by name asks it again.
follow gone /gone.xml
printf 'status 410\n' >www/gone.xml.script
run 3 "$DIBAO" -C m update gone
told "gone: 410 from 127.0.0.1; it is not fetched any more"
run 0 "$DIBAO" -C m update --now
was_asked /gone.xml 1
run 3 "$DIBAO" -C m status
says "stopped"
run 3 "$DIBAO" -C m update --now gone
was_asked /gone.xml 2

# Two at a time from one host.
for n in 1 2 3 4 5 6; do
	follow "slow$n" "/slow$n.xml"
	rss "Slow $n" "$(item $n)" >"www/slow$n.xml"
	echo 'wait 0.1' >"www/slow$n.xml.script"
done
run 0 "$DIBAO" -C m update
most=$(grep '^/slow' www/.log | cut -d ' ' -f 2 | sort -n | tail -n 1)
[ "$most" -eq 2 ] || fail "$most requests at a time, not 2"

# A gap between requests to one host.
sed -i 's/^host_gap.*/host_gap = "200ms"/' m/dibao.conf
: >www/.log
run 0 "$DIBAO" -C m update --now slow1 slow2 slow3
least=$(grep '^/slow' www/.log | cut -f 1 | cut -d ' ' -f 3 | sort -n | head -n 1)
[ "$least" -ge 100 ] || fail "$least ms between two requests; the gap is 200"
sed -i 's/^host_gap.*/host_gap = "0s"/' m/dibao.conf

# Retry-After holds for the whole host, and for the next process too.
follow busy /busy.xml
printf 'status 429\nheader Retry-After: 3600\n' >www/busy.xml.script
run 3 "$DIBAO" -C m update busy
told "busy: 429 from 127.0.0.1, again at"
: >www/.log
run 3 "$DIBAO" -C m update --now
[ ! -s www/.log ] || fail "the host was not left alone"
run 3 env DIBAO_NOW="$(($(date +%s) + 4000))000" "$DIBAO" -C m update --now
was_asked /slow1.xml 1
