#!/usr/bin/env bash
# A script with the API's own hosts written into it: a login, a wrap-up code, and not a word of wraptap.
set -euo pipefail
curl() { command curl --silent --show-error --fail "$@"; }

token=$(curl --user '00000000-0000-4000-8000-0000000000a2:a secret of the tests' \
  --data grant_type=client_credentials https://login.mypurecloud.com/oauth/token |
  sed -n 's/.*"access_token" *: *"\([^"]*\)".*/\1/p')
curl -H "Authorization: Bearer $token" --json '{"code":"7fb334b0-0e9e-11e4-9191-0800200c9a66"}' \
  https://api.mypurecloud.com/api/v2/conversations/calls/c0000000-0000-4000-8000-000000000013/participants/a0000000-0000-4000-8000-000000000013/communications/e0000000-0000-4000-8000-000000000013/wrapup
