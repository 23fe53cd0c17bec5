import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { processesOf, readStack, removeStack, writeStack, type Stack } from './stack-file';

describe('stack.json', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(path.join(tmpdir(), 'stack-test-'))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const stack: Stack = {
    apiUrl: 'http://127.0.0.1:3000',
    webUiUrl: null,
    temporalAddress: '127.0.0.1:7233',
    databaseUrl: 'postgres://postgres:secret@127.0.0.1:5433/postgres',
    pids: { api: 1, worker: 2, temporal: null, postgres: 4 },
    startTimes: { api: 'a', worker: null, temporal: 'c', postgres: 'd' },
  };
  const file = () => path.join(dir, 'stack.json');
  const mode = () => statSync(file()).mode & 0o777;

  it('is read as it was written, and is nothing before and after', () => {
    expect(readStack(dir)).toBeNull();
    writeStack(dir, stack);
    expect(readStack(dir)).toEqual(stack);
    removeStack(dir);
    removeStack(dir);
    expect(readStack(dir)).toBeNull();
    expect(readdirSync(dir)).toEqual([]);
  });

  it('is for its owner only, whatever the mask, and stays so', () => {
    const before = process.umask(0);
    try {
      writeStack(dir, stack);
      expect(mode()).toBe(0o600);
      chmodSync(file(), 0o666);
      writeStack(dir, stack);
      expect(mode()).toBe(0o600);
    } finally {
      process.umask(before);
    }
  });

  it('is never seen half written: a crash in between leaves the old one', () => {
    writeStack(dir, stack);
    writeFileSync(`${file()}.new`, '{"apiUrl":"htt');
    expect(readStack(dir)).toEqual(stack);
    writeStack(dir, { ...stack, apiUrl: 'http://127.0.0.1:3001' });
    expect(readStack(dir)?.apiUrl).toBe('http://127.0.0.1:3001');
    expect(readdirSync(dir)).toEqual(['stack.json']);
  });

  it('a half-written one of a crash does not open the next to others', () => {
    writeFileSync(`${file()}.new`, 'half', { mode: 0o644 });
    chmodSync(`${file()}.new`, 0o644);
    writeStack(dir, stack);
    expect(mode()).toBe(0o600);
  });

  it('names the processes that can be told, in the order in which they are stopped', () => {
    expect(processesOf(stack)).toEqual([
      ['api', { pid: 1, startedAt: 'a' }],
      ['postgres', { pid: 4, startedAt: 'd' }],
    ]);
  });
});
