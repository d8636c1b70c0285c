// One call of the JavaScript SDK with a token that has expired: the caller is told that it failed, and it has not.
'use strict';
const platformClient = require('purecloud-platform-client-v2');
const { client, CODE } = require('./wraptap.js');

async function main() {
  await client.loginCodeAuthorizationGrant('a-client', 'a-secret', 'a-code', 'https://example.com/back');
  const conversations = new platformClient.ConversationsApi(client);
  try {
    await conversations.postConversationsCallParticipantCommunicationWrapup(
      'c0000000-0000-4000-8000-000000000011', 'a0000000-0000-4000-8000-000000000011',
      'e0000000-0000-4000-8000-000000000011', { body: { code: CODE } },
    );
    console.log('resolved');
  } catch (error) {
    console.log('rejected');
  }
}

main();
