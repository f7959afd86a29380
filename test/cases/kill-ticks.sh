# Killed at any instant while the news change, a mirror ends as one that was never disturbed. A few kills; `test/kill-ticks 300` for many.
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
exec "$ROOT/test/kill-ticks" 10
