/** The pages of the Temporal Web UI that operators use, and how they are set up. */
import { statSync } from 'node:fs';
import type { Page } from 'playwright-core';
import type { RunPage } from '../../src/temporal/web-ui';
import { eventually } from '../support/poll';

const MAX_BYTES = 150_000;
const NAMESPACE = 'default';

/** The columns that OPERATIONS.md tells to choose; the Web UI keeps them in the browser, per namespace. */
const COLUMNS = ['Status', 'MeetingStage', 'FailureCode', 'Workflow ID', 'Start'];

/** The list of runs by a query in the address, with our columns. */
export async function listWith(page: Page, webUiUrl: string, query: string): Promise<void> {
  const columns = JSON.stringify({ [NAMESPACE]: COLUMNS.map((label) => ({ label })) });
  await page.addInitScript(
    (value) => localStorage.setItem('namespace-workflow-table-columns', value),
    columns,
  );
  await page.goto(`${webUiUrl}/namespaces/${NAMESPACE}/workflows?query=${encodeURIComponent(query)}`);
}

/** The newest run of a meeting, as `links.webUi` opens it. */
export async function openRun(page: Page, webUiUrl: string, meetingId: string): Promise<void> {
  await page.goto(`${webUiUrl}/namespaces/${NAMESPACE}/workflows/meeting-${meetingId}`);
}

/** One of the tabs of the run that is open. */
export async function openTab(page: Page, tab: RunPage): Promise<void> {
  await page.locator(`a[href*="/${tab}"]`).first().click();
}

/** Until the text stands on the page; Markdown is shown in a frame of its own. */
export const shows = (page: Page, text: string): Promise<boolean> =>
  eventually(
    async () => {
      const counts = await Promise.all(page.frames().map((frame) => frame.getByText(text).count()));
      return counts.some((count) => count > 0);
    },
    { deadlineMs: 90_000, intervalMs: 250 },
  );

/** The menu on the left says nothing of runs. */
async function withoutMenu(page: Page) {
  const { width = 0, height = 0 } = page.viewportSize() ?? {};
  const x = (await page.locator('main').first().boundingBox())?.x ?? 0;
  return { x, y: 0, width: width - x, height };
}

/** A picture small enough for a repository. */
export async function photograph(page: Page, file: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.screenshot({ path: file, animations: 'disabled', clip: await withoutMenu(page) });
  const { size } = statSync(file);
  if (size > MAX_BYTES) throw new Error(`${file} has ${size} bytes: more than ${MAX_BYTES}`);
  console.log(`${file}: ${Math.round(size / 1000)} kB`);
}
