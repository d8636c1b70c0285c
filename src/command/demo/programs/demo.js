const platformClient = require('purecloud-platform-client-v2');

const { WRAPTAP_URL, DEMO_CLIENT, DEMO_CODE, DEMO_CONVERSATION, DEMO_PARTICIPANT, DEMO_COMMUNICATION } = process.env;
const at = new URL(WRAPTAP_URL);
const client = platformClient.ApiClient.instance;
client.setGateway({ protocol: 'http', host: at.hostname, port: Number(at.port) });

async function main() {
  await client.loginClientCredentialsGrant(DEMO_CLIENT, 'demo-secret');
  const conversations = new platformClient.ConversationsApi(client);
  const bodies = [
    { code: DEMO_CODE, notes: 'Customer asked for a call back', durationSeconds: 120 },
    { code: DEMO_CODE, notes: null, durationSeconds: 120000 },
  ];
  for (const body of bodies) {
    await conversations
      .postConversationsCallParticipantCommunicationWrapup(DEMO_CONVERSATION, DEMO_PARTICIPANT, DEMO_COMMUNICATION, { body })
      .catch((error) => console.log(`the program saw: ${JSON.stringify(error)}`));
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
