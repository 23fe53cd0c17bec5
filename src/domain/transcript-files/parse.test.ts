import { expectGrowth } from '../../../test/support/growth';
import { MalformedTranscript, parseTranscript, type TranscriptKind } from '.';

const parse = (file: string | Buffer, kind: TranscriptKind) =>
  parseTranscript(Buffer.from(file as string), kind);
const untimed = (speaker: string | null, text: string) => ({ speaker, startMs: null, endMs: null, text });

describe('WebVTT', () => {
  test('voices, ids, notes, styles, several lines, entities, hours or none', () => {
    const file = [
      'WEBVTT - Weekly planning',
      '',
      'STYLE',
      '::cue { color: red }',
      '',
      'NOTE nothing --> of this',
      'counts',
      '',
      'intro',
      '00:01.500 --> 00:03.000 align:start',
      '<v.loud Anna Berg>Good <b>morning</b>,',
      'Tom &amp; Co &lt;all&gt;</v>',
      '',
      '01:00:00.000 --> 01:00:02.250',
      '<v Ben>Yes.</v> <v Anna Berg>Good.',
    ].join('\r\n');
    expect(parse(`\ufeff${file}`, 'vtt')).toEqual({
      title: 'Weekly planning',
      recordedAt: null,
      segments: [
        { speaker: 'Anna Berg', startMs: 1500, endMs: 3000, text: 'Good morning, Tom & Co <all>' },
        { speaker: 'Ben', startMs: 3_600_000, endMs: 3_602_250, text: 'Yes.' },
        { speaker: 'Anna Berg', startMs: 3_600_000, endMs: 3_602_250, text: 'Good.' },
      ],
    });
  });

  test('without voice tags "Anna: words" names the speaker', () => {
    const { segments } = parse(
      'WEBVTT\n\n00:00.000 --> 00:01.000\nAnna: Hello.\n\n00:01.000 --> 00:02.000\nMeet at 10:30',
      'vtt',
    );
    expect(segments.map(({ speaker, text }) => [speaker, text])).toEqual([
      ['Anna', 'Hello.'],
      [null, 'Meet at 10:30'],
    ]);
  });
});

test('SubRip: names, several lines, CRLF, a byte order mark, markup, a missing empty line', () => {
  const file =
    '\ufeff1\r\n00:00:01,000 --> 00:00:02,500\r\nAnna: Good\r\n<i>morning</i>.\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nNote: see http://x\r\n';
  expect(parse(file, 'srt').segments).toEqual([
    { speaker: 'Anna', startMs: 1000, endMs: 2500, text: 'Good morning.' },
    { speaker: null, startMs: 3000, endMs: 4000, text: 'Note: see http://x' },
  ]);
});

describe('text', () => {
  test('names, and lines that go on', () => {
    const file =
      'Anna: Good morning.\nThis goes on.\n\nBEN ODE: Yes.\nNote: see http://x\n10:30 is fine\nSpeaker 2: Hm\n';
    expect(parse(file, 'txt').segments).toEqual([
      untimed('Anna', 'Good morning. This goes on.'),
      untimed('BEN ODE', 'Yes. Note: see http://x 10:30 is fine'),
      untimed('Speaker 2', 'Hm'),
    ]);
  });

  test.each([
    ['[00:01:02] Anna: Hello', 'Anna', 'Hello'],
    ['(10:30) Anna: Hello', 'Anna', 'Hello'],
    ['Anna (00:10): Hello', 'Anna', 'Hello'],
    ['Zoë van der Berg: Hallo', 'Zoë van der Berg', 'Hallo'],
    ['Dr. Lee: Hello', 'Dr. Lee', 'Hello'],
    [
      'The Chair (Hon. Anthony Rota (Nipissing, Lib.)): Order.',
      'The Chair (Hon. Anthony Rota (Nipissing, Lib.))',
      'Order.',
    ],
    ['花子: こんにちは', '花子', 'こんにちは'],
    ['The problem is: nobody came', null, 'The problem is: nobody came'],
    ['https://example.com is up', null, 'https://example.com is up'],
    ['Agenda: the launch', null, 'Agenda: the launch'],
    ['anna: hello', null, 'anna: hello'],
  ])('%s', (line, speaker, text) => {
    expect(parse(line, 'txt').segments).toEqual([untimed(speaker, text)]);
  });

  test('names in lower case are known by coming back', () => {
    const { segments } = parse('anna: one\nben: two\nanna: three\nben: four', 'txt');
    expect(segments.map(({ speaker }) => speaker)).toEqual(['anna', 'ben', 'anna', 'ben']);
  });

  test('without any name every line stands alone', () => {
    expect(parse('one\ntwo', 'txt').segments).toEqual([untimed(null, 'one'), untimed(null, 'two')]);
  });
});

describe('JSON', () => {
  test('our own export', () => {
    const segments = [{ speaker: 'Anna', startMs: 0, endMs: 1200, text: 'Hello.' }, untimed(null, 'Hm.')];
    const file = {
      title: 'Planning',
      recordedAt: '2025-10-14T09:00:00+02:00',
      segments,
      more: { of: 'this' },
    };
    expect(parse(JSON.stringify(file), 'json')).toEqual({
      title: 'Planning',
      recordedAt: '2025-10-14T09:00:00+02:00',
      segments,
    });
  });

  test('turns in seconds, with a date and other fields', () => {
    const file = {
      id: 'x',
      date: '2004-12-13',
      turns: [{ speaker: 'Anna', start: 1.2345, end: 2, text: ' Hello. ' }],
    };
    expect(parse(JSON.stringify(file), 'json')).toEqual({
      title: null,
      recordedAt: '2004-12-13',
      segments: [{ speaker: 'Anna', startMs: 1235, endMs: 2000, text: 'Hello.' }],
    });
  });

  test('NUL and lone surrogates are cleaned, empty segments left out', () => {
    const { segments } = parse(
      '{"segments":[{"text":"a\\u0000b\\ud800"},{"text":" "},{"text":"c","speaker":" "}]}',
      'json',
    );
    expect(segments).toEqual([untimed(null, 'ab\ufffd'), untimed(null, 'c')]);
  });
});

test.each([
  ['utf-16le', Buffer.from('\ufeffAnna: Grüße', 'utf16le')],
  ['utf-16be', Buffer.from('\ufeffAnna: Grüße', 'utf16le').swap16()],
  ['utf-8', Buffer.from('\ufeffAnna: Grüße')],
])('%s with a byte order mark is read', (_, bytes) => {
  expect(parse(bytes, 'txt').segments).toEqual([untimed('Anna', 'Grüße')]);
});

test.each<[string, TranscriptKind, string | Buffer, string | null]>([
  ['nothing', 'txt', '', null],
  ['white space', 'txt', ' \n\n', null],
  ['no letter', 'txt', '--- ...', null],
  ['invalid UTF-8', 'txt', Buffer.from([0x41, 0xff, 0xfe, 0x42]), null],
  ['binary', 'txt', Buffer.from(Array.from({ length: 200 }, (_, i) => i % 20)), null],
  ['no header', 'vtt', '00:00.000 --> 00:01.000\nHi', 'line 1'],
  ['no cue', 'vtt', 'WEBVTT\n\n', null],
  ['times that are none', 'vtt', 'WEBVTT\n\n00:00.000 --> soon\nHi', 'line 3'],
  ['times past any meeting', 'vtt', 'WEBVTT\n\n0:00:00.000 --> 9999:00:00.000\nHi', 'line 3'],
  ['no cue', 'srt', 'Anna: Hello', null],
  ['minutes over 59', 'srt', '1\n00:75:00,000 --> 00:76:00,000\nHi', 'line 2'],
  ['broken JSON', 'json', '{"segments":[', null],
  ['deep JSON', 'json', '['.repeat(100_000), null],
  ['a list', 'json', '[]', '/segments'],
  ['null', 'json', 'null', '/segments'],
  ['no list', 'json', '{"segments":{}}', '/segments'],
  ['no segments', 'json', '{"segments":[]}', null],
  ['an entry that is none', 'json', '{"segments":[{"text":"a"},3]}', '/segments/1'],
  ['no text', 'json', '{"turns":[{"start":1}]}', '/turns/0/text'],
  ['a text that is none', 'json', '{"segments":[{"text":5}]}', '/segments/0/text'],
  ['a time that is none', 'json', '{"segments":[{"text":"a","startMs":"1"}]}', '/segments/0/startMs'],
  ['a negative time', 'json', '{"turns":[{"text":"a","start":-1}]}', '/turns/0/start'],
  ['an endless time', 'json', '{"turns":[{"text":"a","start":1e309}]}', '/turns/0/start'],
  [
    'an end before the start',
    'json',
    '{"segments":[{"text":"a","startMs":5,"endMs":4}]}',
    '/segments/0/endMs',
  ],
  ['a title that is none', 'json', '{"title":7,"segments":[{"text":"a"}]}', '/title'],
  [
    'a day that does not exist',
    'json',
    '{"recordedAt":"2026-02-30","segments":[{"text":"a"}]}',
    '/recordedAt',
  ],
])('%s in .%s is refused with its place', (_, kind, file, pointer) => {
  let thrown: unknown;
  try {
    parse(file, kind);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(MalformedTranscript);
  expect(thrown).toMatchObject({ pointer });
});

test('half a million lines without a name are read at the price of their number', async () => {
  await expectGrowth((lines) => parse(`Anna: one\n${'and on\n'.repeat(lines)}`, 'txt'), 500_000);
});
