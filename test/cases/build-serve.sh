#!/bin/sh
# The site: built, built again after a change, served without being built; old addresses answer; a wrong theme and a
# wrong address say what is wrong.
. "$ROOT/test/lib.sh"
command -v python3 >/dev/null || skip "no python3 here"

post() { # FILE TITLE DATE ADDRESS
	mkdir -p posts/_posts
	printf -- '---\nlayout: post\ntitle: "%s"\ndate: %s.000Z\nauthor: 海風社\nfrom: %s\ntags: [ 海風社 ]\ncategories: [ 海風社 ]\n---\n<!--%s000-->\n[%s](%s)\n------\n\n<div>\n<p>（海風社東港23日電）渡輪公司今天宣布，因為強風，明天起停航三天，請旅客改搭其他班次。</p><p>公司表示，票款全額退還。</p>\n</div>\n' \
		"$2" "$3" "$4" "$(date -u -d "$3" +%s)" "$2" "$4" >"posts/_posts/$1.md"
}
printf 'url: https://old.example/\nbaseurl: "/news"\npermalink: /:year-:month-:day/:title/\n' >posts.yml
post 2023-01-23-渡輪停航 '渡輪停航' 2023-01-23T10:04:06 https://haifeng.example/1
post 2023-01-24-復航 '<b>復航</b> & 再會' 2023-01-24T10:04:06 https://haifeng.example/2
mv posts.yml posts/_config.yml

run 1 "$DIBAO" -C m build
told "m"
run 0 "$DIBAO" init --title "海峽鏡" m
run 0 "$DIBAO" -C m build
says "removed"
grep -q '<html' m/site/index.html || fail "a mirror without articles has no front page"
run 0 "$DIBAO" -C m import posts
run 0 "$DIBAO" -C m build
old='m/site/2023-01-23/渡輪停航/index.html'
[ -f "$old" ] || fail "no page at the old address: $(find m/site -name '*.html')"
grep -q '停航三天' "$old" || fail "no text in the page"
grep -rq '<b>復航</b>' m/site --include='*.html' && fail "a title is markup"
grep -q '2023-01-23/%E6%B8%A1' m/site/feed.xml || fail "the feed does not name the page"
run 0 "$DIBAO" -C m build
says ": 0 written, "

# One article more: a few files. Gone from the list of files it made: nothing of ours.
echo mine >m/site/CNAME
post 2023-01-25-三 '第三篇' 2023-01-25T10:04:06 https://haifeng.example/3
run 0 "$DIBAO" -C m import posts
run 0 "$DIBAO" -C m build
written=$(sed -n 's/.*: \([0-9]*\) written.*/\1/p' out)
[ "$written" -ge 5 ] && [ "$written" -le 12 ] || fail "$written files written for one article"
run 0 "$DIBAO" -C m build --out clean
[ -f m/site/CNAME ] || fail "a file of somebody else's was removed"
rm m/site/CNAME
diff -r -x .dibao m/site clean || fail "built twice is not as built once"

# Two at once, a folder that cannot be, a theme that is wrong.
: >file
run 1 "$DIBAO" -C m build --out file/x
told "file"
mkdir -p m/theme
printf 'a\nb {{#open}}\n' >m/theme/list.html
run 1 "$DIBAO" -C m build
told "theme/list.html:2: section \"open\" is not closed"
run 1 "$DIBAO" -C m serve --listen 127.0.0.1:0
told "theme/list.html:2"
rm -r m/theme
run 1 "$DIBAO" -C m serve --listen 127.0.0.1:99999
told "127.0.0.1:99999"
run 2 "$DIBAO" -C m serve --lisen x

# Served out of the store, with no site built; stopped by a signal.
rm -r m/site
"$DIBAO" -C m serve --listen 127.0.0.1:0 >address 2>serve.err &
server=$!
trap 'kill $server 2>/dev/null || :' EXIT
n=0
until grep -q http address; do
	n=$((n + 1))
	[ $n -lt 100 ] || fail "it does not listen: $(cat serve.err)"
	sleep 0.1
done
cat >ask.py <<'EOF'
import sys, urllib.request, urllib.parse, urllib.error
base = open("address").read().strip().rstrip("/")
def get(path):
    try:
        r = urllib.request.urlopen(base + urllib.parse.quote(path, safe="/?=%&"), timeout=10)
    except urllib.error.HTTPError as e:
        r = e
    return r.status, r.headers["Content-Type"], r.read().decode("utf-8")
for path, status, part in [
    ("/", 200, "第三篇"), ("/2023-01-23/渡輪停航/", 200, "停航三天"), ("/feed.xml", 200, "<feed"),
    ("/search?q=停航", 200, "<mark>"), ("/search?q=停航", 200, "渡輪停航"), ("/sitemap.xml", 200, "sitemap/2023-01-1.xml"),
    ("/nothing", 404, "<html"), ("/../dibao.conf", 404, "<html"), ("/.dibao/state", 404, "<html"),
]:
    got, kind, text = get(path)
    if got != status or part not in text:
        sys.exit("%s: %s, %r" % (path, got, text[:2000]))
EOF
python3 ask.py || fail "not served right"
kill -TERM $server
wait $server || fail "it ended with $?"
[ ! -s serve.err ] || fail "it said $(cat serve.err)"
