// A program of the JavaScript SDK as its README has it: it knows its region, and nothing of wraptap.
'use strict';
const platformClient = require('purecloud-platform-client-v2');

const client = platformClient.ApiClient.instance;
client.setEnvironment(platformClient.PureCloudRegionHosts.us_east_1);

client
  .loginClientCredentialsGrant('00000000-0000-4000-8000-0000000000a2', 'a secret of the tests')
  .then(() =>
    new platformClient.ConversationsApi().postConversationsCallParticipantCommunicationWrapup(
      'c0000000-0000-4000-8000-000000000011', 'a0000000-0000-4000-8000-000000000011',
      'e0000000-0000-4000-8000-000000000011', { body: { code: '7fb334b0-0e9e-11e4-9191-0800200c9a66' } },
    ),
  )
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
