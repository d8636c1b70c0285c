# Python SDK: sends API calls and the login to wraptap. Put it before the first ApiClient().
import PureCloudPlatformClientV2

PureCloudPlatformClientV2.configuration.host = "{url}"
