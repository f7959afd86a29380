#!/bin/sh
# A mirror that an older dibao made: a command that only reads brings it up to date, too, unless somebody else is
# writing, or it may not; then it says what to do.
. "$ROOT/test/lib.sh"

command -v python3 >/dev/null || skip "no python3 here"

# The tables as the first migration of all made them.
older() {
	rm -rf m
	"$DIBAO" init m >/dev/null
	rm -f m/archive.db*
	python3 - "$ROOT/src/store/schema/schema.h" <<-'END'
		import re, sqlite3, sys
		text = open(sys.argv[1]).read()
		first = text[text.index("{") : ]
		first = first[: re.search(r'",\n\n', first).end()]
		sql = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', first))
		for word, engine in ("{id}", "INTEGER PRIMARY KEY"), ("{blob}", "BLOB"), ("{clustered}", "WITHOUT ROWID"):
		    sql = sql.replace(word, engine)
		db = sqlite3.connect("m/archive.db")
		db.executescript(sql + "CREATE TABLE schema (version INTEGER NOT NULL); INSERT INTO schema VALUES (1);")
		db.close()
	END
}

for command in list status verify "export json" "search x"; do
	older
	# shellcheck disable=SC2086
	run 0 "$DIBAO" -C m $command
	grep -q 'made by an older dibao: bringing it up to date' err || fail "$command did not say what it did: $(cat err)"
	# shellcheck disable=SC2086
	run 0 "$DIBAO" -C m $command
	! grep -q 'older dibao' err || fail "$command says it again: $(cat err)"
done

# An index made before there were days of its documents gets them: the second of 2024-03-01, and a dead one.
older
cat >docs.py <<'END'
import sqlite3, struct, sys
db = sqlite3.connect("m/archive.db")
if sys.argv[1] == "before":
    db.execute("INSERT INTO search_docs VALUES (0, ?)", (struct.pack("=6q", 0, 0, 65537, 1709251201000, 0, 0),))
    db.commit()
else:
    days = struct.unpack("=3H", db.execute("SELECT data FROM search_days WHERE block = 0").fetchone()[0])
    sys.exit(0 if days == (0, 19783 + 25567 + 1, 0) else "days are %s" % (days,))
END
python3 docs.py before
run 0 "$DIBAO" -C m list
run 0 python3 docs.py after

# While another process writes, nothing is touched.
older
if command -v flock >/dev/null; then
	flock m/dibao.lock sh -c "\"\$DIBAO\" -C m list >out 2>err; echo \$? >status"
	[ "$(cat status)" -eq 75 ] || fail "status $(cat status), not 75"
	told "an older dibao made the archive, and it is being written to"
fi

# Where nothing can be written: what to do is said; a mirror of today is read.
if unshare -m true 2>/dev/null; then
	apart="unshare -m"
elif unshare -rm true 2>/dev/null; then
	apart="unshare -rm"
else
	skip "no mounts here: nothing was told of a mirror on a read-only medium"
fi
cat >read-only.sh <<'END'
mount --bind m m && mount -o remount,bind,ro m || exit 77
exec "$DIBAO" -C m "$@"
END
run 1 $apart sh read-only.sh list
told "it cannot be brought up to date here"
rm -rf m
"$DIBAO" init m >/dev/null
printf '<rss version="2.0"><channel><title>T</title><item><title>Read only</title><guid>a</guid></item></channel></rss>' >feed.xml
mkdir www
cp feed.xml www/
origin_start
follow a /feed.xml
run 0 "$DIBAO" -C m update
for command in list verify "search read" status "export --out posts jekyll" "export json"; do
	# shellcheck disable=SC2086
	run 0 $apart sh read-only.sh $command
done
says "Read only"
run 1 $apart sh read-only.sh update
told "dibao.lock: Read-only file system"
