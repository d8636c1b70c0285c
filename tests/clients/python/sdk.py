"""The Python SDK sets a wrap-up code: once with its model, once with the model's to_dict()."""

from wraptap import CODE, accepted, api_client, refused

import PureCloudPlatformClientV2 as sdk

CONVERSATION = "c0000000-0000-4000-8000-000000000012"
PARTICIPANT = "a0000000-0000-4000-8000-000000000012"
COMMUNICATION = "e0000000-0000-4000-8000-000000000012"

conversations = sdk.ConversationsApi(api_client())


def apply(body):
    return conversations.post_conversations_call_participant_communication_wrapup(
        CONVERSATION, PARTICIPANT, COMMUNICATION, body=body
    )


wrapup = sdk.WrapupInput()
wrapup.code = CODE
wrapup.notes = "Café “paid” – ✓"
wrapup.duration_seconds = 120

accepted("POST …/wrapup", lambda: apply(wrapup))
# the attributes' names instead of the API's, and every attribute that was not set as null
refused("POST …/wrapup of to_dict()", lambda: apply(wrapup.to_dict()))
