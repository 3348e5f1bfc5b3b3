"""A stand-in for the AWS CLI, with a directory for a bucket."""

from __future__ import annotations

from typing import Final

AWS_CLI: Final = """\
#!/bin/sh
# Of the AWS CLI what the job uses, and no more. An object is there once it is whole, as in S3.
set -eu
printf '%s\\n' "$0 $*" >> "$STORE/arguments"
[ "$1 $2" = "s3 cp" ]
shift 2
while :; do
  case $1 in
    --no-progress) shift ;;
    --copy-props) [ "$2" = none ]; shift 2 ;;
    *) break ;;
  esac
done
[ $# = 2 ]
object() {
  case $1 in
    "s3://$BUCKET/"*) printf '%s' "$STORE/objects/${1#"s3://$BUCKET/"}" ;;
    *) echo "An error occurred (NoSuchBucket)" >&2; exit 1 ;;
  esac
}
source=$1
target=$(object "$2")
case ${target#"$STORE/objects/"} in
  "${REFUSED:-none}"/*) head -c 65536 > /dev/null; echo "An error occurred (AccessDenied)" >&2; exit 1 ;;
esac
if [ "$source" = - ]; then
  head -c 65536 > "$STORE/part"
  touch "$STORE/begun"
  until [ -e "$STORE/go" ]; do sleep 0.05; done
  cat >> "$STORE/part"
else
  cat "$(object "$source")" > "$STORE/part"
fi
mv "$STORE/part" "$target"
"""
"""`$STORE/objects` is the bucket `$BUCKET`, which refuses what comes under `$REFUSED`. Of what comes through a pipe it
takes 64 KiB, makes `$STORE/begun` and waits for `$STORE/go`. `$STORE/arguments` has every command line."""
