# shellcheck shell=sh
# lib.sh - what the cases in test/cases share. A case starts with: . "$ROOT/test/lib.sh"
# It runs in an empty folder of its own; DIBAO is the program, ROOT the repository.
set -eu

fail() {
	echo "FAILED: $*"
	exit 1
}

# skip WHY: nothing could be told here.
skip() {
	echo "$*"
	exit 77
}

# run STATUS COMMAND...: the command must end with that status; its output is in ./out and ./err.
run() {
	want=$1
	shift
	status=0
	"$@" >out 2>err || status=$?
	[ "$status" -eq "$want" ] || {
		cat out err
		fail "status $status, not $want: $*"
	}
}

# One line on standard error, that starts "dibao: " and has the words given in it.
told() {
	[ "$(wc -l <err)" -eq 1 ] || {
		cat err
		fail "not one line on standard error"
	}
	grep -q '^dibao: ' err || fail "standard error does not start with dibao: $(cat err)"
	grep -qF -- "$1" err || fail "standard error does not say '$1': $(cat err)"
}

# says TEXT: standard output has it.
says() {
	grep -qF -- "$1" out || {
		cat out
		fail "standard output does not say '$1'"
	}
}

# json EXPRESSION [FILE]: a Python expression over the JSON in FILE (out), named `j`, must be true.
json() {
	command -v python3 >/dev/null || skip "no python3 here"
	python3 - "$1" "${2:-out}" <<-'END' || fail "not so: $1"
		import json, sys
		with open(sys.argv[2], encoding="utf-8") as f:
		    j = json.load(f)
		result = eval(sys.argv[1])
		if not result:
		    print(sys.argv[1], "is", result)
		sys.exit(0 if result else 1)
	END
}

same() {
	cmp "$1" "$2" || fail "$1 and $2 differ"
}

# --- an origin: test/origin serves the folder www, at $ORIGIN ---------------------------------------

# Waits until the server PID has written its port to FILE; sets server_port.
port_in() { # FILE PID
	while [ ! -s "$1" ]; do
		kill -0 "$2" || fail "the server that writes $1 did not start"
		sleep 0.02
	done
	server_port=$(cat "$1")
}

# origin_start: until the case ends.
origin_start() {
	command -v python3 >/dev/null || skip "no python3 here"
	mkdir -p www
	python3 "$ROOT/test/origin" www &
	origin_pid=$!
	trap 'kill "$origin_pid" 2>/dev/null' EXIT
	port_in www/.port "$origin_pid"
	ORIGIN=http://127.0.0.1:$server_port
}

# asked PATH: how often it was; asked PATH HEADER: how often with it.
asked() {
	touch www/.log
	if [ $# -eq 1 ]; then
		grep -c "^$1 " www/.log || :
	else
		grep "^$1 " www/.log | grep -c "$2" || :
	fi
}

# was_asked PATH N: so often, no more and no less.
was_asked() {
	[ "$(asked "$1")" -eq "$2" ] || fail "$1 was asked $(asked "$1") times, not $2"
}

# A mirror in ./m that does not wait between requests to one host; follow KEY PATH [LINE...] adds a source.
mirror() {
	"$DIBAO" init m >/dev/null
	printf 'host_gap = "0s"\npictures = false\n' >>m/dibao.conf
}
follow() {
	key=$1
	path=$2
	shift 2
	{
		printf 'source "%s" {\n\turl = "%s"\n\tallow_private = true\n' "$key" "$ORIGIN$path"
		[ $# -eq 0 ] || printf '\t%s\n' "$@"
		echo '}'
	} >>m/sources.conf
}

# rss TITLE ITEM...: a feed; item N [TEXT [LINK]]: one of its items, whose text is long enough to be all of the article.
rss() {
	title=$1
	shift
	printf '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>%s</title><link>@ORIGIN@/</link>\n' "$title"
	printf '%s\n' "$@"
	printf '</channel></rss>\n'
}
prose() {
	for sentence in One Two Three Four Five Six Seven Eight; do
		printf 'Sentence %s of %s says at some length what nobody had said before it, so that it is no teaser. ' "$sentence" "$1"
	done
}
item() {
	printf '<item><title>Story %s</title><link>%s</link><guid>g%s</guid><pubDate>Thu, 01 Jan 2026 0%s:00:00 GMT</pubDate><description>A hint.</description><content:encoded><![CDATA[<p>%s</p>]]></content:encoded></item>' \
		"$1" "${3:-@ORIGIN@/$1.html}" "$1" "$1" "${2:-$(prose "$1")}"
}
# teaser N: an item that only hints; page N [TEXT]: the page it leads to.
teaser() {
	printf '<item><title>Story %s</title><link>@ORIGIN@/%s.html</link><guid>g%s</guid><pubDate>Thu, 01 Jan 2026 0%s:00:00 GMT</pubDate><description>A hint of %s.</description></item>' \
		"$1" "$1" "$1" "$1" "$1"
}
page() {
	printf '<!doctype html><html lang="en"><head><title>Story %s</title></head><body><nav><a href="/">Home</a> <a href="/x">More</a></nav><article><h1>Story %s</h1><p>%s</p><p>%s</p></article><footer>Copyright</footer></body></html>\n' \
		"$1" "$1" "${2:-$(prose "page $1")}" "$(prose "the end of $1")"
}
