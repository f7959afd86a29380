# Six hours of dibao run in fast time: pushes, failing feeds, new settings; nothing lost, nothing twice. `test/soak` for a day.
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
exec "$ROOT/test/soak" 6 900
