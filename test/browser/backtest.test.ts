// The report of a backtest in a real browser, from disk: drawn, quiet, within a phone's width, and not to be broken out of.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gapwatch } from '../journeys/gapwatch.fixture.ts';

const executablePath = process.env.GAPWATCH_CHROMIUM ?? '/usr/bin/chromium';
const isRequired = process.env.GAPWATCH_REQUIRE_SERVICES === '1';
const quiet = ['--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

const hostile = '<script>document.title="taken"</script>"><img src=x onerror=alert(1)>';

function statement(index: number): string {
  const occurredAt = new Date(Date.UTC(2025, 0, 1 + Math.floor(index / 10), index % 10)).toISOString();
  return JSON.stringify({
    kind: 'feedback',
    source: hostile,
    subject: `answer:${index}`,
    customer: `<b>${index % 40}</b>`,
    stage: hostile,
    occurredAt,
    text: `${hostile} nobody should read this`,
    rating: { value: 1 + (index % 5), min: 1, max: 5 },
  });
}

describe.skipIf(!existsSync(executablePath) && !isRequired)(`the report (skipped without ${executablePath})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'gapwatch-report-'));
  let browser: Browser;

  /** Writes a report of this export; answers the path of the page. */
  async function report(name: string, input: string): Promise<string> {
    const [file, page] = [join(folder, `${name}.ndjson`), join(folder, `${name}.html`)];
    writeFileSync(file, input);
    expect((await gapwatch(['backtest', file, '--html', page, '--json'])).status).toBe(0);
    return page;
  }

  async function open(path: string, options: { width?: number; dark?: boolean } = {}) {
    const page = await browser.newPage({
      viewport: { width: options.width ?? 1_100, height: 900 },
      colorScheme: options.dark ? 'dark' : 'light',
    });
    const told: string[] = [];
    const address = pathToFileURL(path).href;
    page.on('console', (message) => told.push(message.text()));
    page.on('pageerror', (error) => told.push(error.message));
    page.on('dialog', (dialog) => told.push(dialog.message()));
    page.on('request', (request) => request.url() !== address && told.push(request.url()));
    await page.goto(address);
    return { page, told };
  }

  const overflow = (page: Page) =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

  let planted: string;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', ...quiet] });
    const { stdout } = await gapwatch(
      'simulate --days 120 --customers 1200 --stages 3 --seed 1 --ratings-only --plant delivery:0.2@100'.split(' '),
    );
    planted = await report('planted', stdout);
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  it('says first what the export can show, draws each stage, and marks the alert', async () => {
    const { page, told } = await open(planted);
    expect(await page.locator('h1').innerText()).toMatch(/^This export has what \d of the 9 gaps need/);
    expect(await page.locator('.chart path.share').count()).toBe(3);
    const line = await page.locator('.chart path.share').first().boundingBox();
    expect(line?.width).toBeGreaterThan(600);
    const delivery = page.locator('section', { has: page.getByRole('heading', { name: 'delivery' }) });
    expect(await delivery.locator('.flag').first().innerText()).toBe('▲ 1');
    expect(await delivery.locator('ol li').count()).toBe(await delivery.locator('.flag').count());
    expect(await page.locator('main').innerText()).toContain('delivery is getting worse, since about');
    expect(told).toEqual([]);
    await page.close();
  });

  it('fits a phone in the dark, and has a table behind each chart', async () => {
    const { page, told } = await open(planted, { width: 390, dark: true });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(background).toBe('rgb(17, 21, 27)');
    await page.getByText('delivery as a table').click();
    expect(await page.locator('details[open] tbody tr').count()).toBe(18);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(told).toEqual([]);
    await page.close();
  });

  it('shows hostile names as text, and nobody’s words', async () => {
    const lines = Array.from({ length: 600 }, (_, index) => statement(index));
    const { page, told } = await open(await report('hostile', `${lines.join('\n')}\n`), { width: 390 });
    expect(await page.title()).toBe('Backtest of hostile.ndjson · Gapwatch');
    expect(await page.locator('h2').nth(1).innerText()).toBe(hostile);
    expect(await page.locator('script, img, b').count()).toBe(0);
    expect(await page.content()).not.toContain('nobody should read this');
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(told).toEqual([]);
    await page.close();
  });
});
