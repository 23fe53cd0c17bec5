import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeMedia } from '../../test/support/audio';
import { findFfmpeg } from '../tools';
import { encode, SOUND_FORMATS } from './encode';
import { probe } from './ffmpeg';
import { sliceWav, WAV_HEADER_BYTES, WavFile } from './wav-file';

const dir = mkdtempSync(path.join(tmpdir(), 'encode-test-'));
const at = (name: string) => path.join(dir, name);
const never = new AbortController().signal;
let ffmpeg: string;

beforeAll(async () => {
  ffmpeg = await findFfmpeg();
  // Loud noise: what no encoder can make small.
  const noise = ['-f', 'lavfi', '-i', 'anoisesrc=r=16000:a=1:d=20', '-ac', '1', '-c:a', 'pcm_s16le'];
  makeMedia(ffmpeg, [...noise, '-fflags', '+bitexact', '-map_metadata', '-1', at('noise.wav')]);
}, 180_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe.each(SOUND_FORMATS)('sound packed as $extension', (format) => {
  const out = at(`packed.${format.extension}`);

  it('is as long as it was and never larger than promised', async () => {
    await encode(at('noise.wav'), out, { ffmpeg, format, signal: never });
    const { durationMs, channels, sampleRate } = await probe(out, { ffmpeg, maxSeconds: 60 });
    expect(Math.abs(durationMs - 20_000)).toBeLessThan(100);
    expect([channels, sampleRate]).toEqual([1, 16_000]);
    expect(statSync(out).size).toBeLessThanOrEqual(format.bytesPerSecond * 20 + 10_000);
  });

  it('is told by its first bytes to be what it is called', () => {
    const magic = { mp3: /^(?:ID3|\u00ff[\u00e0-\u00ff])/, flac: /^fLaC/, wav: /^RIFF/ };
    expect(readFileSync(out).toString('latin1', 0, 4)).toMatch(magic[format.extension as keyof typeof magic]);
  });
});

describe('packing that fails', () => {
  const format = SOUND_FORMATS[0]!;

  it.each([
    ['what is no sound', () => ({ wav: 'text.wav', program: ffmpeg })],
    ['nothing', () => ({ wav: 'none.wav', program: ffmpeg })],
    ['with no ffmpeg', () => ({ wav: 'noise.wav', program: at('no-such-program') })],
  ])('%s: says which variable to set, may be tried again', async (_what, make) => {
    writeFileSync(at('text.wav'), 'just words');
    const { wav, program } = make();
    const packing = encode(at(wav), at('x.mp3'), { ffmpeg: program, format, signal: never });
    await expect(packing).rejects.toMatchObject({
      code: 'encoder-failed',
      retryable: true,
      message: expect.stringContaining('FFMPEG_PATH'),
    });
  });

  it('called off: says so, whatever ffmpeg says', async () => {
    const options = { ffmpeg, format, signal: AbortSignal.abort(new Error('called off')) };
    await expect(encode(at('noise.wav'), at('x.mp3'), options)).rejects.toThrow('called off');
  });
});

describe('WAV files of ours', () => {
  const pcm = Buffer.from(Int16Array.from({ length: 16_000 }, (_, i) => i - 8_000).buffer);

  async function written(name: string, ...pieces: Buffer[]): Promise<Buffer> {
    const wav = await WavFile.create(at(name));
    for (const piece of pieces) await wav.append(piece);
    await wav.finish();
    await wav.close();
    return readFileSync(at(name));
  }

  it('hold what was appended, in order, under a header that tells its length', async () => {
    const file = await written('own.wav', pcm.subarray(0, 7), pcm.subarray(7, 20_001), pcm.subarray(20_001));
    expect(file.subarray(WAV_HEADER_BYTES).equals(pcm)).toBe(true);
    expect([file.readUInt32LE(4), file.readUInt32LE(40)]).toEqual([36 + pcm.length, pcm.length]);
    expect(await probe(at('own.wav'), { ffmpeg, maxSeconds: 9 })).toMatchObject({ durationMs: 1000 });
  });

  it('are sliced to the sample, without gap or overlap', async () => {
    await written('own.wav', pcm);
    await sliceWav(at('own.wav'), at('a.wav'), 0, 333);
    await sliceWav(at('own.wav'), at('b.wav'), 333, 1000);
    const sound = (name: string) => readFileSync(at(name)).subarray(WAV_HEADER_BYTES);
    expect(sound('a.wav')).toHaveLength(333 * 32);
    expect(Buffer.concat([sound('a.wav'), sound('b.wav')]).equals(pcm)).toBe(true);
    expect(readFileSync(at('b.wav')).readUInt32LE(40)).toBe(667 * 32);
  });

  it('end where the sound ends, whatever was asked for', async () => {
    await written('own.wav', pcm);
    await sliceWav(at('own.wav'), at('end.wav'), 900, 5000);
    expect(readFileSync(at('end.wav'))).toHaveLength(WAV_HEADER_BYTES + 100 * 32);
  });

  it('that are not there can not be sliced', async () => {
    await expect(sliceWav(at('none.wav'), at('never.wav'), 0, 10)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
