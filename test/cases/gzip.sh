#!/bin/sh
# gzip = true: beside each file that is text its .gz, the same bytes at every build; gone with the file and with the
# setting. offline = true: a worker, its script and its page, and none of them without.
. "$ROOT/test/lib.sh"
command -v gzip >/dev/null || skip "no gzip here"

post() { # NAME DATE
	mkdir -p posts/_posts
	printf -- '---\nlayout: post\ntitle: "%s"\ndate: %sT04:05:06.000Z\nauthor: Ledger\nfrom: https://ledger.example/%s\ntags: [ pier ]\ncategories: [ Ledger ]\n---\n<!--%s000-->\n[x](https://ledger.example/%s)\n------\n\n<div>\n<p>The pier stays shut until the swell has gone down, the harbour office said.</p>\n</div>\n' \
		"$1" "$2" "$1" "$(date -u -d "$2T04:05:06" +%s)" "$1" >"posts/_posts/$2-$1.md"
}
# Every text has its .gz with the same inside, and no .gz is without its text.
packed_are_right() {
	find "$1" -type f ! -path '*/.dibao/*' ! -name '*.gz' >files
	while read -r file; do
		case $file in
		*.html | *.xml | *.css | *.js | *.json | *.svg | *.txt | *.webmanifest) ;;
		*) continue ;;
		esac
		gzip -dc "$file.gz" 2>/dev/null | cmp -s - "$file" || fail "$file.gz is not $file"
	done <files
	find "$1" -name '*.gz' | while read -r file; do
		[ -f "${file%.gz}" ] || fail "$file is alone"
	done
}
set_to() { # SETTING VALUE
	sed -i.old "/^$1 = /d" m/dibao.conf
	echo "$1 = $2" >>m/dibao.conf
}
printf 'permalink: /:year-:month-:day/:title/\n' >conf
mkdir -p posts && mv conf posts/_config.yml
run 0 "$DIBAO" init m
post one 2021-03-05
post two 2021-03-08
run 0 "$DIBAO" -C m import jekyll posts
run 0 "$DIBAO" -C m build
[ -z "$(find m/site -name '*.gz')" ] || fail "packed without being asked"
for file in offline.html offline.js worker.js; do
	[ ! -e "m/site/$file" ] || fail "$file without being asked"
done
grep -q offline.js m/site/index.html && fail "a page names offline.js"

set_to gzip true
run 0 "$DIBAO" -C m build
packed_are_right m/site
[ "$(od -An -tx1 -j4 -N4 m/site/index.html.gz | tr -d ' ')" = 00000000 ] || fail "there is a time in it"
run 0 "$DIBAO" -C m build
says ": 0 written, "
post three 2021-03-09
run 0 "$DIBAO" -C m import jekyll posts
run 0 "$DIBAO" -C m build
packed_are_right m/site
run 0 "$DIBAO" -C m build --out clean
diff -r -x .dibao m/site clean || fail "built twice is not as built once"

# As after a kill between the two: the .gz is new, the file old; or there is none.
echo old >m/site/index.html
rm m/site/archive.html.gz
set_to subtitle '"x"'
run 0 "$DIBAO" -C m build
packed_are_right m/site

set_to gzip false
run 0 "$DIBAO" -C m build
[ -z "$(find m/site -name '*.gz')" ] || fail "left behind: $(find m/site -name '*.gz')"

set_to offline true
run 0 "$DIBAO" -C m build
for file in offline.html offline.js worker.js manifest.webmanifest; do
	[ -s "m/site/$file" ] || fail "no $file"
done
grep -q 'src="offline.js"' m/site/index.html || fail "no page begins the worker"
cp m/site/manifest.webmanifest out
json 'j["start_url"] == "index.html" and j["icons"][0]["src"] == "favicon.svg"'
set_to offline false
run 0 "$DIBAO" -C m build
[ ! -e m/site/worker.js ] && [ ! -e m/site/offline.html ] || fail "the worker is left behind"
