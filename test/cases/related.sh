#!/bin/sh
# An article shows earlier ones of other sources on the same event. They come late and in any order: after each build
# the site is what a clean build makes, and one that comes last changes no page of an older article.
. "$ROOT/test/lib.sh"

post() { # NAME TITLE DATE SOURCE TEXT
	mkdir -p posts/_posts
	printf -- '---\nlayout: post\ntitle: "%s"\ndate: %s.000Z\nauthor: %s\nfrom: https://%s.example/%s\ntags: [ %s ]\ncategories: [ %s ]\n---\n<!--%s000-->\n[x](https://%s.example/%s)\n------\n\n<div>\n<p>%s</p>\n</div>\n' \
		"$2" "$3" "$4" "$4" "$1" "$4" "$4" "$(date -u -d "$3" +%s)" "$4" "$1" "$5" >"posts/_posts/${3%%T*}-$1.md"
}
built_as_clean() {
	run 0 "$DIBAO" -C m import jekyll posts
	run 0 "$DIBAO" -C m build
	written=$(sed -n 's/.*: \([0-9]*\) written.*/\1/p' out)
	rm -rf clean
	run 0 "$DIBAO" -C m build --out clean
	diff -r -x .dibao m/site clean || fail "after $1: not what a clean build makes"
}
page() { # NAME: the article's file
	find m/site -path "*/$1/index.html"
}
shown() { # NAME WORDS: it shows an article with these words in its title
	sed -n '/id="related"/,/<\/section>/p' "$(page "$1")" | grep -q "$2"
}
printf 'permalink: /:year-:month-:day/:title/\n' >conf
mkdir -p posts && mv conf posts/_config.yml
go='蘇念卿在蘭汀圍棋公開賽決賽逆轉，以十四歲之齡奪冠。'
run 0 "$DIBAO" init m

post a '蘭汀圍棋公開賽 14歲蘇念卿逆轉奪冠' 2023-01-02T04:00:00 qingyu "$go"
post b '渡輪公司宣布停航三天' 2023-01-02T05:00:00 qingyu '因為強風，渡輪公司明天起停航三天。'
built_as_clean "two of one source"
post c '十四岁少女苏念卿夺得兰汀围棋公开赛冠军' 2023-01-02T08:00:00 jiangan '苏念卿逆转夺冠，年仅十四岁。'
built_as_clean "the same event elsewhere"
grep -q '3 articles' m/site/archive.html || fail "the archive does not count the newest month"
shown c '蘇念卿逆轉奪冠' || fail "the other source's is not shown"
[ "$written" -le 12 ] || fail "$written files for one article"
before=$(cksum "$(page a)" "$(page b)" "$(page c)")
post d '渡輪停航三天 旅客改搭班機' 2023-01-02T09:00:00 ledger '渡輪公司因為強風宣布停航三天，旅客改搭班機。'
built_as_clean "one that comes last"
shown d '停航三天' || fail "the other source's is not shown"
[ "$(cksum "$(page a)" "$(page b)" "$(page c)")" = "$before" ] || fail "a new article changed an older page"
post e '蘭汀圍棋公開賽蘇念卿逆轉奪冠' 2023-01-02T06:00:00 shiomi "$go"
built_as_clean "one that comes late"
shown c '>蘭汀圍棋公開賽蘇念卿逆轉奪冠<' || fail "the late one is not shown on what came after it"
shown e '14歲蘇念卿' || fail "the late one does not show what was before"
for n in 1 2 3 4 5 6 7 8; do
	post "f$n" "苏念卿夺冠后回到兰汀围棋学校 第$n 天" "2023-01-0$((n % 3 + 1))T0$n:30:00" "source$n" "十四岁的苏念卿在兰汀围棋公开赛夺冠。"
	[ $((n % 2)) -eq 1 ] || built_as_clean "two more, $n"
done
[ "$(sed -n '/id="related"/,/<\/section>/p' "$(page f7)" | grep -c '<li>')" -le 5 ] || fail "more than five"
