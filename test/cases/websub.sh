#!/bin/sh
# WebSub: run subscribes at the hub a feed names, proves that it wanted to, takes pushes that are signed, polls seldom while
# they come, asks anew before the lease ends, and unsubscribes; a hub that fails leaves polling as it was.
. "$ROOT/test/lib.sh"
command -v curl >/dev/null || skip "no curl here"

origin_start
python3 "$ROOT/test/hub" www &
hub_pid=$!
run_pid=
# shellcheck disable=SC2154
trap 'kill $run_pid "$hub_pid" "$origin_pid" 2>/dev/null || :' EXIT
port_in www/.hub-port "$hub_pid"
# shellcheck disable=SC2154
HUB=http://127.0.0.1:$server_port
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

waits() { # SECONDS WHAT COMMAND...: until the command is true
	tries=$(($1 * 50))
	what=$2
	shift 2
	until "$@"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || {
			cat www/.hub-log run.log
			fail "$what"
		}
		sleep 0.02
	done
}
hub_said() { grep -q -- "$1" www/.hub-log; }
logged() { grep -qF -- "$1" run.log; }
metric() {
	curl -s "http://127.0.0.1:$port/metrics" >metrics || return 1
	grep -qx -- "dibao_$1" metrics
}
# dibao run, with a clock that begins at $now.
start() {
	: >run.log
	DIBAO_NOW="$now@$(python3 -c 'import time; print(int(time.monotonic() * 1000))')*1"
	export DIBAO_NOW
	"$DIBAO" -C m run --no-build --listen "127.0.0.1:$port" >run.out 2>run.log &
	run_pid=$!
	waits 10 "it does not get ready" curl -sfo /dev/null "http://127.0.0.1:$port/readyz"
}
stop() {
	kill -TERM "$run_pid"
	wait "$run_pid" || fail "it ended with status $?: $(cat run.log)"
	run_pid=
	unset DIBAO_NOW
}
state() { # EXPRESSION over the status of source a
	run 0 env DIBAO_NOW="$now" "$DIBAO" -C m status --json a
	json "(lambda s: $1)(j[0])"
}
publish() { # HOW FILE
	answer=$(sed "s,@ORIGIN@,$ORIGIN," "$2" | curl -s --data-binary @- "$HUB/publish?topic=$ORIGIN/a.xml&how=$1")
}
atom() { # N...: a feed that names hub and self
	printf '<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><id>a</id><link rel="self" href="@ORIGIN@/a.xml"/><link rel="hub" href="%s/"/>\n' "$HUB"
	for n in "$@"; do
		printf '<entry><id>e%s</id><title>Story %s</title><link href="@ORIGIN@/%s.html"/><updated>2023-01-01T0%s:00:00Z</updated><content type="html">&lt;p&gt;%s&lt;/p&gt;</content></entry>\n' \
			"$n" "$n" "$n" "$n" "$(prose "$n")"
	done
	echo '</feed>'
}

now=1672567200000 # 2023-01-01T10:00:00Z
mirror
follow a /a.xml
atom 1 2 >www/a.xml

# Silent where no callback is set.
start
waits 10 "no update" logged "2 new"
stop
[ ! -e www/.hub-log ] || fail "a hub was asked though no callback is set"
state 's.get("subscription") is None and s["hub"].startswith("http://127.0.0.1")'

# Subscribed, verified, with a lease.
echo 'lease 172800' >www/.hub-script
echo "hub_callback = \"http://127.0.0.1:$port\"" >>m/dibao.conf
start
waits 10 "not subscribed" metric 'subscriptions_active 1'
hub_said "^asked subscribe $ORIGIN/a.xml 864000$" || fail "asked otherwise: $(cat www/.hub-log)"
hub_said "^subscribe agreed" || fail "the hub does not agree"
state 's["subscription"] == "active" and s["lease_until"].startswith("2023-01-03T10:00:0")' # as the hub said, not as was asked

# A push is stored as a feed is, without the source being asked.
asks=$(asked /a.xml)
atom 3 >push.xml
publish sha256 push.xml
[ "$answer" = 202 ] || fail "the push was answered with $answer"
waits 10 "the push is not stored" logged "1 new"
was_asked /a.xml "$asks"
run 0 "$DIBAO" -C m search "Sentence One of 3"
says "Story 3"
# The same again changes nothing; the methods of the specification are known; what is signed wrong or not at all is
# thanked for and forgotten, however it looks.
atom 4 >push.xml
publish bad push.xml
[ "$answer" = 202 ] || fail "a wrong signature was answered with $answer"
publish none push.xml
[ "$answer" = 202 ] || fail "no signature was answered with $answer"
publish sha1 www/a.xml
publish sha512 www/a.xml
waits 10 "pushes are not counted" metric 'pushes_total [23]'
metric 'pushes_refused_total 2' || fail "not two refused: $(grep pushes metrics)"
run 0 "$DIBAO" -C m list --json
json 'len(j["items"]) == 3'
# What cannot be read makes us ask the source itself.
atom 5 1 2 >www/a.xml
echo '<html>Something new!</html>' >push.xml
publish sha256 push.xml
waits 10 "the source is not asked" logged "cannot be read"
waits 20 "story 5 is not there" metric 'articles_new_total 2'

# Nobody gets in who does not know the address; a body has its limit; a question we did not ask is not agreed to.
callback=$(sed -n 's/^subscribe agreed [^ ]* //p' www/.hub-log | head -n 1)
code() { curl -s -o body -w '%{http_code}' "$@"; }
[ "$(code --data x "${callback%????}0000")" = 404 ] || fail "an unknown callback was taken"
[ "$(code "$callback?hub.mode=subscribe&hub.topic=http://e/other&hub.challenge=x")" = 404 ] || fail "another topic was agreed to"
[ "$(code "$callback?hub.mode=unsubscribe&hub.topic=$ORIGIN/a.xml&hub.challenge=x")" = 404 ] || fail "an end was agreed to that nobody wants"
[ "$(code "$callback?hub.mode=subscribe&hub.topic=$ORIGIN/a.xml")" = 404 ] || fail "no challenge was agreed to"
[ "$(code "$callback?hub.mode=subscribe&hub.topic=$ORIGIN/a.xml&hub.lease_seconds=172800&hub.challenge=%3Cb%3E")" = 200 ] || fail "not agreed to"
[ "$(cat body)" = "<b>" ] || fail "not the challenge"
[ "$(code -X PUT "$callback")" = 405 ] || fail "PUT was taken"
[ "$(code --data x "http://127.0.0.1:$port/")" = 405 ] || fail "a POST to the site was taken"
# A hub whose push says what polling would have said next tells of changes again.
atom 4 >push.xml
publish sha256 push.xml
waits 10 "story 4 is not there" metric 'articles_new_total 3'
head -c 20000000 /dev/zero >large
[ "$(code --data-binary @large "$callback")" = 413 ] || fail "20 MB were taken"
stop

# While a hub tells of changes polling is seldom; what only polling finds ends that rest.
state 's["next"] >= "2023-01-01T22:00:00Z" and s["next"] < "2023-01-01T23:30:00Z"'
later() { # HOURS
	now=$((now + $1 * 3600000))
}
later 1
DIBAO_NOW=$now run 0 "$DIBAO" -C m update --now a
state 's["next"] >= "2023-01-01T23:00:00Z"'
atom 6 1 2 >www/a.xml
later 1
run 0 env DIBAO_NOW="$now" "$DIBAO" -C m update --now a
says "1 new"
state 's["next"] < "2023-01-01T14:00:00Z"'

# Asked anew before the lease of two days ends.
later 38
: >www/.hub-log
start
waits 10 "not asked anew" hub_said '^subscribe agreed'
waits 10 "no new lease" metric 'subscriptions_active 1'
stop
state 's["lease_until"].startswith("2023-01-05T02:00:0")'

# A hub is no way into a private network.
cp m/sources.conf sources.conf
sed -i '/allow_private/d' m/sources.conf
later 47
: >www/.hub-log
start
waits 10 "the hub was not refused" logged "its hub $HUB/: the address is private"
stop
[ ! -s www/.hub-log ] || fail "a private hub was asked"
cp sources.conf m/sources.conf

# Not followed any more: unsubscribed, and the hub is told that it is over if it does not listen.
echo 'allow_private = true' >>m/dibao.conf
echo >m/sources.conf
echo silent >www/.hub-script
start
waits 10 "the end was not asked for" hub_said '^asked unsubscribe'
atom 7 >push.xml
publish sha256 push.xml
[ "$answer" = 410 ] || fail "a push that is not wanted was answered with $answer"
stop
rm www/.hub-script
: >www/.hub-log
later 2
start
waits 10 "not ended" hub_said '^unsubscribe agreed'
waits 10 "not forgotten" metric 'subscriptions 0'
stop

# A hub that fails is asked again later; one that denies, much later. Polling stays as it was.
cp sources.conf m/sources.conf
echo 'refuse 500' >www/.hub-script
start
waits 10 "no failure is told" logged "a: its hub $HUB/: 500 from 127.0.0.1, again at"
stop
state 's["subscription"] == "asked" and s["hub_error"] == "500 from 127.0.0.1"'
echo 'deny not for mirrors' >www/.hub-script
: >www/.hub-log
later 1
start
waits 10 "not denied" hub_said '^denied .* 200$'
waits 10 "not active" metric 'subscriptions_active 0'
stop
state 's["subscription"] == "denied" and s["hub_error"] == "denied: not for mirrors" and s["failures"] == 0'
: >www/.hub-log
later 30
start
waits 10 "no round" metric 'rounds_total [1-9]'
stop
[ ! -s www/.hub-log ] || fail "asked again too soon"

# Where a hub refuses, the next that the feed names is asked at once, and serves; the first is asked again when that one fails.
mkdir second
python3 "$ROOT/test/hub" second &
second_pid=$!
trap 'kill $run_pid "$second_pid" "$hub_pid" "$origin_pid" 2>/dev/null || :' EXIT
port_in second/.hub-port "$second_pid"
SECOND=http://127.0.0.1:$server_port
atom 8 1 2 | sed "s|<link rel=\"hub\"[^>]*>|&<link rel=\"hub\" href=\"$SECOND/\"/>|" >www/a.xml
DIBAO_NOW=$now run 0 "$DIBAO" -C m update --now a
echo 'refuse 500' >www/.hub-script
: >www/.hub-log
later 200
start
waits 10 "the first hub was not asked" logged "a: its hub $HUB/: 500 from 127.0.0.1"
waits 10 "the second hub was not asked" grep -q '^subscribe agreed' second/.hub-log
waits 10 "not one subscription" metric 'subscriptions 1'
waits 10 "none active" metric 'subscriptions_active 1'
state "s['hub'] == '$SECOND/' and s['subscription'] == 'active' and s['pushes'] == 0"
stop
echo 'deny no more' >second/.hub-script
rm www/.hub-script
: >www/.hub-log
later 2
start
waits 10 "the first hub was not asked again" hub_said '^subscribe agreed'
stop
state "s['hub'] == '$HUB/' and s['subscription'] == 'active'"
run 0 "$DIBAO" -C m verify
