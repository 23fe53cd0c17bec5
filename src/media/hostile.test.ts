import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeMedia } from '../../test/support/audio';
import { findFfmpeg } from '../tools';
import { probe } from './ffmpeg';

let ffmpeg: string;
let dir: string;
let server: Server;
let asked: string[];
const at = (name: string) => path.join(dir, name);
const tone = (seconds: number) => ['-f', 'lavfi', '-i', `sine=duration=${seconds}`];
const picture = (size: string) => ['-f', 'lavfi', '-i', `testsrc=d=1:s=${size}`];
const probed = (name: string, maxSeconds = 60) => probe(at(name), { ffmpeg, maxSeconds });

beforeAll(async () => {
  ffmpeg = await findFfmpeg();
  dir = mkdtempSync(path.join(tmpdir(), 'media-hostile-'));
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end(readFileSync(at('secret.wav')));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  makeMedia(ffmpeg, [...tone(4), at('secret.wav')]);
  makeMedia(ffmpeg, [...tone(4), at('secret.ts')]);
}, 180_000);
afterAll(() => {
  server.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('files that name other files or addresses', () => {
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const hls = (segment: string) =>
    `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:4,\n${segment}\n#EXT-X-ENDLIST\n`;
  const dash = (base: string) =>
    `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT4S">
     <Period><AdaptationSet mimeType="audio/mp4"><BaseURL>${base}</BaseURL><Representation id="1"/></AdaptationSet></Period></MPD>`;

  const lists: [string, (secret: string, web: string) => string][] = [
    ['an HLS playlist of a neighbour', () => hls('secret.ts')],
    ['a concat list of a neighbour', () => 'ffconcat version 1.0\nfile secret.wav\n'],
    ['an HLS playlist of a local file', (secret) => hls(`file://${secret}`)],
    ['an HLS playlist of a bare path', (secret) => hls(secret)],
    ['an HLS playlist of an address', (_, web) => hls(`${web}/hls.ts`)],
    ['an HLS playlist of a chain of protocols', (_, web) => hls(`concat:${web}/a.ts|${web}/b.ts`)],
    [
      'an HLS playlist with a key elsewhere',
      (secret, web) => hls(secret).replace('#EXTINF', `#EXT-X-KEY:METHOD=AES-128,URI="${web}/key"\n#EXTINF`),
    ],
    ['an HLS playlist with a subfile', (secret) => hls(`subfile,,start,0,end,999999,,:${secret}`)],
    ['a concat list of a local file', (secret) => `ffconcat version 1.0\nfile '${secret}'\n`],
    ['a concat list of an address', (_, web) => `ffconcat version 1.0\nfile '${web}/concat.wav'\n`],
    ['a DASH manifest of a local file', (secret) => dash(secret)],
    ['a DASH manifest of an address', (_, web) => dash(`${web}/dash.mp4`)],
    [
      'a session description',
      () => 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n',
    ],
    ['an M3U list', (secret) => `${secret}\n`],
    ['a list of a slide show', (secret) => `#!Magick\n${secret}\n`],
  ];

  it.each(lists)('%s yields no sound and asks nobody', async (_what, list) => {
    for (const extension of ['mp3', 'wav', 'm4a', 'm3u8', 'mpd', 'sdp']) {
      writeFileSync(at(`list.${extension}`), list(at('secret.ts'), origin()));
      await expect(probed(`list.${extension}`)).rejects.toMatchObject({
        code: 'media-undecodable',
        retryable: false,
      });
    }
    expect(asked).toEqual([]);
  });

  it('a name with a protocol, a pattern or an option in it is only a name', async () => {
    mkdirSync(at('concat:x|y'));
    for (const name of ['concat:x|y/%03d.wav', '-i.wav', 'a b\n.wav', "it's.wav", 'größe 🎉.wav']) {
      writeFileSync(at(name), readFileSync(at('secret.wav')));
      expect(await probed(name)).toMatchObject({ durationMs: 4000, container: 'wav' });
    }
    await expect(probe(origin(), { ffmpeg, maxSeconds: 9 })).rejects.toMatchObject({
      code: 'media-undecodable',
    });
    expect(asked).toEqual([]);
  });
});

describe('files that are more or less than sound', () => {
  it('a tag of thirty megabytes before the sound is passed over', async () => {
    makeMedia(ffmpeg, [...tone(4), at('plain.mp3')]);
    const length = 30 * 1024 ** 2;
    const tag = Buffer.alloc(10 + length);
    tag.write('ID3\u0003\0\0', 'latin1');
    for (let i = 0; i < 4; i++) tag[6 + i] = (length >> (7 * (3 - i))) & 0x7f;
    writeFileSync(at('tagged.mp3'), Buffer.concat([tag, readFileSync(at('plain.mp3'))]));
    const { durationMs } = await probed('tagged.mp3');
    expect(Math.abs(durationMs - 4000)).toBeLessThan(60);
  });

  it.each(['mp3', 'm4a', 'flac'])('the cover of an .%s is left undecoded', async (extension) => {
    makeMedia(ffmpeg, [...picture('2000x2000'), '-frames:v', '1', at('cover.png')]);
    const cover = [
      '-i',
      at('cover.png'),
      '-map',
      '0:a',
      '-map',
      '1:v',
      '-c:v',
      'copy',
      '-disposition:v',
      'attached_pic',
    ];
    makeMedia(ffmpeg, [...tone(2), ...cover, at(`covered.${extension}`)]);
    const { durationMs } = await probed(`covered.${extension}`);
    expect(Math.abs(durationMs - 2000)).toBeLessThan(60);
  });

  it('a film without sound says so; with two voices the first is taken', async () => {
    makeMedia(ffmpeg, [...picture('64x64'), '-an', at('mute.mkv')]);
    await expect(probed('mute.mkv')).rejects.toMatchObject({ code: 'no-audio-track' });
    const two = [...tone(3), '-f', 'lavfi', '-i', 'anullsrc=d=5', '-map', '0:a', '-map', '1:a', '-ac', '1'];
    makeMedia(ffmpeg, [...two, at('two.mka')]);
    const facts = await probed('two.mka');
    expect(Math.abs(facts.durationMs - 3000)).toBeLessThan(60);
    expect(facts.levels.isSilent(0, 3000)).toBe(false);
  });

  it('words in a file about itself change nothing', async () => {
    const words = ['comment=Duration: 99:00:00.00', 'title=Stream #0:0: Audio: evil, 1 Hz, 255 channels'];
    makeMedia(ffmpeg, [...tone(2), ...words.flatMap((word) => ['-metadata', word]), at('words.flac')]);
    expect(await probed('words.flac')).toMatchObject({ durationMs: 2000, codec: 'flac', channels: 1 });
  });

  it('a film that was cut off before its table of contents can not be read', async () => {
    makeMedia(ffmpeg, [...tone(20), at('late.mp4')]);
    const whole = readFileSync(at('late.mp4'));
    writeFileSync(at('cut.mp4'), whole.subarray(0, whole.length * 0.7));
    await expect(probed('cut.mp4')).rejects.toMatchObject({ code: 'media-undecodable', retryable: false });
  });

  it('a film that was cut off behind it gives what it holds', async () => {
    makeMedia(ffmpeg, [...tone(20), '-movflags', '+faststart', at('early.mp4')]);
    const whole = readFileSync(at('early.mp4'));
    writeFileSync(at('part.mp4'), whole.subarray(0, whole.length * 0.7));
    const { durationMs } = await probed('part.mp4');
    expect(durationMs).toBeGreaterThan(11_000);
    expect(durationMs).toBeLessThan(17_000);
  });

  it.each([
    ['no sample a second', 0],
    ['four billion samples a second', 2 ** 32 - 1],
  ])('a header that claims %s is refused', async (_what, rate) => {
    const bytes = Buffer.from(readFileSync(at('secret.wav')));
    bytes.writeUInt32LE(rate, 24);
    writeFileSync(at('rate.wav'), bytes);
    await expect(probed('rate.wav')).rejects.toMatchObject({ retryable: false });
  });

  it('one sample a second is a day of sound in a small file: refused by its length, not written out', async () => {
    const bytes = Buffer.from(readFileSync(at('secret.wav')));
    bytes.writeUInt32LE(1, 24);
    writeFileSync(at('slow.wav'), bytes);
    await expect(probed('slow.wav', 60)).rejects.toMatchObject({ retryable: false });
  });

  it.each([8_000, 11_025, 96_000])('sound of %i samples a second is heard', async (rate) => {
    makeMedia(ffmpeg, [...tone(2), '-ar', String(rate), at('other.wav')]);
    const facts = await probed('other.wav');
    expect(facts).toMatchObject({ sampleRate: rate });
    expect(Math.abs(facts.durationMs - 2000)).toBeLessThan(10);
  });

  it('a megabyte of noise under every name is refused', async () => {
    const noise = Buffer.from(Array.from({ length: 1024 ** 2 }, (_, i) => (i * 2654435761) >>> 24));
    for (const extension of ['mp3', 'aac', 'wav', 'ogg', 'webm', 'mp4', 'flac', 'amr', 'avi', 'ts']) {
      writeFileSync(at(`noise.${extension}`), noise);
      await expect(probed(`noise.${extension}`)).rejects.toMatchObject({ code: 'media-undecodable' });
    }
  });
});
