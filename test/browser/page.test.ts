// The page in a real browser, over the example company as a user starts it: what it says, that it can be used without a
// mouse, and that nothing is reported by the browser, the content security policy least of all.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { end, readyAddress, repository, spawnGapwatch } from '../journeys/gapwatch.fixture.ts';

const executablePath = process.env.GAPWATCH_CHROMIUM ?? '/usr/bin/chromium';
const isThere = existsSync(executablePath) && existsSync(join(repository, 'services/console/dist/index.html'));
const isRequired = process.env.GAPWATCH_REQUIRE_SERVICES === '1';
const quiet = ['--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

describe.skipIf(!isThere && !isRequired)(`the page (skipped without ${executablePath} or a built page)`, () => {
  let browser: Browser;
  let address: string;
  let stop: () => Promise<unknown>;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gapwatch-page-'));
    const child = spawnGapwatch(['start', '--demo', '--data-dir', folder], {}, 'file');
    stop = async () => {
      await end(child);
      rmSync(folder, { recursive: true });
    };
    address = await readyAddress(child);
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', ...quiet] });
  });
  afterAll(async () => {
    await browser?.close();
    await stop?.();
  });

  /** Opens a page that notes everything a user would not see and a developer would. */
  async function open(
    path: string,
    options: { width?: number; height?: number; dark?: boolean } = {},
  ): Promise<{ page: Page; told: string[] }> {
    const { width = 1_280, height = 900, dark = false } = options;
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light' });
    const told: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') told.push(message.text());
    });
    page.on('pageerror', (error) => told.push(error.message));
    page.on('requestfailed', (request) => told.push(`${request.url()}: ${request.failure()?.errorText}`));
    await page.goto(`${address}/${path}`);
    return { page, told };
  }

  async function note(body: object): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const posted = await fetch(`${address}/v1/notes`, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(posted.status).toBe(202);
  }

  async function shoot(page: Page, name: string): Promise<void> {
    const folder = process.env.GAPWATCH_SCREENSHOTS;
    if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  }

  it('says what is wrong, where, and since when', async () => {
    const { page, told } = await open('');
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toMatch(/Deliver/);
    for (const stage of ['Discover', 'Buy', 'Deliver', 'Use', 'Support', 'Renew']) {
      expect(await page.getByText(stage, { exact: false }).count()).toBeGreaterThan(0);
    }
    await shoot(page, 'journey');
    expect(told).toEqual([]);
    await page.close();
  });

  it('shows the evidence of an alert, and a chart that is drawn', async () => {
    const { items } = (await (await fetch(`${address}/v1/alerts?state=open`)).json()) as { items: { id: string }[] };
    const { page, told } = await open(`#/alerts/${items[0]?.id}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const text = await page.locator('main').innerText();
    expect(text).toMatch(/of 100/);
    expect(text).toMatch(/not enough evidence/i);
    const canvas = page.locator('canvas').first();
    await canvas.waitFor();
    expect(await canvas.evaluate(isDrawn)).toBe(true);
    await shoot(page, 'alert');
    expect(told).toEqual([]);
    await page.close();
  });

  it('lets a person take an alert from the keyboard, and says who has it', async () => {
    const { items } = (await (await fetch(`${address}/v1/alerts?state=open`)).json()) as { items: { id: string }[] };
    const { page, told } = await open(`#/alerts/${items[0]?.id}`);
    const actions = page.getByRole('region', { name: 'What you do' });
    await actions.getByRole('button', { name: 'I have it' }).focus();
    await page.keyboard.press('Enter');
    await actions.getByText(/^local has it, since /).waitFor();
    await actions.getByRole('button', { name: 'Give to…' }).click();
    await page.keyboard.type('logistics');
    await page.keyboard.press('Enter');
    await actions.getByText('Given to logistics by local.').waitFor();
    await page.getByRole('region', { name: 'History' }).getByText('local gave it to logistics').waitFor();
    await shoot(page, 'alert-taken');
    expect(told).toEqual([]);
    await page.close();
  });

  it('shows a stage, on a phone and in the dark', async () => {
    const { page, told } = await open('#/stages/delivery', { width: 390, height: 844, dark: true });
    await page.locator('canvas').first().waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide).toBeLessThanOrEqual(0);
    await shoot(page, 'stage-phone-dark');
    expect(told).toEqual([]);
    await page.close();
  });

  it('draws what people noted where it happened, with its words, and lists it in full', async () => {
    const { items } = (await (await fetch(`${address}/v1/stages`)).json()) as {
      items: { id: string; days: { from: string; heard: number[] } }[];
    };
    const { days } = items.find(({ id }) => id === 'delivery')!;
    const dayMs = 86_400_000;
    const at = (day: number) => new Date(Date.parse(days.from) + (day + 0.5) * dayMs).toISOString();
    const last = days.heard.length - 1;
    const url = 'https://status.example.com/42';
    await note({ text: 'new courier <b>in the north</b> since the strike', stage: 'delivery', at: at(last / 2), url });
    const now = new Date().toISOString();
    await note({ text: 'prices went up', at: now });
    await note({ text: 'another checkout', stage: 'buy', at: at(last / 2) });
    await note({ text: 'before all of this', stage: 'delivery', at: at(-5) });
    const { page, told } = await open('#/stages/delivery');
    const marks = page.locator('.chart .mark');
    await expect
      .poll(() => marks.allInnerTexts())
      .toEqual(['new courier <b>in the north</b> since the strike', 'prices went up']);
    const placed = await page.locator('.chart .u-over').evaluate(placesOf);
    // the chart begins and ends at noon: what is noted this afternoon stands at its end
    const newest = Math.min(1, (Date.parse(now) - Date.parse(at(0))) / (last * dayMs));
    expect(placed).toEqual([expect.closeTo(0.5, 2), expect.closeTo(newest, 2)]);
    const list = page.getByRole('list', { name: 'Noted in these days' });
    expect(await list.getByRole('listitem').count()).toBe(2);
    expect(await list.getByRole('link').getAttribute('href')).toBe(url);
    await shoot(page, 'stage-noted');
    expect(told).toEqual([]);
    await page.close();
  });

  it('says what each source gave', async () => {
    const { page, told } = await open('#/sources');
    await page.getByRole('heading', { level: 1 }).waitFor();
    const rows = page.getByRole('row');
    await expect.poll(() => rows.filter({ hasText: 'helpdesk' }).innerText()).toMatch(/100 %$/);
    expect(await rows.filter({ hasText: 'scorecards' }).innerText()).toMatch(/cannot be said$/);
    await shoot(page, 'sources');
    expect(told).toEqual([]);
    await page.close();
  });

  it('can be used from the keyboard', async () => {
    const { page } = await open('');
    await page.getByRole('heading', { level: 1 }).waitFor();
    const reached: string[] = [];
    for (let press = 0; press < 40; press += 1) {
      await page.keyboard.press('Tab');
      const href = await page.evaluate(() => document.activeElement?.getAttribute('href') ?? '');
      reached.push(href);
    }
    expect(reached.some((href) => href.startsWith('#/stages/'))).toBe(true);
    await page.close();
  });
});

/** Runs in the page: how far from the left each mark stands, of the width. */
function placesOf(over: SVGElement | HTMLElement): number[] {
  const { left, width } = over.getBoundingClientRect();
  return [...over.querySelectorAll('.mark')].map((mark) => (mark.getBoundingClientRect().left - left) / width);
}

/** Runs in the page: some pixel of the canvas differs from the first. */
function isDrawn(canvas: SVGElement | HTMLElement): boolean {
  const { width, height } = canvas as HTMLCanvasElement;
  const context = (canvas as HTMLCanvasElement).getContext('2d');
  if (context === null) return false;
  const { data } = context.getImageData(0, 0, width, height);
  return data.some((value, index) => value !== data[index % 4]);
}
