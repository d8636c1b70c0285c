"""A program with the API's own hosts written into it: a login, a wrap-up code, and not a word of wraptap."""

import requests

login = requests.post(
    "https://login.mypurecloud.com/oauth/token",
    data={"grant_type": "client_credentials"},
    auth=("00000000-0000-4000-8000-0000000000a2", "a secret of the tests"),
)
login.raise_for_status()
answer = requests.post(
    "https://api.mypurecloud.com/api/v2/conversations/calls/c0000000-0000-4000-8000-000000000012/participants/"
    "a0000000-0000-4000-8000-000000000012/communications/e0000000-0000-4000-8000-000000000012/wrapup",
    json={"code": "7fb334b0-0e9e-11e4-9191-0800200c9a66"},
    headers={"Authorization": "Bearer " + login.json()["access_token"]},
)
assert answer.status_code == 202, answer.text
