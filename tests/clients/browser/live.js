// A real SDK's refused call appears in an open page, is judged there, and is compared with what was accepted before.
'use strict';
const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { wraptap, run, open } = require('./stage.js');

// Runs the SDK's program against the recorder.
function sdk(url) {
  const [program, ...words] = JSON.parse(process.env.SDK);
  const env = { ...process.env, NODE_PATH: process.env.SDK_NODE_PATH, WRAPTAP_URL: url };
  const child = spawn(program, words, { env, stdio: 'inherit' });
  return new Promise((done) => child.on('exit', done));
}

run(async (browser) => {
  const record = await wraptap('record', '--upstream', process.env.UPSTREAM, '--listen', '127.0.0.1:0', '--ui', '0', '-w', 'r.ndjson');
  const { page, strays, own } = await open(browser, record.link, { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.getByText('Nothing is recorded yet').waitFor();
  // the port and the line to paste
  assert.match(await page.locator('#nothing').innerText(), new RegExp(`${record.url}[^]*setGateway[^]*port: ${new URL(record.url).port}`));
  const loads = await page.evaluate(() => performance.timeOrigin);

  assert.equal(await sdk(record.url), 0);
  const refused = page.locator('.row.refused');
  await refused.getByText('payload,').waitFor();
  assert.equal(await page.evaluate(() => performance.timeOrigin), loads, 'without loading the page again');
  assert.equal(await page.locator('.row').count(), 3);
  assert.match(await refused.innerText(), /400[^]*PUT[^]*wrap-up[^]*payload[^]*javascript/);

  // by keys alone: search, go to the row, open it
  await page.keyboard.press('/');
  await page.keyboard.type('4xx');
  await page.waitForFunction(() => document.querySelectorAll('.row').length === 1);
  assert.match(page.url(), /\?q=4xx$/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Why it was refused' }).waitFor();

  // the moved field bears one number on both sides, and a pointer on the finding lights up both
  for (const side of ['good', 'sent']) {
    const mark = page.locator(`td.${side} mark[data-finding~="1"]`);
    assert.match((await mark.allInnerTexts()).join(' '), /codeId/, side);
  }
  await page.locator('.finding').first().hover();
  for (const side of ['good', 'sent']) {
    assert.ok((await page.locator(`td.${side} mark.tied`).count()) > 0, side);
  }
  assert.match(await page.locator('.finding').first().innerText(), /moved/);
  await page.locator('.finding').first().getByRole('link', { name: 'show finding 1 in the good body' }).click();
  assert.match(page.url(), /#f-1-good$/);

  // the evidence leads to the exchange that was accepted; there its body can be kept
  await page.locator('.verdict-card summary').click();
  await page.locator('.verdict-card').getByRole('link', { name: '#2', exact: true }).first().click();
  await page.getByRole('button', { name: 'Make this the known good' }).click();
  await page.getByText(/^Kept as recordings/).waitFor();
  readFileSync(`${record.cwd}/recordings/baselines/put-interactions-wrap-up.json`);
  await page.getByRole('button', { name: 'Make this the known good' }).click();
  await page.getByRole('button', { name: 'Replace it' }).click();
  await page.getByText(/^Kept as recordings/).waitFor();
  await page.keyboard.press('n');
  await page.getByText('your only baseline of this operation').waitFor();

  // tickets
  for (const [format, text] of [['.md', /moved/], ['.html', /<!doctype html>/], ['.json', /schema_version/], ['.zip', /^PK/]]) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: format, exact: true }).click(),
    ]);
    assert.equal(download.suggestedFilename(), `ticket-3${format}`);
    const saved = readFileSync(await download.path(), 'latin1');
    assert.match(saved, text);
    if (format === '.html') assert.ok(!saved.includes('<script'));
  }
  await page.getByRole('button', { name: 'Copy as curl' }).click();
  await page.getByText('Copied: curl').waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^# set \$GENESYSCLOUD_ACCESS_TOKEN|^curl /);
  for (const [name, text] of [['fetch', /await fetch\(/], ['Python', /requests\.request\(/], ['.http', /^PUT http/]]) {
    await page.getByRole('button', { name: `Copy as ${name}` }).click();
    await page.getByText(`Copied: ${name}`).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, text);
    assert.ok(!copied.includes('redacted-'), copied);
  }
  await page.getByRole('button', { name: 'Copy the corrected body' }).click();
  await page.getByText('Copied: corrected body').waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /"codeId"/);
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await page.getByText('Copied: Markdown').waitFor();

  // back, the list is as it was searched
  await page.keyboard.press('u');
  await page.waitForFunction(() => document.getElementById('q')?.value === '4xx');
  assert.deepEqual(strays, [], `nothing leaves ${own}`);
  await record.stop();
});
