import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openScratch } from './scratch';

describe('openScratch', () => {
  let dataDir: string;
  beforeEach(async () => (dataDir = await mkdtemp(path.join(os.tmpdir(), 'scratch-test-'))));
  afterEach(() => rm(dataDir, { recursive: true }));

  it('removes what a killed process left, and nothing of one that lives', async () => {
    const dead = String(spawnSync(process.execPath, ['-e', '0']).pid);
    const alive = String(process.ppid);
    for (const name of [dead, alive]) {
      await mkdir(path.join(dataDir, 'scratch', name), { recursive: true });
      await writeFile(path.join(dataDir, 'scratch', name, 'media'), 'sound');
    }
    const own = await openScratch(dataDir);
    expect((await readdir(path.join(dataDir, 'scratch'))).sort()).toEqual(
      [alive, String(process.pid)].sort(),
    );
    expect(await readdir(own)).toEqual([]);
  });

  it('starts empty when a dead process had the same id', async () => {
    const own = await openScratch(dataDir);
    await writeFile(path.join(own, 'media'), 'sound');
    expect(await readdir(await openScratch(dataDir))).toEqual([]);
  });
});
