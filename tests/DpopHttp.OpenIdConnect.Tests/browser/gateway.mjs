// Two people use the page of the sample gateway, each in a browser of their own: node gateway.mjs '{"app":"http://127.0.0.1:1","chromium":"/usr/bin/chromium","folder":"/tmp/x"}'
// Prints one line of JSON: what each of them saw, and which headers came and went.
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const { app, chromium: executablePath, folder } = JSON.parse(process.argv[2]);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-proxy-server'] });

async function visit(user, item) {
  const context = await browser.newContext({ viewport: { width: 900, height: 640 } });
  const page = await context.newPage();
  page.setDefaultTimeout(60000);
  const shot = (name) => page.screenshot({ path: join(folder, `${user}-${name}.png`) });
  const headers = new Set();
  page.on('response', async (response) => {
    if (!response.url().startsWith(app)) return;
    for (const name of Object.keys({ ...await response.allHeaders(), ...await response.request().allHeaders() })) headers.add(name);
  });

  await page.goto(app);
  await page.waitForSelector('text=Nobody is signed in');
  await shot('1-welcome');
  await page.click('text=Sign in');
  await page.click(`button[value=${user}]`);
  await page.waitForSelector('#shop:not([hidden])');
  const name = await page.textContent('#user');

  await page.fill('[name=item]', item);
  await page.click('#place');
  await page.waitForSelector(`#orders li:has-text("${item}")`);
  await shot('2-ordered');

  // Tokens live for a few seconds: ten scripts at once find them expired.
  await page.waitForTimeout(6000);
  const statuses = await page.evaluate(() => Promise.all(Array.from({ length: 10 }, async () => (await fetch('/api/orders')).status)));
  await page.reload();
  await page.waitForSelector('#shop:not([hidden])');
  const list = await page.locator('#orders li').allTextContents();

  await page.click('#sign-out');
  await page.waitForSelector('text=Nobody is signed in');
  await shot('3-signed-out');
  const signedOut = await page.evaluate(async () => (await fetch('/api/orders')).status);
  const cookies = (await context.cookies()).map((cookie) => cookie.name);
  await context.close();
  return { name, statuses, list, signedOut, cookies, headers: [...headers] };
}

try {
  const seen = await Promise.all([visit('alice', 'flat white'), visit('bob', 'green tea')]);
  console.log(JSON.stringify(seen));
} finally {
  await browser.close();
}
