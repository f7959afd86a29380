#!/bin/sh
# A machine that fails: too few file descriptors, a locked database, a full disk, a clock that jumps back, no DNS. Each is told
# in a line, what can be done is done, and afterwards nothing is lost and nothing is there twice.
. "$ROOT/test/lib.sh"

origin_start
mirror
echo 'max_per_host = 40' >>m/dibao.conf
n=0
while [ $n -lt 40 ]; do
	follow "s$n" "/s$n.xml"
	{
		printf '<?xml version="1.0"?><rss version="2.0"><channel><title>S%s</title>' "$n"
		for k in 1 2; do
			printf '<item><title>Story %s of %s</title><link>@ORIGIN@/%s-%s.html</link><description>&lt;p&gt;%s&lt;/p&gt;</description></item>' \
				"$k" "$n" "$n" "$k" "$(prose "$n and $k")"
		done
		echo '</channel></rss>'
	} >"www/s$n.xml"
	n=$((n + 1))
done
cp -r m empty
whole() { # MIRROR: all 80 articles, each once, none damaged
	run 0 "$DIBAO" -C "$1" verify
	says "80 articles, nothing damaged"
	run 0 "$DIBAO" -C "$1" list --json --limit 0
	json 'len({i["url"] for i in j["items"]}) == 80 == len(j["items"])'
}

# Far too few file descriptors: told, and nothing half is left. Few: as many connections as leave room for our own files.
for n in 10 12 14 15 16; do
	status=0
	sh -c "ulimit -n $n; exec \"\$DIBAO\" -C m update --now" >out 2>err || status=$?
	case $status in
	0) ;;
	1) told "Too many open files" ;;
	3) [ "$(grep -c '^dibao: s[0-9]*: .*Too many open files, again at' err)" -eq "$(wc -l <err)" ] || fail "$(cat err)" ;;
	*) fail "status $status with $n descriptors" ;;
	esac
done
run 0 sh -c 'ulimit -n 30; exec "$DIBAO" -C m update --now'
whole m

# A locked database: told, with nothing lost.
cp -r empty locked
run 0 "$DIBAO" -C locked update s1
python3 - <<'END' &
import sqlite3, time
c = sqlite3.connect("locked/archive.db", isolation_level=None)
c.execute("BEGIN IMMEDIATE")
open("is-locked", "w").close()
time.sleep(600)
END
holder=$!
# shellcheck disable=SC2154
trap 'kill "$holder" "$origin_pid" 2>/dev/null || :' EXIT
while [ ! -e is-locked ]; do
	kill -0 "$holder" || fail "the database was not locked"
	sleep 0.02
done
run 75 "$DIBAO" -C locked update
told "archive.db: in use by another process"
kill "$holder"
wait "$holder" || :
run 0 "$DIBAO" -C locked update
whole locked

# A clock that jumps back, by an hour and by a year.
cp -r empty clock
for now in 1767322985000 1767319385000 1735786985000 1767323000000; do
	run 0 env DIBAO_NOW=$now "$DIBAO" -C clock update
	whole clock
done
run 0 env DIBAO_NOW=1735786985000 "$DIBAO" -C clock update --now
says "0 new articles, 0 edited; 40 unchanged"

# No DNS: told for each, and those that need none are fetched.
cp -r empty names
printf 'source "n%s" {\n\turl = "http://no-such-host-%s.invalid/"\n}\n' 1 1 2 2 >>names/sources.conf
run 3 "$DIBAO" -C names update
[ "$(grep -c "^dibao: n[12]: the host's name is not known, again at" err)" -eq 2 ] || fail "not told: $(cat err)"
[ "$(wc -l <err)" -eq 2 ] || fail "others fail too: $(cat err)"
whole names

# A full disk, at three places: told; with room again the rest comes.
cat >full.sh <<'END'
set -e
mkdir -p disk
mount -t tmpfs -o size="$1" tmpfs disk
cp -r empty disk/m
status=0
"$DIBAO" -C disk/m update >full.out 2>full.err || status=$?
echo "$status" >full.status
"$DIBAO" -C disk/m verify >full.verify 2>&1 || :
mount -o remount,size=50m disk
"$DIBAO" -C disk/m verify >>full.verify
"$DIBAO" -C disk/m update
cp -r disk/m after
umount disk
END
if unshare -m true 2>/dev/null; then
	apart="unshare -m"
elif unshare -rm true 2>/dev/null; then
	apart="unshare -rm"
else
	skip "no mounts here: nothing was told of a full disk"
fi
used=$(du -sk empty | cut -f 1)
for more in 64 250 600; do
	size=$((used + more))k
	rm -rf after
	run 0 $apart sh full.sh "$size"
	[ "$(cat full.status)" -eq 1 ] || fail "$size: status $(cat full.status)"
	[ "$(wc -l <full.err)" -eq 1 ] || fail "$size: not one line: $(cat full.err)"
	grep -qi 'disk is full\|no space left' full.err || fail "$size: $(cat full.err)"
	whole after
done
