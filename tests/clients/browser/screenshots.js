// Takes the README's pictures of the page, of the demo's recording.
'use strict';
const { join } = require('node:path');
const { wraptap, run, open } = require('./stage.js');

run(async (browser) => {
  const ui = await wraptap('ui', process.env.RECORDING, '--port', '0');
  const { page, own } = await open(browser, ui.link, { viewport: { width: 1140, height: 600 }, colorScheme: 'light' });
  const take = (name) => page.screenshot({ path: join(process.env.INTO, name) });
  await page.locator('.row .verdict b').first().waitFor();
  await page.keyboard.press('j');
  await page.waitForFunction(() => document.querySelectorAll('[data-pending]').length === 0);
  await take('page-list.png');
  await page.goto(`${own}/x/0/7`);
  await page.locator('.compare').evaluate((element) => element.scrollIntoView());
  await page.locator('.finding').first().hover();
  await take('page-comparison.png');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(`${own}/x/0/4`);
  await page.locator('.verdict-card').waitFor();
  await take('page-verdict.png');
  await ui.stop();
});
