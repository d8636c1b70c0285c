"""What the Python programs share: the attach line, the login, and the loud end when the API did not do as it should."""

import os

import PureCloudPlatformClientV2 as sdk

CODE = "7fb334b0-0e9e-11e4-9191-0800200c9a66"

sdk.configuration.host = os.environ["WRAPTAP_URL"]  # the attach line


def api_client():
    return sdk.api_client.ApiClient().get_client_credentials_token(
        "00000000-0000-4000-8000-0000000000a2", "a secret of the tests"
    )


def accepted(what, call):
    call()
    print(f"{what}: accepted")


def refused(what, call):
    try:
        call()
    except sdk.rest.ApiException as error:
        assert error.status == 400, error
        print(f"{what}: refused")
        return
    raise AssertionError(f"{what}: accepted, which it should not have been")
