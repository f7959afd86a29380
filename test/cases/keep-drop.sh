#!/bin/sh
# Rules by hand: what a source's keep and drop name stays or goes, in pages and feeds, in update, looking again and
# extract --again; a rule that changes makes no revision; one that cannot be read is told with file and line.
. "$ROOT/test/lib.sh"
DIBAO_NOW=1767322985000
export DIBAO_NOW

story() {
	cat >www/1.html <<-END
		<html><head><title>Story 1</title></head><body><article><h1>Story 1</h1><p>$(prose page)</p>
		<p class="promo">The promotion of the week reads like any sentence of the story.</p>
		<p>$(prose more)</p></article><aside class="notes"><p>A note of the editors, far from all the text.</p></aside><!-- $1 --></body></html>
	END
}
rules() { # LINE...: of both sources
	cat base.conf >m/sources.conf
	for key in p f; do
		{
			printf 'source "%s" {\n\turl = "%s/%s.xml"\n\tallow_private = true\n' "$key" "$ORIGIN" "$key"
			printf '\t%s\n' "$@"
			echo '}'
		} >>m/sources.conf
	done
}
# Whether the promotion is there, and the note.
shows() {
	run 0 "$DIBAO" -C m show --json "$1"
	json "('promotion' in j['content_text'], 'editors' in j['content_text'], j['_dibao']['revision']) == ($2, $3, 1)"
}

origin_start
mirror
cp m/sources.conf base.conf
rss P "$(teaser 1)" >www/p.xml
rss F "$(item 2 "$(prose feed)</p><p class=\"promo\">The promotion of the week.</p><p>$(prose end)")" >www/f.xml
story 1
rules 'drop = { ".promo" }' 'keep = { "aside.notes p" }'
run 0 "$DIBAO" -C m update
shows "$ORIGIN/1.html" False True
shows "$ORIGIN/2.html" False False

# Without the rules: what is fetched anew, looked at again, or read again from what is kept is as it would have been.
rules
story 2
DIBAO_NOW=$((DIBAO_NOW + 3 * 86400000))
echo >>www/f.xml
run 0 "$DIBAO" -C m update --now
says "0 edited"
shows "$ORIGIN/1.html" True False
shows "$ORIGIN/2.html" True False
rules 'drop = { ".promo" }'
run 0 "$DIBAO" -C m extract --again
shows "$ORIGIN/1.html" False False
shows "$ORIGIN/2.html" False False

rules 'drop = { "p..promo" }'
run 1 "$DIBAO" -C m update
told "sources.conf:$(grep -n 'p\.\.promo' m/sources.conf | head -n 1 | cut -d: -f1)"
told "p..promo"
