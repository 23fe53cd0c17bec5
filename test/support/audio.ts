import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../src/project-root';

/** A recording of the test data, or null (said loudly) when the data isn't there. */
export function sampleAudio(name: string): string | null {
  const file = path.join(projectRoot, '../shared/data/audio', name);
  if (existsSync(file)) return file;
  console.warn(`SKIPPED: no test recording ${name}`);
  return null;
}

/** Makes a media file with ffmpeg's own generators; throws with its words when it can't. */
export function makeMedia(ffmpeg: string, args: string[]): void {
  const { status, stderr } = spawnSync(ffmpeg, ['-v', 'error', '-y', ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}
