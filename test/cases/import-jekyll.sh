#!/bin/sh
# A Jekyll site, whole and broken: each file an article or a line; a second import adds nothing; every file comes back.
. "$ROOT/test/lib.sh"
DIBAO_NOW=2026-01-02T03:04:05Z
export DIBAO_NOW

# post FILE TITLE DATE ADDRESS BODY: as the incumbents write them.
post() {
	mkdir -p "$(dirname "$1")"
	printf -- '---\nlayout: post\ntitle: "%s"\ndate: %s.000Z\nauthor: 海風社\nfrom: %s\ntags: [ 海風社 ]\ncomments: True\ncategories: [ 海風社 ]\n---\n<!--%s000-->\n[%s](%s)\n------\n\n<div>\n%s\n</div>\n' \
		"$2" "$3" "$4" "$(date -u -d "$3" +%s)" "$2" "$4" "$5" >"$1"
}

mkdir site
cat >site/_config.yml <<-'END'
	name: 老站 # the title
	description: every day
	url: https://old.example/
	baseurl: "/news"
	permalink: /:year-:month-:day/:title/
	navigation:
	  - name: x
	    url: /y
END
echo '[{"site":"海風社","url":"https://haifeng.example/feed"}]' >site/subs.json
post 'site/_posts/2023-01-23-渡輪停航.md' '渡輪停航' 2023-01-23T10:04:06 https://haifeng.example/1 \
	'<p>（海風社東港23日電）渡輪公司今天宣布，因為強風，明天起停航三天，請旅客改搭其他班次。</p><p>公司表示，票款全額退還，<a href="/refund">退票辦法</a>在網站上公布。</p><p>停航期間，公司會加開巴士。</p>'
post 'site/archived/2021-02-03/2021-02-03-老文章.md' '老文章' 2021-02-03T00:00:00 https://haifeng.example/%25E8%2580%2581 \
	'<p>一篇從前的文章，它的網址被編碼了兩次。</p>'
post 'site/_posts/2023-01-24-又一次.md' '渡輪停航' 2023-01-23T10:04:06 https://haifeng.example/1 \
	'<p>（海風社東港23日電）渡輪公司今天宣布，因為強風，明天起停航三天，請旅客改搭其他班次。</p><p>公司表示，票款全額退還，<a href="/refund">退票辦法</a>在網站上公布。</p><p>停航期間，公司會加開巴士。</p>'
printf 'No front matter, only a line of text that somebody wrote.\n' >'site/_posts/2020-05-06-Bare.md'
: >site/_posts/2020-05-07-empty.md
printf -- '---\ntitle: "a "quoted" title"\nfrom: https://haifeng.example/q\n---\n<!--NaN-->\n[a "quoted" title](https://haifeng.example/q)\n------\n<p>One.</p>\n---\n<p>Two, behind a line of dashes.</p>\n' >'site/_posts/2020-05-08-q.md'
printf 'https://haifeng.example/1\nhttps://haifeng.example/lost\n' >site/allurls.dat

run 0 "$DIBAO" init m
run 3 "$DIBAO" -C m import --dry-run --json site
json 'j["articles_new"] == 4 and j["refused"] == 1'
run 0 "$DIBAO" -C m list
[ ! -s out ] || fail "--dry-run stored something"

run 3 "$DIBAO" -C m import --json jekyll site
json 'j["files"] == 6 and j["articles_new"] == 4 and j["duplicates"] == 1 and j["refused"] == 1'
json 'j["double_encoded"] == 1 and j["bad_comment"] == 1 and j["no_front_matter"] == 1 and j["broken_front_matter"] == 1'
json 'j["sources_new"] == 1 and j["allurls"] == 2 and j["allurls_without_post"] == 1 and j["relative_links"] == 2'
json '{l["file"]: l["what"] for l in j["lines"]}["_posts/2020-05-07-empty.md"] == "empty file"'
grep -q '^title = "老站"$' m/dibao.conf || fail "the title was not taken"
grep -q 'haifeng.example/feed' m/sources.conf || fail "subs.json was not taken"

run 0 "$DIBAO" -C m show --json https://haifeng.example/1
json 'j["title"] == "渡輪停航" and j["date_published"] == "2023-01-23T10:04:06Z" and "authors" not in j'
json 'j["_dibao"]["site_name"] == "海風社" and len(j["content_text"].split("\n\n")) == 3'
json '"https://haifeng.example/refund" in j["content_html"]'
run 0 "$DIBAO" -C m show --json '/2023-01-23/渡輪停航/'
json 'j["url"] == "https://haifeng.example/1"'
run 0 "$DIBAO" -C m show --json 'https://haifeng.example/%E8%80%81'
json 'j["title"] == "老文章"'
run 0 "$DIBAO" -C m show --json 'https://haifeng.example/%25E8%2580%2581'
json 'j["title"] == "老文章"'
run 0 "$DIBAO" -C m show --json https://haifeng.example/q
json 'j["title"] == "a \"quoted\" title" and "Two" in j["content_text"] and j["date_published"][:10] == "2020-05-08"'
run 0 "$DIBAO" -C m show --json /2020-05-06/Bare/
json 'j["content_text"].startswith("No front matter")'

run 3 "$DIBAO" -C m import --json site
json 'j["known"] == 5 and j["articles_new"] == 0 and j["articles_revised"] == 0 and j["sources_new"] == 0'

run 0 "$DIBAO" -C m export jekyll --original --out back
for f in _posts/2023-01-23-渡輪停航.md _posts/2023-01-24-又一次.md _posts/2020-05-06-Bare.md _posts/2020-05-08-q.md \
	archived/2021-02-03/2021-02-03-老文章.md; do
	same "site/$f" "back/$f"
done

# Our own posts: read back into another mirror they are the same articles.
run 0 "$DIBAO" -C m export jekyll --out ours
says "4 files written, 0 unchanged, in ours/_posts"
run 0 "$DIBAO" -C m export jekyll --out ours
says "0 files written, 4 unchanged"
[ -f 'ours/_posts/2023-01-23-渡輪停航.md' ] || fail "the post is not named as the incumbents name it"
grep -q '^tags: \[ 海風社 \]$' 'ours/_posts/2023-01-23-渡輪停航.md' || fail "no tag"
run 0 "$DIBAO" init n
run 0 "$DIBAO" -C n import ours
for mirror in m n; do
	"$DIBAO" -C $mirror list --limit 0 --json >$mirror.json
done
python3 - <<-'END' || fail "the articles differ"
	import json, sys
	def read(name):
	    return sorted((i["title"], i["date_published"], i["content_text"]) for i in json.load(open(name))["items"])
	sys.exit(read("m.json") != read("n.json"))
END

# The site has each article at its old address.
run 0 "$DIBAO" -C m build
[ -f 'm/site/2023-01-23/渡輪停航/index.html' ] || fail "no page at the old address"
[ -f m/site/2020-05-06/Bare/index.html ] || fail "no page at the old address"
grep -q 'url=../../2023-01-23/' 'm/site/2023-01-23/又一次/index.html' || fail "the duplicate's address leads nowhere"
run 0 "$DIBAO" -C m build
says "0 written"

"$DIBAO" -C m serve --listen 127.0.0.1:0 >address 2>serve.err &
server=$!
trap 'kill $server 2>/dev/null || :' EXIT
for _ in $(seq 100); do
	grep -q http address && break
	sleep 0.05
done
python3 - "$(grep -o 'http://[0-9.:]*' address)" <<-'END' || fail "an old address does not answer"
	import sys, urllib.parse, urllib.request
	for path in ("/2023-01-23/渡輪停航/", "/2023-01-23/渡輪停航", "/2023-01-23/渡輪停航/index.html", "/2020-05-06/Bare", "/2023-01-23/又一次/"):
	    with urllib.request.urlopen(sys.argv[1] + urllib.parse.quote(path)) as answer:
	        print(path, answer.status, answer.url)
	        assert answer.status == 200 and b"<html" in answer.read()
END
kill $server

# A changed file is a revision of its article.
sed 's/三天/四天/' 'site/_posts/2023-01-23-渡輪停航.md' >changed && cp changed 'site/_posts/2023-01-23-渡輪停航.md'
run 3 "$DIBAO" -C m import --json site
json 'j["articles_revised"] == 1 and j["articles_new"] == 0'
run 0 "$DIBAO" -C m show --revisions --json https://haifeng.example/1
json 'len(j["items"]) == 2 and "三天" in j["items"][0]["content_text"] and "四天" in j["items"][1]["content_text"]'

# Posts under other names: what starts with front matter; and one post by itself.
mkdir loose
cp 'site/archived/2021-02-03/2021-02-03-老文章.md' loose/old.md
echo 'no post' >loose/README.md
run 0 "$DIBAO" init l
run 0 "$DIBAO" -C l import --json loose
json 'j["files"] == 1 and j["articles_new"] == 1'
run 0 "$DIBAO" -C l import --json site/_posts/2020-05-06-Bare.md
json 'j["files"] == 1 and j["articles_new"] == 1'

mkdir void
run 1 "$DIBAO" -C m import void
told "no Jekyll site, no posts"
run 1 "$DIBAO" -C m import jekyll nowhere
told "nowhere"
