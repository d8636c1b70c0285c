"""A program of the Python SDK as its README has it: it knows its region, and nothing of wraptap."""

import PureCloudPlatformClientV2 as sdk

sdk.configuration.host = sdk.PureCloudRegionHosts.us_east_1.get_api_host()
client = sdk.api_client.ApiClient().get_client_credentials_token(
    "00000000-0000-4000-8000-0000000000a2", "a secret of the tests"
)
wrapup = sdk.WrapupInput()
wrapup.code = "7fb334b0-0e9e-11e4-9191-0800200c9a66"
sdk.ConversationsApi(client).post_conversations_call_participant_communication_wrapup(
    "c0000000-0000-4000-8000-000000000012",
    "a0000000-0000-4000-8000-000000000012",
    "e0000000-0000-4000-8000-000000000012",
    body=wrapup,
)
