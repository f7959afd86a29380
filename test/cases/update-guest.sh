#!/bin/sh
# A good guest, rule by rule: robots.txt and what overrides it, Crawl-delay, 503, back-off with jitter, both validators,
# codings, a name with an address, and how often a feed is asked. What update-polite.sh does not have.
. "$ROOT/test/lib.sh"

DIBAO_NOW=1767322985000 # 2026-01-02T03:03:05Z
export DIBAO_NOW
origin_start
fresh() {
	rm -rf m
	mirror
	: >www/.log
}
# next_in KEY LEAST MOST: it is asked again after so many minutes.
next_in() {
	DIBAO_NOW=$DIBAO_NOW "$DIBAO" -C m status --json "$1" >out || [ $? -eq 3 ] || fail "no status"
	json "(lambda t: $2 * 60 <= t <= $3 * 60)(__import__('datetime').datetime.fromisoformat(j[0]['next'].replace('Z', '+00:00')).timestamp() - $DIBAO_NOW / 1000)"
}

# A source may go where robots.txt forbids, with a reason; another may not.
fresh
printf 'User-agent: *\nDisallow: /private\n' >www/robots.txt
mkdir www/private
rss 'P' "$(item 1)" >www/private/p.xml
cp www/private/p.xml www/private/q.xml
follow p /private/p.xml 'ignore_robots = "the publisher asked for it"'
follow q /private/q.xml
run 3 "$DIBAO" -C m update
told "q: robots.txt forbids it"
was_asked /private/p.xml 1
was_asked /private/q.xml 0

# A robots.txt that cannot be reached forbids everything (RFC 9309 2.3.1.4); one that is missing allows it.
fresh
follow a /a.xml
rss 'A' "$(item 1)" >www/a.xml
echo 'status 500' >www/robots.txt.script
run 3 "$DIBAO" -C m update
told "a: robots.txt: 500 from 127.0.0.1"
was_asked /a.xml 0
rm www/robots.txt.script www/robots.txt
run 0 "$DIBAO" -C m update --now
was_asked /a.xml 1

# Crawl-delay: that long between two requests, and one at a time.
fresh
printf 'User-agent: *\nCrawl-delay: 1\n' >www/robots.txt
for n in 1 2 3; do
	follow "d$n" "/d$n.xml"
	rss "D$n" "$(item "$n")" >"www/d$n.xml"
done
run 0 "$DIBAO" -C m update
# The first comes behind robots.txt itself.
least=$(grep '^/d' www/.log | tail -n +2 | cut -f 1 | cut -d ' ' -f 3 | sort -n | head -n 1)
[ "$least" -ge 900 ] || fail "$least ms between two requests; Crawl-delay is a second"
rm www/robots.txt

# 503 with Retry-After is the whole host's word; without, the third in a row is.
fresh
for n in 1 2 3 4 5 6 7 8; do
	follow "b$n" "/b$n.xml"
	echo 'status 503' >"www/b$n.xml.script"
done
run 3 "$DIBAO" -C m update
[ "$(wc -l <err)" -eq 8 ] || fail "not each is told: $(cat err)"
[ "$(grep -c '^/b' www/.log)" -le 4 ] || fail "asked on and on: $(cut -f 1 www/.log)"
fresh
follow b1 /b1.xml
follow b2 /b2.xml
printf 'status 503\nheader Retry-After: 7200\n' >www/b1.xml.script
run 3 "$DIBAO" -C m update b1
next_in b1 120 120
run 3 "$DIBAO" -C m update --now b2
was_asked /b2.xml 0
rm www/*.script

# What fails is asked less and less often, up to a day; two that fail together do not come back together.
fresh
follow e1 /e1.xml
follow e2 /e2.xml
for n in 1 2; do
	echo 'status 500' >"www/e$n.xml.script"
done
begin=$DIBAO_NOW
for least in 5 10 20 40 80; do
	run 3 "$DIBAO" -C m update --now
	next_in e1 $least $((least * 11 / 10 + 1))
	DIBAO_NOW=$((DIBAO_NOW + 100 * 60000))
done
"$DIBAO" -C m status --json >out || [ $? -eq 3 ]
json 'j[0]["next"] != j[1]["next"]'
DIBAO_NOW=$begin

# Both validators, as they came; the body in every coding that is asked for.
fresh
follow v /v.xml
rss 'V' "$(item 1)" >www/v.xml
echo 'header Last-Modified: Thu, 01 Jan 2026 10:00:00 GMT' >www/v.xml.script
run 0 "$DIBAO" -C m update
run 0 "$DIBAO" -C m update --now
says "1 unchanged"
grep '^/v.xml ' www/.log | tail -n 1 >last
grep -q 'If-None-Match: "[0-9a-f]*"' last || fail "no ETag was sent back: $(cat last)"
grep -q 'If-Modified-Since: Thu, 01 Jan 2026 10:00:00 GMT' last || fail "no date was sent back: $(cat last)"
grep -q 'Accept-Encoding: .*gzip.*br.*zstd' last || fail "codings are not asked for: $(cat last)"
for coding in gzip br zstd; do
	follow "$coding" "/$coding.xml"
	rss "$coding" "$(item 1 "$(prose "$coding")" "@ORIGIN@/$coding.html")" >"www/$coding.xml"
	echo "$coding" >"www/$coding.xml.script"
	run 0 "$DIBAO" -C m update "$coding"
	says "1 new article"
	run 0 "$DIBAO" -C m show "$ORIGIN/$coding.html"
	says "Sentence Eight of $coding says"
done

# A name, and where to complain.
echo 'contact = "https://example.org/about-us"' >>m/dibao.conf
: >www/.log
run 0 "$DIBAO" -C m update --now v
[ "$(asked /v.xml 'User-Agent: dibao/[^ ]* (news mirror; https://example.org/about-us)')" -eq 1 ] || fail "$(cat www/.log)"

# How often: half of what it takes to publish; no sooner than ttl, sy:updatePeriod or max-age say; daily at least.
fresh
dated() { # CHANNEL DATE...: a feed of entries of these dates
	head=$1
	shift
	printf '<?xml version="1.0"?><rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>T</title>%s' "$head"
	for day in "$@"; do
		printf '<item><title>Of %s</title><guid>%s</guid><pubDate>%s GMT</pubDate><description>%s</description></item>' \
			"$day" "$day" "$day" "$(prose "$day")"
	done
	echo '</channel></rss>'
}
often() { # NAME CHANNEL: every ten minutes
	dated "$2" 'Fri, 02 Jan 2026 03:00:00' 'Fri, 02 Jan 2026 02:50:00' 'Fri, 02 Jan 2026 02:40:00' 'Fri, 02 Jan 2026 02:30:00' >"www/$1.xml"
	follow "$1" "/$1.xml"
}
often quick ''
often ttl '<ttl>180</ttl>'
often daily '<sy:updatePeriod>daily</sy:updatePeriod>'
often hourly '<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>'
often age ''
echo 'header Cache-Control: max-age=7200' >www/age.xml.script
often every '<ttl>180</ttl>'
sed -i 's/^\(.*every.xml"\)$/\1\n\tevery = "7m"/' m/sources.conf
dated '' 'Fri, 02 Jan 2026 01:00:00' 'Thu, 01 Jan 2026 21:00:00' 'Thu, 01 Jan 2026 17:00:00' 'Thu, 01 Jan 2026 13:00:00' >www/half.xml
follow half /half.xml
dated '' 'Tue, 01 Jan 2019 00:00:00' 'Mon, 01 Jan 2018 00:00:00' 'Sun, 01 Jan 2017 00:00:00' >www/old.xml
follow old /old.xml
run 0 "$DIBAO" -C m update
next_in quick 15 17
next_in ttl 180 198
next_in daily 1440 1440
next_in hourly 30 33
next_in age 120 132
next_in half 120 132
next_in old 1440 1440
next_in every 7 7
