// One call of the JavaScript SDK, and what its program gets to see of the answer.
'use strict';
const platformClient = require('purecloud-platform-client-v2');
const { client, login, CODE } = require('./wraptap.js');

async function main() {
  await login();
  try {
    await new platformClient.ConversationsApi(client).postConversationsCallParticipantCommunicationWrapup(
      'c0000000-0000-4000-8000-000000000011', 'a0000000-0000-4000-8000-000000000011',
      'e0000000-0000-4000-8000-000000000011', { body: { code: CODE } },
    );
    console.log('resolved');
  } catch (error) {
    console.log(`rejected with ${JSON.stringify(error)}`);
  }
}

main();
