# Restarts the pods of a Deployment as `kubectl rollout restart` does: an annotation of its pods changes, and Kubernetes
# replaces them the way the Deployment says. It waits for a rollout that is under way, begins none on top of one that is
# stuck, and ends well only when all pods are new. The token, which is renewed meanwhile, is on no command line.
set -eu
url=https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT/apis/apps/v1/namespaces/$NAMESPACE/deployments/$DEPLOYMENT
deadline=$(($(date +%s) + WAIT_SECONDS))

# All pods are of the newest template, serve, and no other is left; or the controller gave up; or neither yet.
judgement='
  .spec.replicas as $wanted
  | if .status.observedGeneration != .metadata.generation then "moving"
    elif [.status.replicas, .status.updatedReplicas, .status.availableReplicas] | map(. // 0) | all(. == $wanted)
    then "settled"
    elif any(.status.conditions[]?; .type == "Progressing" and .reason == "ProgressDeadlineExceeded") then "stuck"
    else "moving" end'
restart='{
  metadata: {resourceVersion: $version},
  spec: {template: {metadata: {annotations: {"kubectl.kubernetes.io/restartedAt": $now}}}}
}'

fail() {
  echo "$DEPLOYMENT $1" >&2
  exit 1
}

ask() {
  printf 'header = "Authorization: Bearer %s"\n' "$(cat "$CREDENTIALS/token")" |
    curl --config - --cacert "$CREDENTIALS/ca.crt" --proto '=https' --silent --show-error --fail --max-time 30 "$@"
}

# Leaves the Deployment as it is then in `deployment`.
settle() {
  while true; do
    deployment=$(ask --retry 5 --retry-connrefused "$url")
    state=$(printf '%s' "$deployment" | jq --raw-output "$judgement")
    if [ "$state" = settled ]; then return; fi
    if [ "$state" = stuck ]; then fail "is stuck in a rollout: see why its new pods do not become ready"; fi
    if [ "$(date +%s)" -ge "$deadline" ]; then fail "is still in a rollout after $WAIT_SECONDS s"; fi
    sleep "$PAUSE_SECONDS"
  done
}

settle
if printf '%s' "$deployment" | jq --exit-status .spec.paused > /dev/null; then
  fail "is paused: kubectl rollout resume"
fi
# With the version that was judged: if somebody changes the Deployment in between, the API refuses, and the job is tried
# again.
version=$(printf '%s' "$deployment" | jq --raw-output .metadata.resourceVersion)
body=$(jq --null-input --arg version "$version" --arg now "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$restart")
ask --request PATCH --header 'Content-Type: application/merge-patch+json' --data "$body" --output /dev/null \
  "$url?fieldManager=tmi-recycling" || fail "was not restarted"
settle
# All pods are new, and CloudWatch counts this line.
echo "{\"job\":\"$DEPLOYMENT-recycling\",\"outcome\":\"done\"}"
