# add finds the feed, names the source and appends its section, once.
. "$ROOT/test/lib.sh"

origin_start
mirror
rss 'Daily &amp; Sunday News' "$(item 1)" >www/feed.xml
mkdir www/blog www/none
printf '<html><head><title>Home</title><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head><body>x</body></html>' >www/index.html
rss 'The Blog' "$(item 2)" >www/blog/atom.xml
echo '<html><title>Blog</title><body>no link here</body></html>' >www/blog/index.html
echo '<html><title>None</title></html>' >www/none/index.html
cp m/sources.conf before

run 2 "$DIBAO" -C m add
run 1 "$DIBAO" -C m add "$ORIGIN/"
grep -q 'the address is private' err || fail "a private address is not refused"
grep -q -- '--allow-private' err || fail "the way out is not told"
cmp -s before m/sources.conf || fail "something was added"

run 0 "$DIBAO" -C m add --allow-private "$ORIGIN/"
says "daily-sunday-news: Daily & Sunday News, $ORIGIN/feed.xml"
run 0 "$DIBAO" -C m add --allow-private "$ORIGIN/"
says "daily-sunday-news is followed already"
run 0 "$DIBAO" -C m add --allow-private "$ORIGIN/feed.xml"
says "followed already"
run 0 "$DIBAO" -C m add --allow-private --name 'My Blog' --category 'Blogs' "$ORIGIN/blog/"
says "my-blog: My Blog, $ORIGIN/blog/atom.xml"
grep -q 'category = "Blogs"' m/sources.conf || fail "no category"
grep -q 'allow_private = true' m/sources.conf || fail "the permission is not written down"
rm www/feed.xml
run 1 "$DIBAO" -C m add --allow-private "$ORIGIN/none/"
told "it is no feed"
run 1 "$DIBAO" -C m add --allow-private "$ORIGIN/missing.xml"
told "404"
run 2 "$DIBAO" -C m add --name X a.example b.example
[ "$(grep -c '^source' m/sources.conf)" -eq 2 ] || fail "not two sources"
head -c "$(wc -c <before)" m/sources.conf | cmp -s - before || fail "what stood in sources.conf was touched"
