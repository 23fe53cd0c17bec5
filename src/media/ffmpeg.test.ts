import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeMedia, sampleAudio } from '../../test/support/audio';
import { findFfmpeg } from '../tools';
import { decodeToWav, probe } from './ffmpeg';

let ffmpeg: string;
let dir: string;
const at = (name: string) => path.join(dir, name);
const SINE = ['-f', 'lavfi', '-i', 'sine=duration=4'];

beforeAll(async () => {
  ffmpeg = await findFfmpeg();
  dir = mkdtempSync(path.join(tmpdir(), 'media-test-'));
}, 180_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const probed = (name: string, maxSeconds = 60) => probe(at(name), { ffmpeg, maxSeconds });

function spoil(name: string, from: string, keepBytes: number): void {
  writeFileSync(
    at(name),
    Buffer.concat([readFileSync(at(from)).subarray(0, keepBytes), randomBytes(300_000)]),
  );
}

describe('probe', () => {
  it.each([
    ['sound.mp3', []],
    ['sound.m4a', []],
    ['sound.ogg', ['-c:a', 'libvorbis']],
    ['sound.opus', []],
    ['sound.flac', []],
    ['sound.wav', ['-ac', '2', '-ar', '44100']],
    ['live.webm', ['-live', '1', '-c:a', 'libopus']],
  ])('tells the length of %s within a twentieth of a second', async (name, options) => {
    makeMedia(ffmpeg, [...SINE, ...options, at(name)]);
    const facts = await probed(name);
    expect(Math.abs(facts.durationMs - 4000)).toBeLessThan(60);
    expect(facts.channels).toBe(options.includes('2') ? 2 : 1);
  });

  it('takes the sound of a film and leaves the pictures undecoded', async () => {
    makeMedia(ffmpeg, [...SINE, '-f', 'lavfi', '-i', 'testsrc=d=4:s=64x64', '-shortest', at('film.mp4')]);
    expect(await probed('film.mp4')).toMatchObject({
      codec: 'aac',
      container: expect.stringContaining('mp4'),
    });
  });

  it('finds no sound in a film without any', async () => {
    makeMedia(ffmpeg, ['-f', 'lavfi', '-i', 'testsrc=d=1:s=64x64', at('silent.mp4')]);
    await expect(probed('silent.mp4')).rejects.toMatchObject({ code: 'no-audio-track', retryable: false });
  });

  it('refuses what is longer than allowed', async () => {
    makeMedia(ffmpeg, [...SINE, at('long.wav')]);
    await expect(probed('long.wav', 3)).rejects.toMatchObject({ code: 'media-too-long', retryable: false });
    expect(await probed('long.wav', 4)).toMatchObject({ durationMs: 4000 });
  });

  it.each([
    ['a page that calls itself mp3', 'page.mp3', '<html><body>hello</body></html>'],
    ['a list of files', 'list.mp3', 'ffconcat version 1.0\nfile secret.wav\n'],
    [
      'a playlist of a local file',
      'list.m4a',
      '#EXTM3U\n#EXTINF:10,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n',
    ],
    [
      'a playlist of an address',
      'web.m4a',
      '#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n',
    ],
    ['nothing', 'empty.mp3', ''],
    ['a header that ends at once', 'cut.wav', 'RIFF\u0024\0\0\0WAVEfmt '],
  ])('refuses %s', async (_what, name, content) => {
    writeFileSync(at(name), content);
    await expect(probed(name)).rejects.toMatchObject({ code: 'media-undecodable', retryable: false });
  });

  it.each([
    ['mp3', 1500],
    ['m4a', 1000],
    ['webm', 900],
    ['ogg', 3000],
  ])('refuses an %s with a right beginning and noise after it', async (extension, keepBytes) => {
    const options =
      extension === 'webm' ? ['-c:a', 'libopus'] : extension === 'ogg' ? ['-c:a', 'libvorbis'] : [];
    makeMedia(ffmpeg, ['-f', 'lavfi', '-i', 'sine=duration=60', ...options, at(`whole.${extension}`)]);
    spoil(`spoilt.${extension}`, `whole.${extension}`, keepBytes);
    await expect(probed(`spoilt.${extension}`, 600)).rejects.toMatchObject({ code: 'media-undecodable' });
  });

  it('refuses sound without a sample, and 255 channels', async () => {
    makeMedia(ffmpeg, [...SINE, '-t', '0', at('zero.wav')]);
    await expect(probed('zero.wav')).rejects.toMatchObject({ code: 'media-undecodable' });
    makeMedia(ffmpeg, [...SINE, at('many.wav')]);
    const bytes = readFileSync(at('many.wav'));
    bytes.writeUInt16LE(255, 22);
    bytes.writeUInt16LE(510, 32);
    writeFileSync(at('many.wav'), bytes);
    await expect(probed('many.wav')).rejects.toMatchObject({ code: 'media-undecodable' });
  });

  it('keeps what a recording that was cut off still holds', async () => {
    makeMedia(ffmpeg, ['-f', 'lavfi', '-i', 'sine=duration=60', at('whole.mp3')]);
    const whole = readFileSync(at('whole.mp3'));
    writeFileSync(at('half.mp3'), whole.subarray(0, whole.length / 2));
    const { durationMs } = await probed('half.mp3');
    expect(durationMs).toBeGreaterThan(28_000);
    expect(durationMs).toBeLessThan(32_000);
  });

  it('names the variable when there is no ffmpeg', async () => {
    makeMedia(ffmpeg, [...SINE, at('any.wav')]);
    const looking = probe(at('any.wav'), { ffmpeg: at('no-such-program'), maxSeconds: 9 });
    await expect(looking).rejects.toMatchObject({
      code: 'ffmpeg-missing',
      message: expect.stringContaining('FFMPEG_PATH'),
    });
  });
});

describe('decodeToWav', () => {
  it('writes a stretch as 16 kHz mono WAV and says how far it is', async () => {
    makeMedia(ffmpeg, [...SINE, '-ar', '44100', '-ac', '2', at('in.flac')]);
    const progress: number[] = [];
    const options = { ffmpeg, fromMs: 1000, maxSeconds: 2, onProgress: (ms: number) => progress.push(ms) };
    expect(await decodeToWav(at('in.flac'), at('out.wav'), options)).toMatchObject({ durationMs: 2000 });
    expect(progress.at(-1)).toBe(2000);
    expect(statSync(at('out.wav')).size).toBe(44 + 64_000);
    expect(await probed('out.wav')).toMatchObject({ durationMs: 2000, channels: 1, sampleRate: 16_000 });
  });

  it('stops when it is told to', async () => {
    makeMedia(ffmpeg, ['-f', 'lavfi', '-i', 'sine=duration=600', at('ten-minutes.wav')]);
    const stop = new AbortController();
    const options = { ffmpeg, maxSeconds: 600, signal: stop.signal, onProgress: () => stop.abort() };
    await expect(decodeToWav(at('ten-minutes.wav'), at('x.wav'), options)).rejects.toThrow(/abort/i);
  });

  it.each(['mp3', 'm4a', 'ogg', 'webm', 'mp4'])(
    'hears all of the sample meeting in %s',
    async (extension) => {
      const file = sampleAudio(`meeting-flite.${extension}`);
      if (!file) return;
      const { durationMs } = await decodeToWav(file, at(`${extension}.wav`), { ffmpeg, maxSeconds: 600 });
      expect(Math.abs(durationMs - 77_470)).toBeLessThan(100);
    },
  );
});
