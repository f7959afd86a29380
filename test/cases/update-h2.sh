#!/bin/sh
# HTTP/2: feeds and pages come as streams of one connection, two at a time and no more.
. "$ROOT/test/lib.sh"
# Debian's package is for Debian's Python.
for python in python3 /usr/bin/python3 none; do
	[ "$python" = none ] && skip "no python3-h2 here: nothing was told of HTTP/2"
	"$python" -c 'import h2' 2>/dev/null && break
done
command -v openssl >/dev/null || skip "no openssl here: nothing was told of HTTP/2"

mkdir www
"$python" "$ROOT/test/origin-h2" www &
h2_pid=$!
trap 'kill "$h2_pid" 2>/dev/null' EXIT
port_in www/.h2-port "$h2_pid"
# shellcheck disable=SC2034,SC2154 # lib.sh's follow uses it, and port_in sets it
ORIGIN=https://127.0.0.1:$server_port
mirror
for n in 1 2 3 4 5 6; do
	follow "s$n" "/s$n.xml"
	rss "S$n" "$(teaser "$n")" >"www/s$n.xml"
	page "$n" >"www/$n.html"
done

# A certificate that nobody vouches for is refused.
run 3 "$DIBAO" -C m update s1
told "s1: the TLS certificate is not trusted"
[ ! -s www/.h2-log ] || fail "something was asked of a host that is not trusted"

SSL_CERT_FILE=www/.h2-cert.pem
export SSL_CERT_FILE
run 0 "$DIBAO" -C m update --now
says "6 new articles"
[ "$(wc -l <www/.h2-log)" -eq 13 ] || fail "not 13 requests (robots.txt, 6 feeds, 6 pages): $(cat www/.h2-log)"
most=$(cut -d ' ' -f 4 www/.h2-log | sort -n | tail -n 1)
[ "$most" -eq 2 ] || fail "$most streams at a time, not 2"
[ "$(cut -d ' ' -f 2 www/.h2-log | sort -u | wc -l)" -eq 1 ] || fail "more than one connection: $(cat www/.h2-log)"
run 0 "$DIBAO" -C m search "the end of 6"
says "Story 6"
