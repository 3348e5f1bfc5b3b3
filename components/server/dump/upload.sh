# Sends what `dump.sh` writes to S3. What comes in may be half a dump, since the end of a FIFO says nothing about the
# other side; only with its mark beside it is it copied, inside S3, to where whole dumps are.
set -eu
name=$(date -u +%Y-%m-%dT%H-%M-%SZ).dump
until [ -p "$WORK/archive" ]; do sleep 1; done
aws s3 cp --no-progress - "s3://$BUCKET/incoming/$name" < "$WORK/archive"
if [ ! -e "$WORK/complete" ]; then
  echo "the dump is not whole; see the log of the other container" >&2
  exit 1
fi
aws s3 cp --no-progress --copy-props none "s3://$BUCKET/incoming/$name" "s3://$BUCKET/dumps/$name"
# CloudWatch counts this line.
echo '{"job":"tmi-database-dump","outcome":"done"}'
