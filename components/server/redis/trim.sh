# Cuts the stream of TMI's events: TMI adds to it and never takes away. Over verified TLS, with what the proxy's image has;
# the token is on no command line.
set -euo pipefail

coproc REDIS { exec openssl s_client -quiet -verify_return_error -verify_hostname "$REDIS_HOST" \
  -servername "$REDIS_HOST" -connect "$REDIS_HOST:$REDIS_PORT"; }
trap 'kill "$connection"' EXIT
connection=$REDIS_PID
exec {answers}<&"${REDIS[0]}" {commands}>&"${REDIS[1]}"

# A command on one line, and the first line of its answer, which has to begin as told; it stays in `answer`.
ask() {
  local beginning=$1
  shift
  printf '%s\r\n' "$*" >&"$commands"
  if ! read -r -t 30 answer <&"$answers"; then
    echo "Redis gave no answer to $1" >&2
    exit 1
  fi
  answer=${answer%$'\r'}
  if [[ $answer != "$beginning"* ]]; then
    echo "Redis refused $1: $answer" >&2
    exit 1
  fi
  echo "$1: $answer"
}

ask + AUTH "$(cat "$SECRETS/redis-token")"
ask : XLEN "$STREAM"
length=${answer#:}
# Roughly, so that Redis drops whole blocks and need not count each event.
ask : XTRIM "$STREAM" MAXLEN '~' "$LONGEST"
# CloudWatch counts this line; length is the stream's before it was cut.
echo "{\"job\":\"tmi-stream-trimming\",\"outcome\":\"done\",\"length\":$length}"
