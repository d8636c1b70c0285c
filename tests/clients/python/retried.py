"""One call of the Python SDK, and no word of what becomes of it on the wire: the SDK sends it again by itself."""

import sys

from wraptap import CODE, api_client

import PureCloudPlatformClientV2 as sdk

conversations = sdk.ConversationsApi(api_client())
try:
    conversations.post_conversations_call_participant_communication_wrapup(
        "c0000000-0000-4000-8000-000000000012",
        "a0000000-0000-4000-8000-000000000012",
        "e0000000-0000-4000-8000-000000000012",
        body={"code": CODE},
    )
    print("returned")
except Exception as error:  # what a developer gets to see of it
    print(type(error).__name__, getattr(error, "status", ""))
    sys.exit(0)
