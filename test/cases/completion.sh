#!/bin/sh
# Each shell takes its script, and completes commands, options and source keys with it.
. "$ROOT/test/lib.sh"

run 0 "$DIBAO" init m
printf 'source "alpha" {\n\turl = "http://a.example/"\n}\nsource "beta" {\n\turl = "http://b.example/"\n}\n' >m/sources.conf
run 2 "$DIBAO" completion
run 2 "$DIBAO" completion tcsh
told "no shell tcsh"

tried=0
for shell in bash zsh fish; do
	run 0 "$DIBAO" completion $shell
	cp out script.$shell
	for command in $("$DIBAO" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
		grep -qw "$command" script.$shell || fail "$shell does not know $command"
	done
	command -v $shell >/dev/null || continue
	$shell -n script.$shell || fail "$shell refuses its script"
	tried=$((tried + 1))
done
[ "$tried" -gt 0 ] || skip "none of bash, zsh, fish here"

if command -v bash >/dev/null; then
	cat >try.bash <<-'END'
		. ./script.bash
		try() {
			COMP_WORDS=("$@")
			COMP_CWORD=$(($# - 1))
			_dibao
			echo "${COMPREPLY[*]}"
		}
		try dibao upd
		try dibao -C m update al
		try dibao list --so
		try dibao completion z
	END
	run 0 bash try.bash
	printf 'update\nalpha\n--source\nzsh\n' | cmp - out || fail "bash completes otherwise"
fi
if command -v fish >/dev/null; then
	run 0 env HOME="$PWD" fish -c 'source script.fish; complete -C "dibao upd"; complete -C "dibao -C m update al"; complete -C "dibao list --sour"'
	cut -f 1 out >words
	printf 'update\nalpha\n--source\n' | cmp - words || fail "fish completes otherwise"
fi

# zsh completes on a terminal of its own only; what it must have typed is waited for.
if command -v zsh >/dev/null && zsh -fc 'zmodload zsh/zpty' 2>/dev/null; then
	mkdir functions
	cp script.zsh functions/_dibao
	cat >try.zsh <<-'END'
		zmodload zsh/zpty
		zpty -b z zsh -f -i
		zpty -w z "unset zle_bracketed_paste; PROMPT=; fpath=($PWD/functions \$fpath); autoload -U compinit; compinit -u -d $PWD/dump; bindkey '^I' complete-word"
		seen=
		expect() {
			for n in {1..100}; do
				zpty -r -t z piece && seen+=$piece
				[[ $seen == *$1* ]] && return
				zselect -t 5
			done
			print "not completed: $1 in ${(V)seen}"
			exit 1
		}
		zmodload zsh/zselect
		zpty -w z "print rea''dy"
		expect ready
		try() {
			seen=
			zpty -w -n z $'\C-U'"$1"$'\t'
			expect "$2"
		}
		try 'dibao upd' 'dibao update'
		try 'dibao -C m update al' 'update alpha'
		try 'dibao list --sour' '--source'
		try 'dibao completion z' 'completion zsh'
		zpty -d z
	END
	run 0 env TERM=dumb zsh -f try.zsh
fi
