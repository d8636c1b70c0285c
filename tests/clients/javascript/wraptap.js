// What the JavaScript programs share: the attach line, the login, and the loud end when the API did not do as it should.
'use strict';
const platformClient = require('purecloud-platform-client-v2');

const at = new URL(process.env.WRAPTAP_URL);
const client = platformClient.ApiClient.instance;
client.setGateway({ protocol: at.protocol.slice(0, -1), host: at.hostname, port: Number(at.port) }); // the attach line

exports.client = client;
exports.CODE = '7fb334b0-0e9e-11e4-9191-0800200c9a66';
exports.login = () => client.loginClientCredentialsGrant('00000000-0000-4000-8000-0000000000a2', 'a secret of the tests');

exports.accepted = async (what, call) => {
  await call;
  console.log(`${what}: accepted`);
};

exports.refused = async (what, call) => {
  try {
    await call;
  } catch (body) {
    // the SDK rejects with the bare error body: no status of its own, no headers, nothing of the request
    if (body && body.status === 400) return console.log(`${what}: refused`);
    throw body;
  }
  throw new Error(`${what}: accepted, which it should not have been`);
};
