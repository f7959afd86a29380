#!/bin/sh
# verify: whole archives are whole, and each damage is named.
. "$ROOT/test/lib.sh"
DIBAO_NOW=2026-01-02T03:04:05Z
export DIBAO_NOW

mkdir -p site/_posts
for day in 01 02 03; do
	printf -- '---\ntitle: "第%s篇"\ndate: 2025-12-%sT16:30:00Z\nfrom: https://a.example/%s\n---\n<p>這是第%s篇文章，說的是渡輪與風。</p>\n' \
		"$day" "$day" "$day" "$day" >"site/_posts/2025-12-$day-p.md"
done
run 0 "$DIBAO" init m
run 0 "$DIBAO" -C m verify
run 0 "$DIBAO" -C m import site
run 0 "$DIBAO" -C m verify
says "3 articles, nothing damaged"
run 0 "$DIBAO" -C m verify --json
json 'j == {"damages": []}'

# The index of the blobs may go: the packs tell all.
cp -r m whole
rm -f m/blobs/index.db*
run 0 "$DIBAO" -C m verify
says "nothing damaged"

# A byte of a body.
python3 - <<'PY'
with open('m/blobs/pack-00000001', 'r+b') as f:
    f.seek(48 + 30)
    f.write(b'\xff\xff\xff')
PY
run 4 "$DIBAO" -C m verify
says "damaged"
says "-p.md" # whichever came first: posts are read by several threads
[ "$(wc -l <out)" -eq 1 ] || fail "one damage, one line"

# A pack that is gone.
rm -rf m
cp -r whole m
rm m/blobs/pack-00000001
run 4 "$DIBAO" -C m verify
says "pack-00000001"

# Pages of the database overwritten.
rm -rf m
cp -r whole m
python3 - <<'PY'
import os
with open('m/archive.db', 'r+b') as f:
    f.seek(os.path.getsize('m/archive.db') // 2 // 8192 * 8192)
    f.write(b'\xa5' * 8192)
PY
run 4 "$DIBAO" -C m verify
says "database: "

# No database at all.
echo "this is no database, whatever it is called, and quite long enough to be looked at as one is it not" >m/archive.db
rm -f m/archive.db-*
run 1 "$DIBAO" -C m verify
told "damaged"
