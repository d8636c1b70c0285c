"""Every way in which the Python SDK is known to send something else than its caller meant, one call each, after the
right ones. Prints the name of each call and what came of it; `nothing` if the SDK did not get as far as the wire."""

import json
import math
import uuid
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from wraptap import CODE, api_client

import PureCloudPlatformClientV2 as sdk

CALL = [f"{kind}0000000-0000-4000-8000-000000000031" for kind in "cae"]
MESSAGE = [f"{kind}0000000-0000-4000-8000-000000000032" for kind in "ca"]
ANY = [f"{kind}0000000-0000-4000-8000-000000000033" for kind in "ca"]
END = datetime(2026, 11, 20, 8, 30, 15, 123456, tzinfo=timezone.utc)

api = sdk.ConversationsApi(api_client())


def post(body):
    return api.post_conversations_call_participant_communication_wrapup(*CALL, body=body)


def patch(body):
    return api.patch_conversation_participant(*ANY, body)


def message(body):
    return api.patch_conversations_message_participant(*MESSAGE, body=body)


def wrapup(**attributes):
    model = sdk.WrapupInput()
    model.code = CODE
    for name, value in attributes.items():
        setattr(model, name, value)
    return model


def request(**attributes):
    model = sdk.MediaParticipantRequest()
    for name, value in attributes.items():
        setattr(model, name, value)
    return model


RIGHT = {
    "code": CODE,
    "notes": "Café “paid”",
    "tags": ["vip"],
    "durationSeconds": 120,
    "endTime": "2026-11-20T08:30:15.123Z",
}

CALLS = {
    "right post": lambda: post(RIGHT),
    "right with a duration": lambda: post(wrapup(duration_seconds=120)),
    "right with tags": lambda: post(wrapup(tags=["vip"])),
    "right with an end": lambda: post({"code": CODE, "endTime": "2026-11-20T08:30:15.123Z"}),
    "right patch": lambda: patch(request(wrapup=wrapup())),
    "right message": lambda: message(request(wrapup=wrapup())),
    "a model drops what is None": lambda: post(wrapup(notes=None, tags=[])),
    "a model drops what it does not know": lambda: post(wrapup(codeId=CODE, durationMs=120000)),
    "a code that the model does not know": lambda: post(wrapup(code=None, code_id=CODE)),
    "None in a dict": lambda: post({"code": CODE, "notes": None}),
    "ApiNullValue": lambda: post(wrapup(notes=sdk.ApiNullValue())),
    "to_dict()": lambda: post(wrapup(duration_seconds=120).to_dict()),
    "to_json()": lambda: post(wrapup(duration_seconds=120).to_json()),
    "json.dumps": lambda: post(json.dumps({"code": CODE})),
    "json.dumps inside": lambda: patch({"wrapup": json.dumps({"code": CODE})}),
    "a string for the object": lambda: post(CODE),
    "text for a number": lambda: post(wrapup(duration_seconds="120")),
    "a fraction for an integer": lambda: post(wrapup(duration_seconds=120.5)),
    "a float for an integer": lambda: post(wrapup(duration_seconds=120.0)),
    "milliseconds for seconds": lambda: post(wrapup(duration_seconds=120000)),
    "True for a number": lambda: post(wrapup(duration_seconds=True)),
    "NaN": lambda: post(wrapup(duration_seconds=math.nan)),
    "text for an array": lambda: post(wrapup(tags="vip")),
    "an aware datetime": lambda: post(wrapup(end_time=END)),
    "an aware datetime without microseconds": lambda: post(wrapup(end_time=END.replace(microsecond=0))),
    "a datetime of another zone": lambda: post(
        wrapup(end_time=END.astimezone(timezone(timedelta(hours=1))).replace(microsecond=0))
    ),
    "a naive datetime": lambda: post(wrapup(end_time=END.replace(tzinfo=None))),
    "a date": lambda: post(wrapup(end_time=date(2026, 11, 20))),
    "no body": lambda: api.post_conversations_call_participant_communication_wrapup(*CALL),
    "no body of a PATCH": lambda: message(None),
    "payload as an argument": lambda: api.post_conversations_call_participant_communication_wrapup(*CALL, wrapup()),
    "an empty model": lambda: post(sdk.WrapupInput()),
    "an empty nested model": lambda: patch(request(wrapup=sdk.WrapupInput())),
    "a word that is no state": lambda: patch(request(state="wrapup", wrapup=wrapup())),
    "the forum's keys": lambda: post({"codeId": CODE, "durationMs": 120000}),
    "snake case": lambda: post({"code": CODE, "duration_seconds": 120}),
    "wrapup around the POST": lambda: post(request(wrapup=wrapup())),
    "no wrapup around the PATCH": lambda: patch(wrapup()),
    "a set": lambda: post({"code": CODE, "tags": {"vip"}}),
    "a UUID": lambda: post({"code": uuid.UUID(CODE)}),
    "a Decimal": lambda: post({"code": CODE, "durationSeconds": Decimal("120")}),
    "bytes": lambda: post({"code": CODE.encode()}),
}


for name, call in CALLS.items():
    try:
        call()
        became = "accepted"
    except sdk.rest.ApiException as error:
        became = str(error.status)
    except (AttributeError, TypeError):
        became = "nothing"
    print(f"{name}\t{became}")
