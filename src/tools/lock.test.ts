import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { withLock } from './lock';

let dir: string;
beforeEach(() => (dir = mkdtempSync(path.join(tmpdir(), 'lock-test-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function deadPid(): Promise<number> {
  const dead = spawn('true');
  await once(dead, 'close');
  return dead.pid ?? 0;
}

describe('a lock', () => {
  const lock = () => path.join(dir, 'lock');
  const hold = (pid: string, file = lock()) => {
    mkdirSync(file);
    writeFileSync(path.join(file, 'pid'), pid);
  };
  const aMinuteAgo = () => utimesSync(lock(), Date.now() / 1000 - 60, Date.now() / 1000 - 60);

  it('whose holder died before it wrote who it is, is taken over when it is old', async () => {
    mkdirSync(lock());
    aMinuteAgo();
    expect(await withLock(lock(), 5_000, async () => 'done')).toBe('done');
  });

  it('that was made just now, nameless, is given the time to be named', async () => {
    mkdirSync(lock());
    await expect(withLock(lock(), 300, async () => 'done')).rejects.toThrow('another process holds');
    expect(existsSync(lock())).toBe(true);
  });

  it.each(['', 'many', '-1', '0'])('that names %j as its holder is nameless', async (pid) => {
    hold(pid);
    aMinuteAgo();
    expect(await withLock(lock(), 5_000, async () => 'done')).toBe('done');
  });

  it('lets one work at a time, and each in turn', async () => {
    let inside = 0;
    const seen: number[] = [];
    const work = async () => {
      seen.push(++inside);
      await new Promise(setImmediate);
      inside--;
    };
    await Promise.all(Array.from({ length: 5 }, () => withLock(lock(), 20_000, work)));
    expect(seen).toEqual([1, 1, 1, 1, 1]);
  });

  it('of a dead process is taken by one of several that find it', async () => {
    const dead = String(await deadPid());
    const crowdAt = async (file: string) => {
      let inside = 0;
      const seen: number[] = [];
      const work = async () => {
        seen.push(++inside);
        await new Promise(setImmediate);
        inside--;
      };
      hold(dead, file);
      await Promise.all(Array.from({ length: 4 }, () => withLock(file, 20_000, work)));
      return seen;
    };
    const locks = Array.from({ length: 60 }, (_, i) => `${lock()}-${i}`);
    expect(await Promise.all(locks.map(crowdAt))).toEqual(locks.map(() => [1, 1, 1, 1]));
  });

  it('whose remover died as well is taken over all the same', async () => {
    hold(String(await deadPid()));
    mkdirSync(`${lock()}.removing`);
    utimesSync(`${lock()}.removing`, Date.now() / 1000 - 60, Date.now() / 1000 - 60);
    expect(await withLock(lock(), 5_000, async () => 'done')).toBe('done');
    expect(readdirSync(dir)).toEqual([]);
  });

  it('in a place that can not be written is an error at once, not a wait', async () => {
    const nowhere = path.join(dir, 'no/such/folder/lock');
    await expect(withLock(nowhere, 60_000, async () => 'done')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
