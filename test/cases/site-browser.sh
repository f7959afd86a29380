#!/bin/sh
# Every page of a hostile publisher's mirror (titles, authors, keywords, texts, differences, lists) in headless Chromium:
# nothing runs, nobody else is asked; its feeds and sitemaps are what their specifications say.
command -v python3 >/dev/null || { echo "no python3: the pages of a site are not shown to be safe in a browser"; exit 77; }
exec python3 "$ROOT/test/sanitize/site" "$DIBAO"
