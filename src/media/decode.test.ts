import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '../../test/support/poll';
import { decode } from './decode';

const dir = mkdtempSync(path.join(tmpdir(), 'decode-test-'));
const at = (name: string) => path.join(dir, name);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Stands in for ffmpeg, so that we see what a decoder is given and what becomes of one that misbehaves. */
function decoder(script: string): string {
  const file = at('decoder');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('the process that decodes', () => {
  const said =
    "Input #0, wav, from 'x':\\n  Duration: 00:00:01.00\\n  Stream #0:0: Audio: pcm_s16le, 16000 Hz, mono\\n";
  const pid = () => Number(readFileSync(at('pid'), 'utf8'));
  const isGone = () => {
    try {
      return !process.kill(pid(), 0);
    } catch {
      return true;
    }
  };
  afterEach(() => rmSync(at('pid'), { force: true }));

  it('has limits of memory and time, no input and nothing of our environment', async () => {
    process.env['CANARY_KEY'] = 'sk-canary';
    const tell = `{ ulimit -v; ulimit -t; wc -c; env; } > ${at('told')}`;
    const program = decoder(`PATH=/usr/bin:/bin\n${tell}\nprintf '${said}' >&2\nhead -c 32000 /dev/zero`);
    await decode(at('x'), { ffmpeg: program, maxSeconds: 9 }, () => undefined);
    delete process.env['CANARY_KEY'];
    const [memoryKib, cpuSeconds, input, ...environment] = readFileSync(at('told'), 'utf8')
      .trim()
      .split('\n');
    expect(Number(memoryKib)).toBeLessThanOrEqual(2_000_000);
    expect(Number(cpuSeconds)).toBeLessThanOrEqual(900);
    expect(Number(input)).toBe(0);
    expect(environment.join('\n')).not.toMatch(/canary|DATABASE|KEY|HOME/i);
  });

  it('ends when the work is called off', async () => {
    const stop = new AbortController();
    const program = decoder(`echo $$ > ${at('pid')}\nexec /bin/sleep 60`);
    const decoding = decode(
      at('x'),
      { ffmpeg: program, maxSeconds: 9, signal: stop.signal },
      () => undefined,
    );
    await eventually(() => pid() > 0);
    stop.abort();
    await expect(decoding).rejects.toMatchObject({ name: 'AbortError' });
    await eventually(isGone);
  });

  it('ends when whoever takes the sound fails, and that is what is reported', async () => {
    const program = decoder(`echo $$ > ${at('pid')}\nexec /bin/cat /dev/zero`);
    const full = () => Promise.reject(new Error('the disk is full'));
    await expect(decode(at('x'), { ffmpeg: program, maxSeconds: 9 }, full)).rejects.toThrow(
      'the disk is full',
    );
    await eventually(isGone);
  });

  it('waits for whoever takes the sound', async () => {
    const program = decoder(`printf '${said}' >&2\nexec /usr/bin/head -c 4000000 /dev/zero`);
    let taking = 0;
    let most = 0;
    const slow = async () => {
      most = Math.max(most, ++taking);
      await new Promise(setImmediate);
      taking--;
    };
    const { durationMs } = await decode(at('x'), { ffmpeg: program, maxSeconds: 9 }, slow);
    expect([most, durationMs]).toEqual([1, 125_000]);
  });

  it.each([
    ['is killed', 'kill -9 $$', { code: 'decoder-stopped', retryable: true }],
    ['gives up', 'exit 69', { code: 'media-undecodable', retryable: false }],
    ['says nothing at all', 'exit 0', { code: 'media-undecodable', retryable: false }],
    ['is no program', 'exit 127', { code: 'ffmpeg-missing', retryable: false }],
  ])('that %s is told from the others', async (_what, script, expected) => {
    const decoding = decode(at('x'), { ffmpeg: decoder(script), maxSeconds: 9 }, () => undefined);
    await expect(decoding).rejects.toMatchObject(expected);
  });

  it('may complain for a hundred megabytes without our keeping them', async () => {
    const complain = 'dd if=/dev/zero bs=1048576 count=100 2>/dev/null | tr "\\\\0" x >&2';
    const program = decoder(`PATH=/usr/bin:/bin\nprintf '${said}' >&2\n${complain}\nhead -c 32000 /dev/zero`);
    const before = process.memoryUsage().heapUsed;
    const { report } = await decode(at('x'), { ffmpeg: program, maxSeconds: 9 }, () => undefined);
    expect(report).toMatchObject({ codec: 'pcm_s16le' });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200 * 1024 ** 2);
  });
});
