#!/bin/sh
# dibao run: updates, builds and serves in one process; health and metrics beside the site; new settings are taken up;
# TERM ends it with nothing lost; a second process is told who holds the mirror.
. "$ROOT/test/lib.sh"
command -v curl >/dev/null || skip "no curl here"

origin_start
mirror
follow one /one.xml
rss 'One' "$(item 1)" "$(item 2)" >www/one.xml
rss 'Two' "$(item 3)" >www/two.xml

"$DIBAO" -C m run --listen 127.0.0.1:0 --log logfmt >run.out 2>run.log &
run_pid=$!
# origin_pid is lib.sh's.
# shellcheck disable=SC2154
trap 'kill "$run_pid" "$origin_pid" 2>/dev/null || :' EXIT

# Waits until the log has the words.
logged() {
	tries=0
	until grep -qF -- "$1" run.log; do
		tries=$((tries + 1))
		[ "$tries" -lt 500 ] || {
			cat run.log
			fail "the log does not say '$1'"
		}
		kill -0 "$run_pid" || fail "it ended: $(cat run.log)"
		sleep 0.02
	done
}
get() { # PATH: its body in ./out
	curl -s -o out "http://127.0.0.1:$port$1"
}

logged "2 new"
logged "site: "
port=$(sed -n 's/.*port \([0-9]*\)".*/\1/p' run.log | head -n 1)
get /healthz
says ok
get /readyz
says ready
get /metrics
says 'dibao_articles_new_total 2'
says 'dibao_source_articles{source="one"} 2'
get /
says "Story 1"
[ -s m/site/index.html ] || fail "no site was built"

run 75 "$DIBAO" -C m update
told "in use by dibao run"

# One more source; settings with an error are told, and those there were stay.
echo 'source "broken" {' >>m/sources.conf
kill -HUP "$run_pid"
logged "the settings stay as they were"
sed -i '$d' m/sources.conf
follow two /two.xml
kill -HUP "$run_pid"
logged "2 sources"
logged "1 new"
# The same socket goes on through all of it.
get /
says "Story 3"

kill -TERM "$run_pid"
wait "$run_pid" || fail "it ended with status $?"
run 0 "$DIBAO" -C m verify
run 0 "$DIBAO" -C m list --json
json 'len(j["items"]) == 3'
