"""The forum's advice, `bypass the SDK`, with requests: right, and with the field that a form left empty."""

import os

import requests

URL = os.environ["WRAPTAP_URL"]  # the attach line
CODE = "7fb334b0-0e9e-11e4-9191-0800200c9a66"

session = requests.Session()
session.trust_env = False
login = session.post(
    f"{URL}/oauth/token",
    data={"grant_type": "client_credentials"},
    auth=("00000000-0000-4000-8000-0000000000a2", "a secret of the tests"),
)
login.raise_for_status()
session.headers["Authorization"] = "Bearer " + login.json()["access_token"]


def put(body):
    return session.put(f"{URL}/api/v2/interactions/f0000000-0000-4000-8000-000000000004/wrap-up", json=body)


answer = put({"codeId": CODE, "durationMs": 120000})
assert answer.status_code == 204, answer.text
answer = put({"codeId": CODE, "durationMs": 120000, "notes": None})
assert answer.status_code == 400, answer.text
