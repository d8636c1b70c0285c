// A page whose wraptap ends says so, and after a restart asks for the new link.
'use strict';
const assert = require('node:assert/strict');
const { wraptap, run, open } = require('./stage.js');

run(async (browser) => {
  const first = await wraptap('ui', process.env.RECORDING, '--port', '0');
  const { page } = await open(browser, first.link);
  await page.locator('.row').first().waitFor();
  await first.stop();
  await page.getByText('wraptap does not answer').waitFor();
  const again = await wraptap('ui', process.env.RECORDING, '--port', new URL(first.link).port);
  await page.getByText('open the new link that it printed in the terminal').waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'This page needs its link' }).waitFor();
  await page.goto(again.link);
  await page.locator('.row').first().waitFor();
  assert.equal(await page.locator('#banner').isVisible(), false);
  await again.stop();
});
