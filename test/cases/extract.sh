# What `extract` makes of small pages of several kinds: the golden files beside them, and batch agrees with single.
set -eu
golden=$ROOT/test/golden/extract
base=https://gazette.example/2026/03/05/page

for page in "$golden"/*.html; do
	name=$(basename "$page" .html)
	"$DIBAO" extract --base "$base" "$page" >"$name.json"
	diff -u "$golden/$name.json" "$name.json"
	printf '%s\t%s\n' "$page" "$base" >>list
done

"$DIBAO" extract --batch list >batch
[ "$(wc -l <batch)" -eq "$(wc -l <list)" ]
grep -c '"path"' batch >/dev/null

# Standard input, and a page that is none: one line on standard error, exit 1.
"$DIBAO" extract - <"$golden/breaks.html" | grep -q '"title": "Notes from the quay"'
printf '%%PDF-1.7 something' >paper.pdf
status=0
"$DIBAO" extract paper.pdf >out 2>err || status=$?
[ "$status" -eq 1 ] && [ ! -s out ] && grep -q '^dibao: paper.pdf: no article: a PDF document$' err
status=0
: >empty.html
"$DIBAO" extract empty.html 2>err || status=$?
[ "$status" -eq 1 ] && grep -q 'no article: empty page' err
# In a batch it is an object that says so, and the others still come.
printf 'paper.pdf\thttps://gazette.example/x\nno-such-file\thttps://gazette.example/y\n%s\t%s\n' "$golden/breaks.html" "$base" >list
"$DIBAO" extract --batch list >batch
sed -n 1p batch | grep -q '"error":"no article: a PDF document"'
sed -n 2p batch | grep -q '"error":"no-such-file'
sed -n 3p batch | grep -q '"title":"Notes from the quay"'
# The operator's rules by hand.
"$DIBAO" extract --keep 'div.date' "$golden/breaks.html" | grep -q '"content_text": "12 April 2026"'
! "$DIBAO" extract --drop 'div.entry-content' "$golden/breaks.html" 2>/dev/null | grep -q regatta
status=0
"$DIBAO" extract --keep '..' "$golden/breaks.html" 2>err || status=$?
[ "$status" -eq 2 ] && grep -q 'not a CSS selector' err
# What a batch learns of a site holds for its first page too; a page that is no other's is as alone.
mkdir site
for i in 1 2 3 4; do
	printf '<html><body><main><p>%s</p><p>%s</p></main></body></html>\n' \
		"Report number $i, of the $i. day, was read aloud in hall $i by the clerk, who had $(seq -s ' and ' "$i") copies." \
		"The harbour has had a paper of its own for ninety years, written by people who live here, and it will go on." \
		>"site/$i.html"
	printf 'site/%s.html\thttps://quay.example/%s\n' "$i" "$i"
done >list
printf '%s\thttps://quay.example/other\n' "$golden/breaks.html" >>list
"$DIBAO" extract --batch list >batch
[ "$(wc -l <batch)" -eq 5 ] && [ "$(grep -c 'Report number' batch)" -eq 4 ]
! grep -q 'ninety years' batch
"$DIBAO" extract --base https://quay.example/other "$golden/breaks.html" >alone
alone=$(sed -n 's/.*"content_text": //p' alone)
grep -Fq "\"content_text\":$alone" batch || { echo 'the lone page differs in a batch'; exit 1; }

# Text for machines is no article either, without a mark of HTML in it.
printf 'User-agent: *\nDisallow: /drafts\n' >robots.txt
printf 'body { color: red; margin: 0 }\np { top: 0 }\n' >page.css
printf '// the owls\nvar owls = 3;\nfly(owls);\n' >page.js
for file in 'robots.txt a robots.txt' 'page.css a style sheet' 'page.js a script'; do
	status=0
	"$DIBAO" extract "${file%% *}" >out 2>err || status=$?
	[ "$status" -eq 1 ] && [ ! -s out ]
	grep -q "^dibao: ${file%% *}: no article: ${file#* }\$" err
done
