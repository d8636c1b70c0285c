// Every view at 360, 1000 and 1600 pixels, light and dark: axe finds nothing, nothing runs over the edge, and no page
// is taller than twenty screens.
'use strict';
const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');
const { wraptap, run, open } = require('./stage.js');

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

run(async (browser) => {
  const ui = await wraptap('ui', process.env.RECORDING, '--port', '0');
  const { page, own, strays } = await open(browser, ui.link);
  const views = [
    ['list', '/', () => page.locator('.row .verdict b').first().waitFor()],
    ['list without matches', '/?q=nothinglikeit', () => page.getByText('No exchange matches').waitFor()],
    ['query that cannot be read', '/?q=stauts:4xx', () => page.getByText('did you mean').first().waitFor()],
    ['completion', '/', async () => { await page.locator('#q').pressSequentially('st'); await page.locator('#complete li').first().waitFor(); }],
    ['refused exchange', '/x/0/4', () => page.locator('.finding').first().hover()],
    ['accepted exchange', '/x/0/2', () => page.getByRole('button', { name: 'Make this' }).focus()],
    ['as on the wire', '/x/0/5', () => page.getByRole('tab', { name: 'As on the wire' }).first().click()],
    ['matrix', '/matrix', () => page.locator('.matrix').first().waitFor()],
    ['missing', '/x/0/99', () => page.getByText('There is no exchange #99').waitFor()],
    ['keys', '/', () => page.keyboard.press('?')],
  ];
  const wrong = [];
  for (const [width, height] of [[360, 740], [1000, 800], [1600, 1000]]) {
    for (const colorScheme of ['light', 'dark']) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const [name, path, settle] of views) {
        await page.goto(own + path);
        await settle();
        await page.evaluate(AXE);
        const { violations } = await page.evaluate(() => axe.run());
        for (const { id, nodes } of violations) wrong.push(`${name}, ${width}, ${colorScheme}: ${id} at ${nodes[0].target}`);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        const screens = await page.evaluate(() => document.documentElement.scrollHeight / innerHeight);
        if (screens > 20) wrong.push(`${name}, ${width}: ${screens} screens`);
        if (over > 0) wrong.push(`${name}, ${width}: ${over} pixels over the edge`);
      }
    }
  }
  assert.deepEqual(wrong, []);
  assert.deepEqual(strays, []);

  // every part of the list is reached by Tab alone, and the focus is seen
  await page.goto(`${own}/`);
  await page.locator('.row').first().waitFor();
  const reached = [];
  for (let step = 0; step < 24; step += 1) {
    await page.keyboard.press('Tab');
    reached.push(await page.evaluate(() => document.activeElement.closest('.skip, nav, #search, .rows, #keys-open')?.id || document.activeElement.closest('.skip, nav')?.tagName));
  }
  for (const part of ['A', 'NAV', 'keys-open', 'search', 'rows']) assert.ok(reached.includes(part), `${part} in ${reached}`);
  // the side by side is in the first screen
  await page.setViewportSize({ width: 1600, height: 1000 });
  await page.goto(`${own}/x/0/4`);
  const bottom = await page.locator('.bodies-box').evaluate((element) => element.getBoundingClientRect().bottom);
  assert.ok(bottom <= 1000, `it ends at ${bottom}`);

  // completion by keys: of a key, then of its value; then a heading sorts
  await page.goto(`${own}/`);
  await page.locator('#q').pressSequentially('stat');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.locator('#q').pressSequentially('4');
  await page.keyboard.press('Tab');
  await page.waitForFunction(() => document.getElementById('q').value === 'status:4xx ' && document.querySelectorAll('.row.accepted').length === 0);
  await page.locator('.columns').getByText('took').click();
  await page.waitForFunction(() => location.search.includes('sort=ms'));
  await ui.stop();
});
