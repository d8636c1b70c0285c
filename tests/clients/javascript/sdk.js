// The JavaScript SDK sets a wrap-up code: once as it should, once with the explicit nulls it leaves in the body.
'use strict';
const platformClient = require('purecloud-platform-client-v2');
const { client, login, CODE, accepted, refused } = require('./wraptap.js');

const CONVERSATION = 'c0000000-0000-4000-8000-000000000011';
const PARTICIPANT = 'a0000000-0000-4000-8000-000000000011';
const COMMUNICATION = 'e0000000-0000-4000-8000-000000000011';

async function main() {
  await login();
  const conversations = new platformClient.ConversationsApi(client);
  const apply = (body) =>
    conversations.postConversationsCallParticipantCommunicationWrapup(CONVERSATION, PARTICIPANT, COMMUNICATION, { body });

  await accepted('POST …/wrapup', apply({ code: CODE, notes: 'Café “paid” – ✓', durationSeconds: 120 }));
  // a form that was left empty: JavaScript keeps what is null, other than what is undefined
  await refused('POST …/wrapup with nulls', apply({ code: CODE, notes: null, durationSeconds: 120, endTime: null, name: undefined }));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
