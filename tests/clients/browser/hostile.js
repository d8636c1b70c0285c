// What a client or a server puts into an exchange stays text in the browser.
'use strict';
const assert = require('node:assert/strict');
const { wraptap, run, open } = require('./stage.js');

run(async (browser) => {
  const ui = await wraptap('ui', process.env.RECORDING, '--port', '0');
  const { page, strays, own } = await open(browser, ui.link);
  for (const path of ['/', '/?q=img', '/x/0/1', '/x/0/2', '/matrix']) {
    await page.goto(own + path);
    await page.waitForLoadState('load');
    if (path === '/') await page.locator('.row .verdict b').waitFor();
    assert.equal(await page.locator('img, hostile, iframe, object').count(), 0, path);
    assert.equal(await page.evaluate(() => window.hacked), undefined, path);
  }
  await page.goto(`${own}/x/0/2`);
  assert.match(await page.locator('#request-pretty pre').innerText(), /<img src=x onerror=/);
  // even what got into a page would not run
  const injected = await page.evaluate(() => {
    const script = document.createElement('script');
    try {
      script.textContent = 'window.hacked = 1';
    } catch {
      return 'refused';
    }
    document.body.append(script);
    return window.hacked;
  });
  assert.notEqual(injected, 1);
  assert.deepEqual(strays.filter((stray) => !stray.includes('inline script') && !stray.includes('TrustedScript')), []);
  await ui.stop();
});
