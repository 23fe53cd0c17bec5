import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeMedia } from '../../../../test/support/audio';
import { eventually } from '../../../../test/support/poll';
import { findFfmpeg, findSpeech, type SpeechTools } from '../../../tools';

let tools: SpeechTools;
let dir: string;
const here = __dirname;

beforeAll(async () => {
  tools = await findSpeech();
  dir = mkdtempSync(path.join(tmpdir(), 'child-test-'));
}, 300_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Runs Python with the project's modules at hand. */
function python(code: string, ...args: string[]) {
  const env = { ...process.env, PYTHONPATH: `${here}:${tools.pythonPath}` };
  return spawnSync(tools.python, ['-B', '-c', code, ...args], { encoding: 'utf8', env });
}

it('reads weights, but runs nothing that a weights file asks for', () => {
  const evil = path.join(dir, 'evil.pt');
  const trace = path.join(dir, 'trace');
  const write = `
import os, pickle, sys
class Evil:
    def __reduce__(self):
        return os.system, ("touch " + sys.argv[2],)
with open(sys.argv[1], "wb") as file:
    for value in (1, 2, {}, Evil(), []):
        pickle.dump(value, file)
`;
  expect(python(write, evil, trace).status).toBe(0);
  const { status, stderr } = python('import sys, weights; weights.read_state(sys.argv[1])', evil);
  expect(status).not.toBe(0);
  expect(stderr).toMatch(/UnpicklingError: refused: \w+\.system/);
  expect(existsSync(trace)).toBe(false);

  const names = python(
    'import sys, weights; print(len(weights.read_state(sys.argv[1])))',
    tools.encoderWeights,
  );
  expect(Number(names.stdout)).toBeGreaterThanOrEqual(14);
});

it('gives unit vectors, and the same for the same sound', () => {
  const code = `
import sys, numpy as np
from encoder import Encoder, mel_frames
sound = np.sin(np.arange(16000 * 2) / 20).astype(np.float32)
mel = mel_frames(sound)[:160]
one, two = Encoder(sys.argv[1]).embed(np.stack([mel, mel]))
print(abs(float(one @ one) - 1) < 1e-4 and float(one @ two) > 0.9999)
`;
  expect(python(code, tools.encoderWeights).stdout.trim()).toBe('True');
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it('ends when its parent is killed', async () => {
  const wav = path.join(dir, 'hour.wav');
  const sound = ['-f', 'lavfi', '-i', 'anoisesrc=r=16000:a=0.3', '-t', '1200', '-ac', '1', wav];
  makeMedia(await findFfmpeg(), sound);
  const request = JSON.stringify({ wav, encoder: tools.encoderWeights });
  const parent = path.join(dir, 'parent.cjs');
  writeFileSync(
    parent,
    `const child = require('node:child_process').spawn(${JSON.stringify(tools.python)},
       ['-B', ${JSON.stringify(path.join(here, 'voices.py'))}, ${JSON.stringify(request)}],
       { stdio: ['pipe', 'ignore', 'ignore'], env: { PYTHONPATH: ${JSON.stringify(tools.pythonPath)} } });
     console.log(child.pid);`,
  );
  const running = spawn(process.execPath, [parent], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = await new Promise<number>((resolve) =>
    running.stdout.once('data', (text) => resolve(Number(text))),
  );
  expect(isAlive(pid)).toBe(true);
  running.kill('SIGKILL');
  await eventually(() => !isAlive(pid), { deadlineMs: 15_000 });
}, 60_000);
