/** Objects and rows: each must have the other. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { JANITOR_SCHEDULE } from '../../../src/temporal/schedule-janitor';
import { eventually } from '../../support/poll';
import type { ChaosStack } from './stack';

interface Mismatch {
  objectsWithoutRow: string[];
  rowsWithoutObject: string[];
}

function objectsIn(directory: string): string[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)));
}

async function mismatch({ db, mediaDirectory }: ChaosStack): Promise<Mismatch> {
  const rows = await db('meetings').whereNotNull('media_key').select('media_key');
  const keys = new Set(rows.map(({ media_key }) => media_key as string));
  const objects = objectsIn(mediaDirectory);
  return {
    objectsWithoutRow: objects.filter((object) => !keys.has(object)),
    rowsWithoutObject: [...keys].filter((key) => !objects.includes(key)),
  };
}

/** Sweeps until no object is without its row; what is still wrong after the deadline, in words. */
export async function settledStore(stack: ChaosStack, deadlineMs: number): Promise<string[]> {
  const janitor = stack.client.schedule.getHandle(JANITOR_SCHEDULE);
  const isClean = async () => {
    if ((await mismatch(stack)).objectsWithoutRow.length === 0) return true;
    await janitor.trigger();
    return false;
  };
  await eventually(isClean, { deadlineMs, intervalMs: 2_000 }).catch(() => undefined);
  const { objectsWithoutRow, rowsWithoutObject } = await mismatch(stack);
  return [
    ...objectsWithoutRow.map((object) => `object without a row: ${object}`),
    ...rowsWithoutObject.map((key) => `meeting without its object: ${key}`),
  ];
}
