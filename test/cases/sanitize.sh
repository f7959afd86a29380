#!/bin/sh
# dibao sanitize: the command itself; what it lets through is in src/page/sanitize_test.c.
fail() {
	echo "sanitize: $*"
	exit 1
}

printf '<p onclick=x>a<script>b</script><a href=/c>d</a>' >in.html
"$DIBAO" sanitize --base https://example.org/e in.html >out.html || fail "status $?"
printf '<p>a<a href="https://example.org/c" rel="nofollow noopener noreferrer">d</a></p>\n' >want.html
cmp out.html want.html || fail "$(cat out.html)"
"$DIBAO" sanitize --base https://example.org/e - <out.html | cmp - out.html || fail "not stable"

: >empty
"$DIBAO" sanitize empty >out.html || fail "an empty file is no error"
[ -s out.html ] && fail "something out of nothing"

"$DIBAO" sanitize nowhere.html 2>err && fail "a missing file"
[ $? -eq 1 ] && grep -q '^dibao: .*nowhere.html' err || fail "missing: $(cat err)"
"$DIBAO" sanitize --base ftp://x in.html 2>err
[ $? -eq 2 ] && grep -q -- --base err || fail "a base that is no web address: $(cat err)"
"$DIBAO" sanitize 2>err
[ $? -eq 2 ] || fail "no file named: $(cat err)"

head -c 17000000 /dev/zero | tr '\0' x >big.html
"$DIBAO" sanitize big.html 2>err >out.html
[ $? -eq 1 ] && [ ! -s out.html ] || fail "past the ceiling"
exit 0
