# One source that fails hurts no other; each is named with its cause; nothing half is kept.
. "$ROOT/test/lib.sh"

run 1 "$DIBAO" -C nowhere update
told "nowhere"
origin_start
mirror
run 0 "$DIBAO" -C m update
follow good /good.xml
follow html /html.xml
follow cut /cut.xml
follow large /large.xml
follow missing /missing.xml
printf 'source "private" {\n\turl = "%s/private.xml"\n}\nsource "dead" {\n\turl = "http://127.0.0.1:1/"\n\tallow_private = true\n}\nsource "unknown" {\n\turl = "http://no-such-host.invalid/"\n}\n' "$ORIGIN" >>m/sources.conf
rss 'Good' "$(item 1)" "$(item 2)" >www/good.xml
echo '<html><head><title>Oops</title></head><body>Database error</body></html>' >www/html.xml
rss 'Cut' "$(item 3)" "$(item 4)" >www/cut.xml
echo 'cut 900' >www/cut.xml.script
rss 'Large' "$(item 5)" >www/large.xml
head -c 3000 /dev/zero | tr '\0' ' ' >>www/large.xml
echo 'max_feed = "2KiB"' >>m/dibao.conf
sed -i 's/^max_feed.*/max_feed = "3000B"/' m/dibao.conf
run 3 "$DIBAO" -C m update
says "2 new articles"
[ "$(wc -l <err)" -eq 7 ] || { cat err; fail "not seven failures"; }
cause() {
	grep -q "^dibao: $1: $2" err || { cat err; fail "$1 does not fail with $2"; }
}
cause html 'no feed: it is a page'
cause cut 'the answer was cut short'
cause large 'more than [0-9]* bytes'
cause missing '404 from 127.0.0.1'
cause private 'the address is private'
cause dead 'the host takes no connection'
cause unknown "the host's name is not known"
run 3 "$DIBAO" -C m status --failing
[ "$(wc -l <out)" -eq 7 ] || fail "status has other failures"
run 3 "$DIBAO" -C m status --json
json '{s["key"]: s["health"] for s in j}["good"] == "ok" and len(j) == 8'
run 1 "$DIBAO" -C m update godo
told "did you mean good?"

# What failed comes when it can.
rm www/cut.xml.script
run 0 "$DIBAO" -C m update --now cut
says "2 new articles"

# A second process says who holds the mirror.
follow slow /slow.xml
echo deaf >www/slow.xml.script
"$DIBAO" -C m update slow >slow.out 2>&1 &
pid=$!
while [ "$(asked /slow.xml)" -eq 0 ]; do
	kill -0 "$pid" || fail "the update ended by itself"
	sleep 0.02
done
run 75 "$DIBAO" -C m update
told "$pid"
# Stopped: soon, and what was stored stays.
kill -TERM "$pid"
wait "$pid" && fail "a stopped update ends well"
grep -q 'stopped' slow.out || fail "a stopped update does not say so"
run 0 "$DIBAO" -C m verify
run 0 "$DIBAO" -C m list
[ "$(wc -l <out)" -eq 4 ] || fail "an article is missing"
