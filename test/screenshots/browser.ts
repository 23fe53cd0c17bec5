/** A headless Chromium of the machine's own: nothing is downloaded. */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not ours to run
  }
}

/** `CHROMIUM_PATH`, else the first that `PATH` has. Throws with what to set. */
function findChromium(): string {
  const named = process.env.CHROMIUM_PATH;
  if (named) return named;
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(isProgram);
  if (!found) throw new Error('No Chromium on PATH: set CHROMIUM_PATH to one.');
  return found;
}

/** A page with our columns in the list of runs, as an operator sets them once. Closed whatever happens. */
export async function withBrowser(use: (page: Page) => Promise<void>): Promise<void> {
  const browser = await chromium.launch({ executablePath: findChromium() });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, timezoneId: 'UTC' });
    page.setDefaultTimeout(90_000);
    await use(page);
  } finally {
    await browser.close();
  }
}
