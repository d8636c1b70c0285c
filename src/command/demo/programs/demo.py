import os

import PureCloudPlatformClientV2 as sdk

sdk.configuration.host = os.environ["WRAPTAP_URL"]
client = sdk.api_client.ApiClient().get_client_credentials_token(os.environ["DEMO_CLIENT"], "demo-secret")
conversations = sdk.ConversationsApi(client)
wrapup = sdk.WrapupInput()
wrapup.code = os.environ["DEMO_CODE"]
wrapup.notes = "Customer asked for a call back"
wrapup.duration_seconds = 120
for body in [wrapup, wrapup.to_dict()]:
    try:
        conversations.post_conversations_call_participant_communication_wrapup(
            os.environ["DEMO_CONVERSATION"], os.environ["DEMO_PARTICIPANT"], os.environ["DEMO_COMMUNICATION"], body=body
        )
    except sdk.rest.ApiException as error:
        print(f"the program saw: {error.status} {error.reason}")
