import { readReport } from './ffmpeg-report';

const report = (...lines: string[]) => readReport(lines.join('\n'));
const HEADER = "Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:x':";

test('what ffmpeg says about a film: its first sound, as values', () => {
  const said = [
    HEADER,
    '  Duration: 01:02:03.45, start: 0.000000, bitrate: 205 kb/s',
    '  Stream #0:0[0x1](und): Video: h264 (High), yuv420p, 1920x1080, 30 fps',
    '  Stream #0:1[0x2](eng): Audio: aac (LC) (mp4a / 0x6134706D), 48000 Hz, stereo, fltp, 128 kb/s (default)',
    '  Stream #0:2[0x3](deu): Audio: opus, 16000 Hz, mono, fltp',
    "Output #0, s16le, to 'pipe:1':",
    '  Stream #0:0: Audio: pcm_s16le, 16000 Hz, mono, s16, 256 kb/s',
  ];
  expect(report(...said)).toEqual({
    container: 'mov,mp4,m4a,3gp,3g2,mj2',
    codec: 'aac',
    sampleRate: 48_000,
    channels: 2,
    claimedMs: 3_723_450,
    opened: true,
  });
});

test.each([
  ['mono', 1],
  ['stereo', 2],
  ['quad', 4],
  ['5.1', 6],
  ['5.1(side)', 6],
  ['7.1', 8],
  ['12 channels', 12],
  ['downmix', null],
])('%s is so many channels: %s', (layout, channels) => {
  expect(report(HEADER, `  Stream #0:0: Audio: flac, 44100 Hz, ${layout}, s16`).channels).toBe(channels);
});

test('a length that the file does not claim is unknown', () => {
  const sound = '  Stream #0:0: Audio: opus, 48000 Hz, mono, fltp';
  expect(report(HEADER, '  Duration: N/A, bitrate: N/A', sound).claimedMs).toBeNull();
  expect(report(HEADER, sound).claimedMs).toBeNull();
});

test('a film without sound was opened; what is no media was not', () => {
  expect(report(HEADER, '  Stream #0:0: Video: h264')).toMatchObject({
    opened: true,
    codec: null,
    channels: null,
  });
  const refused = report('[in#0] Error opening input: Invalid data found when processing input');
  expect(refused).toMatchObject({ opened: false, codec: null, container: null });
  expect(report('')).toMatchObject({ opened: false, claimedMs: null });
});

test('titles inside the file are not taken for facts about it', () => {
  const said = [
    HEADER,
    '  Metadata:',
    '    title           : Stream #0:0: Audio: evil, 1 Hz, mono',
    '    comment         : Duration: 99:00:00.00',
    '  Duration: 00:00:01.00, start: 0.0',
    '  Stream #0:0: Audio: aac, 8000 Hz, mono',
  ];
  expect(report(...said)).toMatchObject({ codec: 'aac', sampleRate: 8000, claimedMs: 1000 });
});
