// Go SDK: sends API calls and the login to wraptap. Put it before the login.
config := platformclientv2.GetDefaultConfiguration()
config.BasePath = "{url}"
