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
