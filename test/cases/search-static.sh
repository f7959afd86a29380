#!/bin/sh
# The search of a built site, by its own script: what dibao search finds, with the store's counts, order and snippets;
# also after an article came, and in a browser over http and from the disk.
. "$ROOT/test/lib.sh"
DIBAO_NOW=2026-01-02T03:04:05Z
export DIBAO_NOW

post() { # NUMBER DAY TITLE TEXT
	printf -- '---\ntitle: "%s"\ndate: 2025-%sT16:%02d:00Z\nauthor: 林海\nfrom: https://a.example/%s\ntags: [ 航運, 第%d類 ]\ncategories: [ 海風社 ]\n---\n<p>%s</p>\n' \
		"$3" "$2" $(($1 % 60)) "$1" $(($1 % 5)) "$4" >"site/_posts/2025-$2-$1-p.md"
}
mkdir -p site/_posts
n=0
while [ $n -lt 302 ]; do
	n=$((n + 1))
	post $n "$(printf '%02d-%02d' $((n % 12 + 1)) $((n % 28 + 1)))" "第${n}號渡輪與北約 $((n % 7))" \
		"第 $n 篇：北約與俄羅斯談人工智能的事情，渡輪停航$((n % 9))天。人工挖掘的智能碼頭。甲乙，丙丁$((n % 3))。ferry $n</p><p>The machine is learning $((n % 4)) times; COVID-19, 5G網絡。"
done
post 401 06-01 '北約秘書長訪台' '貓在窗邊看著<b>escape</b>與 &lt;b&gt; 符號。Straße ΛΌΓΟΣ ﬁne，看著名著。'
post 402 06-02 'Machine learning' 'The machine learning &lt;img src=x&gt; ｶﾞｷﾞ ＣＯＶＩＤ 한국어 검색과 日本語の検索。'
run 0 "$DIBAO" init m
run 0 "$DIBAO" -C m import site
run 0 "$DIBAO" -C m build
bytes=$(gzip -9c m/site/search.js | wc -c)
[ "$bytes" -lt 15000 ] || fail "search.js is $bytes bytes, gzipped"

command -v node >/dev/null || skip "no node: the search of a built site is NOT held against dibao search"
cat >queries <<'END'
北约
北約
渡輪
人工智能
北約 俄羅斯
"人工智能"
"甲乙丙丁"
"甲乙，丙丁"
北約 -"丙丁2"
北約 -渡輪
貓
看着
名着
"machine learning"
machine learning
"machine is learning"
ＣＯＶＩＤ-１９
5G
"5G網"
strasse
λόγος
ｶﾞ
검색
検索
escape
tag:航運
tag:第3類 渡輪
tag:第3類 from:2025-06 to:2025-07-10
北約 from:2025-03-05 to:2025-03-05
渡輪 to:2025-02
source:nobody
沒有這個詞
航3天
"open
from:2025-02-30 x
-貓
。
END
run 0 node "$ROOT/test/static-search/compare" "$DIBAO" m m/site queries 60
# ... as few phrases as can be looked at, and a host without ranges.
run 0 env BYTES=0 WHOLE=1 node "$ROOT/test/static-search/compare" "$DIBAO" m m/site queries 60

# Sources enough to have files of their own.
mkdir -p many/_posts
n=0
while [ $n -lt 130 ]; do
	n=$((n + 1))
	printf -- '---\ntitle: "Title %s"\ndate: 2025-01-%02dT16:00:00Z\nauthor: A\nfrom: https://a.example/%s\ncategories: [ 報社 %s ]\n---\n<p>some words</p>\n' \
		$n $((n % 28 + 1)) $n $n >"many/_posts/2025-01-$(printf %02d $((n % 28 + 1)))-$n.md"
done
run 0 "$DIBAO" init m2
run 0 "$DIBAO" -C m2 import many
run 0 "$DIBAO" -C m2 build
[ -e m2/site/search/s/2.js ] || fail "130 sources, and no files of them"
echo words >words
run 0 node "$ROOT/test/static-search/compare" "$DIBAO" m2 m2/site words 130

# A part of so many numbers that its head leads to tables: the same documents, numbered from 20,000 on.
if command -v python3 >/dev/null; then
	cp -r m far
	rm -r far/site
	cat >renumber.py <<'END'
import sqlite3
db = sqlite3.connect('far/archive.db')
db.execute('UPDATE search_docs SET block = block + 40')  # of 500 documents
db.execute('INSERT INTO search_docs (block, data) VALUES (66, ?)', (bytes(16),))
db.commit()
END
	run 0 python3 renumber.py
	run 0 "$DIBAO" -C far build
	sed -n '5,9p;24,29p' queries >some
	run 0 node "$ROOT/test/static-search/compare" "$DIBAO" m far/site some 60
	case $(ls far/site/search/g) in
	*0-32768-*) ;;
	*) fail "no part of 32,768 numbers: $(ls far/site/search/g)" ;;
	esac
fi

# What comes: few files, the same answers, and what a clean build would have written.
sums() { # OUT SITE
	(cd "$2" && find search -type f | LC_ALL=C sort | xargs cksum) >"$1"
}
sums before m/site
post 403 12-30 '渡輪復航' '北約的貓回來了，人工智能也是。'
run 0 "$DIBAO" -C m import site
run 0 "$DIBAO" -C m build
sums after m/site
written=$(diff before after | grep -c '^>')
[ "$written" -le 4 ] || fail "$written files of the index written for one article"
run 0 node "$ROOT/test/static-search/compare" "$DIBAO" m m/site queries 60

# Old articles are edited: no part is written anew, what they said is not found any more, and what they say is.
sums before m/site
post 5 06-06 '第5號渡輪與北約 5' '改過的：只有蘭花。'
post 17 06-18 '第17號渡輪與北約 3' '也改過：machine learning 與蘭花。'
post 100 05-17 '第100號' '北約 看着 貓'
run 0 "$DIBAO" -C m import site
run 0 "$DIBAO" -C m build
sums after m/site
written=$(diff before after | grep -c '^> .*search/g/' || :)
[ "$written" -eq 0 ] || fail "$written files of parts written for three edits"
printf '%s\n' 蘭花 '"ferry 17"' '"第 100 篇"' 'ferry -蘭花' >>queries
run 0 node "$ROOT/test/static-search/compare" "$DIBAO" m m/site queries 60
grep -q " 2 found.* 蘭花$" out || fail "the edits are not found"
grep -q " 0 found.*ferry 17" out || fail "what was edited is found still"

# A page that was opened before parts were written anew finds what is there now.
cat >renewed.js <<'END'
const fs = require('fs'), {execFileSync} = require('child_process'), [script, ...build] = process.argv.slice(2);
globalThis.location = {protocol: 'http:'};
globalThis.fetch = async (name, how) => {
	const at = 'm/site/' + name, there = fs.existsSync(at), b = there ? new Uint8Array(fs.readFileSync(at)) : null;
	const range = /(\d+)-(\d+)/.exec(how.headers && how.headers.Range);
	return {ok: there, status: there ? range ? 206 : 200 : 404, arrayBuffer: async () => (range ? b.slice(+range[1], +range[2] + 1) : b).buffer};
};
const search = require(script);
(async () => {
	const before = (await search.search('渡輪')).total;
	execFileSync(build[0], build.slice(1, 5));
	execFileSync(build[0], build.slice(1, 3).concat('build'));
	const after = (await search.search('"ferry 299"')).total, all = (await search.search('渡輪')).total;
	if (after !== 1 || all !== before + 8)
		throw Error(`${before}, then ${all}; ${after}`);
})();
END
for n in 1 2 3 4 5 6 7 8; do
	post "50$n" 12-31 '碼頭' "渡輪之八$n"
done
run 0 node renewed.js "$ROOT/theme/default/search.js" "$DIBAO" -C m import site
run 0 "$DIBAO" -C m build --out clean
sums after m/site
sums clean.sums clean
same after clean.sums

command -v python3 >/dev/null || skip "no python3: the search page is NOT shown to work in a browser"
python3 "$ROOT/test/static-search/browser" "$DIBAO" m m/site 人工智能 '"machine learning"' '貓' 'tag:第3類 渡輪'

# Turned off, there is none, and the page says so.
echo 'site_search = false' >>m/dibao.conf
run 0 "$DIBAO" -C m build
[ ! -e m/site/search ] || fail "site_search = false, and its folder is there"
grep -q '<form' m/site/search.html && fail "site_search = false, and the page has a form"
grep -q 'tags.html' m/site/search.html || fail "the page leads nowhere"
