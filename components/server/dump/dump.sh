# Dumps TMI's database into a FIFO that `upload.sh` reads. This end of the FIFO stays open until the script ends, so that
# the other script never sees an end of the dump before the mark beside it, and no mark if anything went wrong.
set -euo pipefail
mkfifo "$WORK/archive" "$WORK/check"
exec 3> "$WORK/archive"
PGPASSWORD=$(cat "$SECRETS/owner-password")
export PGPASSWORD
# pg_restore reads the whole archive, rather than its table of contents alone: a dump that is cut off is found out here,
# whatever pg_dump said.
pg_restore --file=/dev/null < "$WORK/check" 3>&- &
check=$!
pg_dump --format=custom --no-password | tee "$WORK/check" >&3
wait "$check"
touch "$WORK/complete"
