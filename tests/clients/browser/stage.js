// What the browser programs share: wraptap's page, a browser that was let in, and a watch over what leaves the page.
'use strict';
const { spawn } = require('node:child_process');
const { mkdtempSync } = require('node:fs');
const { createInterface } = require('node:readline');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { chromium } = require('playwright-core');

const SWITCHES = [
  // a container has no user namespaces to give away; nothing but this machine is visited
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--no-proxy-server',
];

// How long anything may take, in milliseconds: a busy machine fails no test, and one that hangs ends.
const PATIENCE = 300_000;

// Starts wraptap and returns the link it prints; `record --ui` says it on stderr, `ui` prints it on stdout.
async function wraptap(...words) {
  const cwd = process.env.FOLDER || mkdtempSync(join(tmpdir(), 'wraptap-page-'));
  const child = spawn(process.env.WRAPTAP, words, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((over) => child.on('exit', over));
  const said = [];
  const found = {};
  await new Promise((done, failed) => {
    const hear = (line) => {
      said.push(line);
      found.link ??= line.match(/http:\/\/\S+\/open\?token=\S+/)?.[0];
      found.url ??= line.match(/^listening on (http:\S+)/)?.[1];
      if (found.link && found.url) done();
    };
    createInterface({ input: child.stdout }).on('line', hear);
    createInterface({ input: child.stderr }).on('line', hear);
    ended.then(() => failed(new Error(`wraptap ${words.join(' ')} ended: ${said.join('\n')}`)));
  });
  return {
    ...found,
    said,
    cwd,
    origin: new URL(found.link).origin,
    async stop() {
      child.kill('SIGINT');
      await ended;
    },
  };
}

// Runs `act` with a browser; what it throws ends the program with a status that the test sees.
function run(act) {
  (async () => {
    const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';
    const browser = await chromium.launch({ executablePath, args: SWITCHES, timeout: PATIENCE });
    try {
      await act(browser);
    } finally {
      await browser.close();
    }
    process.exit(0);
  })().catch((error) => {
    console.error(error);
    process.exit(1);
  });
}

// Opens a link in a context of its own. `strays` collects requests to any other origin, and what the page complained of.
async function open(browser, link, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1600, height: 900 }, ...options });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const strays = [];
  const own = new URL(link).origin;
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== own) strays.push(`request to ${request.url()}`);
  });
  page.on('pageerror', (error) => strays.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) strays.push(message.text());
  });
  await page.goto(link);
  return { context, page, strays, own };
}

module.exports = { wraptap, run, open };
