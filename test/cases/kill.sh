# Killed at any instant of update and build, a mirror verifies and goes on. A few kills; `test/kill 300` for many.
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
exec "$ROOT/test/kill" 10
