// .NET SDK: sends API calls and the login to wraptap. Put it before the login.
PureCloudPlatform.Client.V2.Client.Configuration.Default.ApiClient
    .SetGateway("{host}", "{scheme}", {port}, "", "");
