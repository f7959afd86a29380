# A build killed at any instant: what stands is fit to read, and the next build makes what a clean one makes. A few kills;
# `test/kill-build 200` for many.
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
exec "$ROOT/test/kill-build" 6
