// JavaScript SDK (Node.js): sends API calls and the login to wraptap. Put it before the login.
// Without `protocol` the SDK speaks TLS to the port and gives up after 16 seconds; `setEnvironment` cannot name a
// local address. If HTTP_PROXY is set, set NO_PROXY={host} too.
const platformClient = require('purecloud-platform-client-v2');
const client = platformClient.ApiClient.instance;
client.setGateway({ protocol: '{scheme}', host: '{host}', port: {port} });
