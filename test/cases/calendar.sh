#!/bin/sh
# A source's calendar: gaps are told in words, months lead to their pages, older years have a page of their own, which
# comes and goes with the years; after any history the site is what a clean build makes.
. "$ROOT/test/lib.sh"

post() { # NAME DATE
	mkdir -p posts/_posts
	printf -- '---\nlayout: post\ntitle: "%s"\ndate: %sT04:05:06.000Z\nauthor: Ledger\nfrom: https://ledger.example/%s\ntags: [ Ledger ]\ncategories: [ Ledger ]\n---\n<!--%s000-->\n[x](https://ledger.example/%s)\n------\n\n<div>\n<p>The pier stays shut until the swell has gone down, the harbour office said.</p>\n</div>\n' \
		"$1" "$2" "$1" "$(date -u -d "$2T04:05:06" +%s)" "$1" >"posts/_posts/$2-$1.md"
}
built_as_clean() {
	run 0 "$DIBAO" -C m import jekyll posts
	run 0 "$DIBAO" -C m build
	rm -rf clean
	run 0 "$DIBAO" -C m build --out clean
	diff -r -x .dibao m/site clean || fail "after $1: not what a clean build makes"
}
printf 'permalink: /:year-:month-:day/:title/\n' >conf
mkdir -p posts && mv conf posts/_config.yml
page=m/site/source/ledger.html
older=m/site/source/ledger/calendar.html

run 0 "$DIBAO" init m
post one 2021-03-05
post two 2021-03-08
built_as_clean "two articles"
[ "$(ls m/site/source)" = "$(printf 'ledger.html\nledger.xml')" ] || fail "more than a page and a feed: $(ls m/site/source)"
grep -qF 'aria-label="March 2021: 2 articles, 2 days without any: 6, 7"' "$page" || fail "the gap is not told: $(grep aria-label "$page")"
grep -q '<a href="../2021/03.html">March</a>' "$page" || fail "March does not lead to its page"
post next 2022-01-01
built_as_clean "the next year"
[ ! -e "$older" ] || fail "two years need no second page"
grep -q '<span>December</span>' "$page" || fail "a month without articles is no gap"
post third 2023-02-02
built_as_clean "a third year"
grep -q '>March</a>' "$older" || fail "no page for the year that left"
grep -q '>March</a>' "$page" && fail "the year that left is still there"
grep -q 'href="../source/ledger/calendar.html"' "$page" || fail "no link to it"
before=$(cat "$older")
post same 2023-02-03
built_as_clean "another article of the year"
[ "$(cat "$older")" = "$before" ] || fail "the older years changed"
post late 2021-03-06
built_as_clean "a late article"
grep -qF '3 articles, 24 days without any: 7, 9, ' "$older" || fail "the late one is not in it"
post far 2024-06-30
built_as_clean "a year of nothing"

# Statistics count whole days: another article of the newest day changes nothing there.
grep -q '<dt>Articles</dt><dd>6</dd>' m/site/statistics.html || fail "not six articles before the newest day: $(grep '<dd>' m/site/statistics.html)"
before=$(cat m/site/statistics.html)
post another 2024-06-30
built_as_clean "another of the newest day"
[ "$(cat m/site/statistics.html)" = "$before" ] || fail "the statistics changed within a day"
post after 2024-07-01
built_as_clean "the next day"
grep -q '<dt>Articles</dt><dd>8</dd>' m/site/statistics.html || fail "the day that is over is not counted"
grep -q 'aria-label="Articles a day, by source, 6 May – 30 June: 2; at most 2"' m/site/statistics.html ||
	fail "the picture says something else: $(grep -o 'aria-label="[^"]*"' m/site/statistics.html)"
