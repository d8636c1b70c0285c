// A program with the API's own hosts written into it: a login, a wrap-up code, and not a word of wraptap.
'use strict';
const axios = require('axios');

async function main() {
  const login = await axios.post('https://login.mypurecloud.com/oauth/token', 'grant_type=client_credentials', {
    auth: { username: '00000000-0000-4000-8000-0000000000a2', password: 'a secret of the tests' },
  });
  await axios.post(
    'https://api.mypurecloud.com/api/v2/conversations/calls/c0000000-0000-4000-8000-000000000011/participants/' +
      'a0000000-0000-4000-8000-000000000011/communications/e0000000-0000-4000-8000-000000000011/wrapup',
    { code: '7fb334b0-0e9e-11e4-9191-0800200c9a66' },
    { headers: { Authorization: `Bearer ${login.data.access_token}` } },
  );
}

main().catch((error) => {
  console.error(error.message, error.response && error.response.data);
  process.exit(1);
});
