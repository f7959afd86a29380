#!/bin/sh
# init makes a mirror that every command takes, and never overwrites one.
. "$ROOT/test/lib.sh"

run 0 "$DIBAO" init m --title 'A "title"'
[ -f m/dibao.conf ] && [ -f m/sources.conf ] && [ -f m/archive.db ] || fail "a file is missing"
grep -q '^title = "A \\"title\\""$' m/dibao.conf || fail "the title is not set"
run 0 "$DIBAO" -C m list
[ ! -s out ] || fail "an empty mirror lists something"

cp m/dibao.conf before
echo '# mine' >>m/sources.conf
run 1 "$DIBAO" init m
told "is a mirror already"
same m/dibao.conf before
tail -n 1 m/sources.conf | grep -qx '# mine' || fail "sources.conf was overwritten"

# Settings that stood there before stay: only what is missing is made.
mkdir half
echo 'source "a" { url = "http://a.example/" }' >half/sources.conf
run 0 "$DIBAO" init half
grep -q 'a.example' half/sources.conf || fail "sources.conf was overwritten"

mkdir here
(cd here && "$DIBAO" init >/dev/null) || fail "init in this directory"
[ -f here/dibao.conf ] || fail "no dibao.conf here"

run 2 "$DIBAO" init a b
told "one directory"
: >file
run 1 "$DIBAO" init file/x
told "file"
