// Every way in which the JavaScript SDK is known to send something else than its caller meant, one call each, after
// the right ones. Prints the name of each call and what came of it; `nothing` if the SDK did not get as far as the wire.
'use strict';
const platformClient = require('purecloud-platform-client-v2');
const { client, login, CODE } = require('./wraptap.js');

const CALL = ['c0000000-0000-4000-8000-000000000021', 'a0000000-0000-4000-8000-000000000021', 'e0000000-0000-4000-8000-000000000021'];
const MESSAGE = ['c0000000-0000-4000-8000-000000000022', 'a0000000-0000-4000-8000-000000000022'];
const ANY = ['c0000000-0000-4000-8000-000000000023', 'a0000000-0000-4000-8000-000000000023'];
const END = '2026-11-20T08:30:15.123Z';

async function main() {
  await login();
  const api = new platformClient.ConversationsApi(client);
  const post = (body) => api.postConversationsCallParticipantCommunicationWrapup(...CALL, { body });
  const patch = (body) => api.patchConversationParticipant(...ANY, body); // the body is an argument of its own
  const message = (opts) => api.patchConversationsMessageParticipant(...MESSAGE, opts); // the body is in opts

  class Payload {
    constructor(code) { this._code = code; }
    get code() { return this._code; }
  }

  const calls = {
    'right post': () => post({ code: CODE, notes: 'Café “paid”', tags: ['vip'], durationSeconds: 120, endTime: END }),
    'right with a duration': () => post({ code: CODE, durationSeconds: 120 }),
    'right with tags': () => post({ code: CODE, tags: ['vip'] }),
    'right with an end': () => post({ code: CODE, endTime: END }),
    'right patch': () => patch({ wrapup: { code: CODE } }),
    'right message': () => message({ body: { wrapup: { code: CODE } } }),
    'other key order': () => post({ durationSeconds: 120, tags: ['vip'], notes: 'Caf\u00e9 “paid”', code: CODE }),
    'undefined is left out': () => post({ code: CODE, notes: undefined }),
    'a Date has milliseconds and Z': () => post({ code: CODE, endTime: new Date(END) }),
    'null': () => post({ code: CODE, notes: null }),
    'undefined in an array': () => post({ code: CODE, tags: [undefined] }),
    'NaN': () => post({ code: CODE, durationSeconds: Number('two minutes') }),
    'a string for the object': () => post(CODE),
    'JSON.stringify': () => post(JSON.stringify({ code: CODE })),
    'JSON.stringify twice': () => post(JSON.stringify(JSON.stringify({ code: CODE }))),
    'JSON.stringify inside': () => patch({ wrapup: JSON.stringify({ code: CODE }) }),
    'text for a number': () => post({ code: CODE, durationSeconds: '120' }),
    'a fraction for an integer': () => post({ code: CODE, durationSeconds: 120.5 }),
    'milliseconds for seconds': () => post({ code: CODE, durationSeconds: 120000 }),
    'text for an array': () => post({ code: CODE, tags: 'vip' }),
    'an object for an id': () => post({ code: { id: CODE } }),
    'the code in an array': () => post({ code: [CODE] }),
    'payload as opts': () => api.postConversationsCallParticipantCommunicationWrapup(...CALL, { code: CODE }),
    'payload as opts of a PATCH': () => message({ wrapup: { code: CODE } }),
    'body where it is positional': () => patch({ body: { wrapup: { code: CODE } } }),
    'no body': () => api.postConversationsCallParticipantCommunicationWrapup(...CALL),
    'an empty string': () => post(''),
    'zero': () => post(0),
    'false': () => post(false),
    'nothing in it': () => post({}),
    'a word that is no state': () => patch({ state: 'wrapup', wrapup: { code: CODE } }),
    'the forum\'s keys': () => post({ codeId: CODE, durationMs: 120000 }),
    'snake case': () => post({ code: CODE, duration_seconds: 120 }),
    'a class with a getter': () => post(new Payload(CODE)),
    'a Map': () => post(new Map([['code', CODE]])),
    'a BigInt': () => post({ code: CODE, durationSeconds: 120n }),
    'wrapup around the POST': () => post({ wrapup: { code: CODE } }),
    'no wrapup around the PATCH': () => patch({ code: CODE }),
    'a date as an epoch': () => post({ code: CODE, endTime: Date.parse(END) }),
    'a date in words': () => post({ code: CODE, endTime: new Date(END).toUTCString() }),
  };
  for (const [name, call] of Object.entries(calls)) {
    let became = 'accepted';
    try {
      await call();
    } catch (error) {
      became = error instanceof TypeError ? 'nothing' : String(error && error.status);
    }
    console.log(`${name}\t${became}`);
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
