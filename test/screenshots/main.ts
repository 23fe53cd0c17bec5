/**
 * `npm run screenshots`: starts the product with a wrong RapidAPI key, lets runs fail, wait and succeed, and takes the
 * pictures of OPERATIONS.md from the Temporal Web UI. What it has started it ends.
 */
import path from 'node:path';
import { projectRoot } from '../../src/project-root';
import { withBrowser } from './browser';
import { listWith, openRun, openTab, photograph, shows } from './pages';
import { withScene } from './scene';

const IMAGES = path.join(projectRoot, 'docs/images');

const RUNS = `WorkflowType = "MeetingPipeline"`;

async function main(): Promise<void> {
  await withScene(async ({ webUiUrl, failed, retrying }) =>
    withBrowser(async (page) => {
      const shoot = (name: string) => photograph(page, path.join(IMAGES, `${name}.png`));
      await listWith(page, webUiUrl, RUNS);
      await shows(page, 'speech-key-refused');
      await shoot('1-list');
      // One click, as an operator does it.
      await page.getByRole('link', { name: `meeting-${failed}` }).click();
      await shows(page, 'FAILED at transcribe: speech-key-refused');
      await shoot('2-timeline');
      await openTab(page, 'user-metadata');
      await shows(page, 'What to do:');
      await shoot('3-what-to-do');
      await openRun(page, webUiUrl, retrying);
      await openTab(page, 'pending-activities');
      await shows(page, 'speech-unavailable');
      await shoot('4-next-retry');
    }),
  );
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
