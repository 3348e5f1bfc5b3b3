# Passwords go from file to variable or pipe, never to a command line: `printf` is a part of the shell. psql's own
# \password hashes before it sends, so that no log of the server can hold what was set; without a terminal it reads from
# its input.
set -eu
PGPASSWORD=$(cat "$SECRETS/master-password")
owner=$(cat "$SECRETS/owner-password")
# An empty one would lock TMI out of the database it has.
[ -n "$owner" ]
export PGPASSWORD
psql --no-psqlrc --quiet --set=connection_limit="$CONNECTION_LIMIT" --file="$SCRIPTS/bootstrap.sql"
printf '%s\n%s\n' "$owner" "$owner" | psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --command='\password tmi' 2>&1
# What TMI will do.
PGPASSWORD=$owner
psql --no-psqlrc --quiet --username=tmi --dbname=tmi --command='SELECT 1' > /dev/null
