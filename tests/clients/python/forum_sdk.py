"""The forum's way to set a wrap-up code, through the Python SDK's raw call: the code at the top, and nested."""

from wraptap import CODE, accepted, api_client, refused

client = api_client()


def put(body):
    return client.call_api(
        "/api/v2/interactions/{id}/wrap-up",
        "PUT",
        path_params={"id": "f0000000-0000-4000-8000-000000000004"},
        header_params={"Accept": "application/json", "Content-Type": "application/json"},
        body=body,
        auth_settings=["PureCloud OAuth"],
    )


accepted("PUT …/wrap-up", lambda: put({"codeId": CODE, "durationMs": 120000}))
refused("PUT …/wrap-up, nested", lambda: put({"wrapUpCode": {"codeId": CODE}, "durationMs": 120000}))
