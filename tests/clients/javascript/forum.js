// The forum's way to set a wrap-up code, through the JavaScript SDK's raw call: the code at the top, and nested.
'use strict';
const { client, login, CODE, accepted, refused } = require('./wraptap.js');

async function main() {
  await login();
  const put = (body) =>
    client.callApi(
      '/api/v2/interactions/{id}/wrap-up', 'PUT', { id: 'f0000000-0000-4000-8000-000000000004' },
      {}, {}, {}, body, ['PureCloud OAuth'], ['application/json'], ['application/json'],
    );

  await accepted('PUT …/wrap-up', put({ codeId: CODE, durationMs: 120000 }));
  await refused('PUT …/wrap-up, nested', put({ wrapUpCode: { codeId: CODE }, durationMs: 120000 }));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
