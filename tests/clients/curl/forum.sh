#!/usr/bin/env bash
# The forum's advice, `bypass the SDK`, with curl: right, and with the number as a string.
set -euo pipefail
url=$WRAPTAP_URL # the attach line
code=7fb334b0-0e9e-11e4-9191-0800200c9a66
curl() { command curl --silent --show-error --noproxy '*' "$@"; }

token=$(curl --user '00000000-0000-4000-8000-0000000000a2:a secret of the tests' \
  --data grant_type=client_credentials "$url/oauth/token" | sed -n 's/.*"access_token" *: *"\([^"]*\)".*/\1/p')
[ -n "$token" ] || { echo "no token" >&2; exit 1; }

put() {
  curl --output /dev/null --write-out '%{http_code}' -X PUT -H "Authorization: Bearer $token" \
    -H 'Content-Type: application/json' --data "$1" \
    "$url/api/v2/interactions/f0000000-0000-4000-8000-000000000004/wrap-up"
}

status=$(put "{\"codeId\":\"$code\",\"durationMs\":120000}")
[ "$status" = 204 ] || { echo "the right one: $status" >&2; exit 1; }
status=$(put "{\"codeId\":\"$code\",\"durationMs\":\"120000\"}")
[ "$status" = 400 ] || { echo "the wrong one: $status" >&2; exit 1; }
