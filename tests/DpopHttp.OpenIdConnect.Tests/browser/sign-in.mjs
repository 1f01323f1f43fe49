// Two people use the sample web app, each in a browser of their own: node sign-in.mjs '{"app":"http://127.0.0.1:1","chromium":"/usr/bin/chromium","folder":"/tmp/x"}'
// Prints one line of JSON: what each of them saw.
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const { app, chromium: executablePath, folder } = JSON.parse(process.argv[2]);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-proxy-server'] });

async function visit(user, item) {
  const context = await browser.newContext({ viewport: { width: 900, height: 640 } });
  const page = await context.newPage();
  page.setDefaultTimeout(60000);
  const shot = (name) => page.screenshot({ path: join(folder, `${user}-${name}.png`) });
  const orders = () => page.locator('#orders li').allTextContents();

  await page.goto(app);
  await shot('1-welcome');
  await page.click('text=Sign in');
  await page.waitForSelector(`button[value=${user}]`);
  await shot('2-who-are-you');
  await page.click(`button[value=${user}]`);
  await page.waitForSelector('#user');
  const name = await page.textContent('#user');

  await page.fill('[name=item]', item);
  await page.click('#place');
  await page.waitForSelector(`#orders li:has-text("${item}")`);
  await shot('3-ordered');

  // Tokens live for a few seconds: the page goes on working over several of them, and so do ten scripts at once.
  let reloads = 0;
  const end = Date.now() + 12000;
  while (Date.now() < end) {
    await page.reload();
    await page.waitForSelector('#user');
    reloads += 1;
    await page.waitForTimeout(1500);
  }
  const statuses = await page.evaluate(() => Promise.all(Array.from({ length: 10 }, async () => (await fetch('/orders')).status)));

  await page.click('#export');
  await page.waitForSelector('#user');
  while (!(await page.textContent('#exported')).endsWith(' orders')) await page.reload();
  const exported = await page.textContent('#exported');
  const list = await orders();
  await shot('4-exported');

  await page.click('button[value=sign-out]');
  await page.waitForSelector('text=Nobody is signed in');
  await shot('5-signed-out');
  const cookies = (await context.cookies()).map((cookie) => cookie.name);
  await context.close();
  return { name, reloads, statuses, exported, list, cookies };
}

try {
  const seen = await Promise.all([visit('alice', 'flat white'), visit('bob', 'green tea')]);
  console.log(JSON.stringify(seen));
} finally {
  await browser.close();
}
