#!/bin/sh
# Wrong calls, wrong settings, no mirror, a mirror in use: one clear line and the status that cli says.
. "$ROOT/test/lib.sh"

run 2 "$DIBAO"
run 2 "$DIBAO" updat
told "did you mean update?"
run 2 "$DIBAO" --nonsense
told "no option --nonsense"
run 2 "$DIBAO" -C
told "-C needs a directory"
run 0 "$DIBAO" --version
says "dibao "
run 0 "$DIBAO" --help
for command in $("$DIBAO" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
	run 0 "$DIBAO" "$command" --help
	says "usage: dibao [-C DIR] $command"
	run 2 "$DIBAO" "$command" --no-such-option
	told "no option --no-such-option"
done

run 1 "$DIBAO" list
told "not a mirror: no dibao.conf in this directory"
run 1 "$DIBAO" -C nowhere list
told "not a mirror: no dibao.conf in nowhere"

run 0 "$DIBAO" init m
run 2 "$DIBAO" -C m list --sorce x
told "did you mean --source?"
run 2 "$DIBAO" -C m list --limit many
told "--limit takes a whole number"
run 2 "$DIBAO" -C m list --limit
told "--limit needs a value"
run 2 "$DIBAO" -C m list --from 2026-13-01
told "--from takes a day, month or year"
run 2 "$DIBAO" -C m search --to 2026-02-30 x
told "--to takes a day, month or year"
run 2 "$DIBAO" -C m export json --from 2026-02 --to 2025
told "--from 2026-02 is behind --to 2025"
run 0 "$DIBAO" -C m list --from 2026-02 --to 2026
told "dibao: no articles"
run 0 "$DIBAO" -C m search x
told "dibao: nothing found"
run 2 "$DIBAO" -C m list --json=x
told "--json takes no value"
run 2 "$DIBAO" -C m show
told "one article is named"
run 1 "$DIBAO" -C m show https://a.example/none
told "no article is known as https://a.example/none"
run 1 "$DIBAO" -C m list --source nobody
told "no source nobody"
run 2 "$DIBAO" -C m export tapestry
told "no format tapestry"
run 2 "$DIBAO" -C m export warc
told "comes in a later release"
run 2 "$DIBAO" -C m run --log xml
told "--log is plain, logfmt or json"

cp m/dibao.conf good
echo 'titel = "x"' >>m/dibao.conf
line=$(wc -l <m/dibao.conf)
run 1 "$DIBAO" -C m list
told "dibao.conf:$line: no option titel here; did you mean title?"
cp good m/dibao.conf
printf 'source "a" {\n\turl = "http://a.example/"\n\tevery = "5"\n}\n' >m/sources.conf
run 1 "$DIBAO" -C m list
told 'sources.conf:3: every must be a time with its unit'

# Somebody writes: who that is, is named. flock(1) holds the mirror as a process of dibao would.
command -v flock >/dev/null || skip "no flock here"
printf '' >m/sources.conf
echo '[{"site":"a","url":"http://a.example/"}]' >subs.json
echo 'dibao update, process 42' >m/dibao.lock
flock m/dibao.lock "$DIBAO" -C m import subs.json >out 2>err && fail "two writers"
status=0
flock m/dibao.lock "$DIBAO" -C m import subs.json >out 2>err || status=$?
[ "$status" -eq 75 ] || fail "status $status, not 75"
told "the mirror is in use by dibao update, process 42"
run 0 "$DIBAO" -C m import subs.json

# A full disk under standard output is told.
if [ -w /dev/full ]; then
	status=0
	"$DIBAO" --help >/dev/full 2>err || status=$?
	[ "$status" -eq 1 ] || fail "a full disk gives status $status"
	"$DIBAO" completion bash >/dev/full 2>err && fail "a full disk is not told"
	told "standard output could not be written"
fi
