#!/bin/sh
# Hostile fragments, sanitized, shown in headless Chromium: nothing runs, nothing but pictures is fetched, and the
# browser's tree is the one that was written.
command -v python3 >/dev/null || { echo "no python3: the sanitizer is not shown to be safe in a browser"; exit 77; }
exec python3 "$ROOT/test/sanitize/browser" "$DIBAO"
