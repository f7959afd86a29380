#!/bin/sh
# What a build must withstand: themes with errors, names that are trouble, two articles of one address, a full disk.
. "$ROOT/test/lib.sh"
command -v python3 >/dev/null || skip "no python3 here"

# Articles with titles that are trouble, and two posts that claim one address.
cat >make.py <<'EOF'
import os, sys
titles = ["A very long title " * 560, "\U0001F600\U0001F680\u200D\u2640\uFE0F", "\u202Eevil.exe\u202C around \u2067right\u2069", "../../../etc/passwd",
    "NUL", "con", "LPT1.txt", "..", ".", "/", "a\\b", "{{title}}", "</title><script>X()</script>", "same", "same", "\u0001\u0002", "CON.", "aux.html"]
os.makedirs("posts/_posts")
for i, t in enumerate(titles):
    quoted = t.replace("\\", "\\\\").replace('"', '\\"').replace("\x01", "\\x01").replace("\x02", "\\x02")
    name = t.replace("/", "--")[:50].rstrip(". ") or "x%d" % i
    with open("posts/_posts/2023-01-23-%s%s.md" % (name.replace("\x01", ""), "" if titles.index(t) == i else "-2"), "w") as f:
        f.write('---\nlayout: post\ntitle: "%s"\ndate: 2023-01-23T10:%02d:06.000Z\nauthor: A\nfrom: https://a.example/%d\ntags: [ "%s", shared ]\ncategories: [ A ]\n---\n\n<div>\n<p>Text %d.</p>\n</div>\n' % (quoted, i, i, quoted[:60].replace("\\x01", "").replace("\\x02", "") or "t", i))
EOF
python3 make.py
printf 'url: https://old.example/\npermalink: /:year/:title/\n' >posts/_config.yml
"$DIBAO" init m >/dev/null
echo 'base_url = "https://mirror.example/"' >>m/dibao.conf
run 0 "$DIBAO" -C m import posts
run 0 "$DIBAO" -C m build
articles=$("$DIBAO" -C m list --json --limit 0 | python3 -c 'import json, sys; print(len(json.load(sys.stdin)["items"]))')
[ "$articles" -eq 18 ] || fail "$articles articles of 18"
for n in $(seq 0 17); do
	[ "$(grep -rl "<p>Text $n\.</p>" m/site --include='*.html' | wc -l)" -eq 1 ] || fail "article $n has no page of its own: $(grep -rl "<p>Text $n\.</p>" m/site)"
done
find m/site | python3 -c '
import re, sys
for path in sys.stdin.read().split("\n"):
    for piece in path.split("/"):
        if re.match(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", piece, re.I) or len(piece.encode()) > 250 or re.search(r"[\\\x00-\x1f\x7f]", piece) or piece == "..":
            if not path.startswith("m/site/2023/"):
                sys.exit("a name that is trouble: %r" % path)
' || fail "names"
"$ROOT/test/check-feeds" m/site https://mirror.example/ "$DIBAO" || fail "feeds"
cp -r m/site before

# Each error of a theme is told with its file and line, and the site stays.
bad() { # FILE TEXT WHERE
	mkdir -p m/theme/strings
	printf "$2" >"m/theme/$1"
	run 1 "$DIBAO" -C m build
	told "$3"
	rm -r m/theme
	diff -r before m/site >/dev/null || fail "a theme with an error has changed the site"
}
bad list.html 'a\n{{#open}}\n' 'theme/list.html:2: '
bad list.html 'a\n\n{{/open}}\n' 'theme/list.html:3: '
bad article.html '{{title' 'theme/article.html:1: '
bad article.html 'x\n{{>nothing}}\n' 'theme/article.html:2: '
bad strings/en.txt 'a = b\nwrong\n' 'theme/strings/en.txt:2: '

# A disk that fills while a site is built again with another theme: the site stays whole, and with room it is built.
cat >full.sh <<'END'
set -e
mount -t tmpfs -o size=50m tmpfs disk
cp -r m disk/m
used=$(du -sk disk | cut -f 1)
mount -o remount,size=$((used + $1))k disk
status=0
"$DIBAO" -C disk/m build >full.out 2>full.err || status=$?
echo "$status" >full.status
rm -rf stands built
cp -r disk/m/site stands
mount -o remount,size=50m disk
"$DIBAO" -C disk/m build
cp -r disk/m/site built
umount disk
END
if unshare -m true 2>/dev/null; then
	apart="unshare -m"
elif unshare -rm true 2>/dev/null; then
	apart="unshare -rm"
else
	skip "no mounts here: nothing was told of a full disk"
fi
mkdir -p m/theme disk
sed 's,<main,<p>another theme</p><main,' "$ROOT/theme/default/_top.html" >m/theme/_top.html
run 0 "$DIBAO" -C m build --out wanted
for room in 4 70 150; do
	run 0 $apart sh full.sh $room
	[ "$(cat full.status)" -eq 1 ] || fail "$room KB: status $(cat full.status)"
	[ "$(wc -l <full.err)" -eq 1 ] || fail "$room KB: not one line: $(cat full.err)"
	grep -qi 'disk is full\|no space left' full.err || fail "$room KB: $(cat full.err)"
	for file in $(cd before && find . -type f ! -path './.dibao/*'); do
		same "before/$file" "stands/$file"
	done
	diff -r -x .dibao wanted built || fail "$room KB: built with room again is not as built at once"
done
