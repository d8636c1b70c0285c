// Java SDK: sends API calls to wraptap. Put it where the client is made.
com.mypurecloud.sdk.v2.ApiClient client = com.mypurecloud.sdk.v2.ApiClient.Builder.standard()
        .withBasePath("{url}")
        .build();
com.mypurecloud.sdk.v2.Configuration.setDefaultApiClient(client);
// The base path does not redirect authorizeClientCredentials(...), which makes https://login.… out of it. Recent SDKs
// redirect both: write .withGateway("{host}", "{scheme}", {port}, "", "") in place of .withBasePath(...).
// Where there is no withGateway (198 has none), log in through the client itself:
com.mypurecloud.sdk.v2.extensions.AuthResponse login = client.invoke(
        com.mypurecloud.sdk.v2.ApiRequestBuilder.create("POST", "/oauth/token")
                .withFormParameter("grant_type", "client_credentials")
                .withHeaderParameter("Authorization", "Basic " + java.util.Base64.getEncoder()
                        .encodeToString((clientId + ":" + clientSecret).getBytes("UTF-8")))
                .withContentTypes("application/x-www-form-urlencoded")
                .withAccepts("application/json")
                .build(),
        new com.fasterxml.jackson.core.type.TypeReference<com.mypurecloud.sdk.v2.extensions.AuthResponse>() {}).getBody();
client.setAccessToken(login.getAccess_token());
