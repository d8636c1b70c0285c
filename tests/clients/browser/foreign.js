// A page of another origin, in a browser that was let in, gets and changes nothing.
'use strict';
const assert = require('node:assert/strict');
const { existsSync } = require('node:fs');
const http = require('node:http');
const { wraptap, run, open } = require('./stage.js');

run(async (browser) => {
  // with -v it says what it refuses
  const ui = await wraptap('ui', process.env.RECORDING, '--port', '0', '-v');
  const { context, own } = await open(browser, ui.link);
  const other = http.createServer((_, answer) => {
    answer.setHeader('Content-Type', 'text/html');
    answer.end('<!doctype html><title>another page</title>');
  });
  await new Promise((done) => other.listen(0, '127.0.0.1', done));
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${other.address().port}/`);
  const seen = await page.evaluate(async (own) => {
    const seen = [];
    const attempt = async (path, options) => {
      try {
        const answer = await fetch(own + path, { credentials: 'include', ...options });
        seen.push(`${path}: ${answer.type} ${await answer.text()}`);
      } catch {
        // not readable
      }
    };
    await attempt('/');
    await attempt('/rows?r=0&count=9', { mode: 'no-cors' });
    await attempt('/x/0/1/baseline', { method: 'POST', mode: 'no-cors', body: '{}' });
    await attempt('/x/0/1/baseline', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' });
    const add = (tag, fields) => new Promise((done) => {
      const element = Object.assign(document.createElement(tag), fields);
      element.onload = element.onerror = done;
      document.body.append(element);
    });
    await add('script', { src: `${own}/assets/page.js` });
    await add('iframe', { src: `${own}/` });
    await new Promise((done) => {
      const stream = new EventSource(`${own}/events`, { withCredentials: true });
      stream.onmessage = () => seen.push('an event');
      stream.onerror = () => { stream.close(); done(); };
    });
    return seen.filter((text) => !/: opaque $/.test(text));
  }, own);
  assert.deepEqual(seen, []);
  const refused = () => ui.said.filter((line) => line.includes('refused a request to the page')).length;
  assert.ok(refused() >= 6, ui.said.join('\n'));
  assert.ok(!existsSync(`${ui.cwd}/recordings`));

  // a form and a link of that page lead nowhere either
  await page.evaluate((own) => {
    const form = Object.assign(document.createElement('form'), { method: 'post', action: `${own}/x/0/1/baseline`, enctype: 'text/plain' });
    document.body.append(form);
    form.submit();
  }, own);
  await page.waitForURL(`${own}/**`);
  assert.ok(!existsSync(`${ui.cwd}/recordings`));
  assert.match(await page.locator('h1').innerText(), /Access refused/);
  other.close();
  await ui.stop();
});
