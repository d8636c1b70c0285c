# curl: the host of every URL becomes wraptap's address, login.… and api.… alike.
curl --silent --show-error --noproxy '*' \
  --user "$GENESYSCLOUD_OAUTHCLIENT_ID:$GENESYSCLOUD_OAUTHCLIENT_SECRET" \
  --data grant_type=client_credentials \
  '{url}/oauth/token'
