import fc from 'fast-check';
import { expectGrowth } from '../../../test/support/growth';
import {
  exportTranscript,
  MalformedTranscript,
  parseTranscript,
  type FileSegment,
  type TranscriptKind,
} from '.';

const KINDS: TranscriptKind[] = ['vtt', 'srt', 'txt', 'json'];
const parse = (file: string | Buffer, kind: TranscriptKind) =>
  parseTranscript(typeof file === 'string' ? Buffer.from(file) : file, kind);

/** What is read, or that it was refused; anything else thrown is a defect and goes through. */
function readOrRefused(file: string | Buffer, kind: TranscriptKind): FileSegment[] | null {
  try {
    return parse(file, kind).segments;
  } catch (error) {
    if (error instanceof MalformedTranscript) return null;
    throw error;
  }
}

const isClean = (words: string): boolean =>
  words !== '' && words.isWellFormed() && !words.includes('\0') && words === words.trim();
const isTime = (ms: number | null): boolean =>
  ms === null || (Number.isInteger(ms) && ms >= 0 && ms < 2 ** 31);

function expectSound(segments: FileSegment[]): void {
  expect(segments.length).toBeGreaterThan(0);
  for (const { speaker, text, startMs, endMs } of segments) {
    expect(isClean(text) && (speaker === null || isClean(speaker))).toBe(true);
    expect(isTime(startMs) && isTime(endMs)).toBe(true);
    expect((endMs ?? Infinity) >= (startMs ?? 0)).toBe(true);
  }
}

describe.each(KINDS)('any .%s file', (kind) => {
  const line = fc.oneof(
    fc.constantFrom(
      ...[
        'WEBVTT',
        '',
        '1',
        'NOTE x',
        'STYLE',
        '00:00:01.000 --> 00:00:02.000',
        '00:00:01,000 --> 00:00:02,000',
      ],
      ...[
        '00:03 --> 00:01',
        '-->',
        'Anna: hello',
        'anna: hello',
        '<v Ben>Yes',
        '<v>',
        '</v>',
        '&#0;',
        '&#xD800;',
      ],
      ...[
        '{"segments":[{"text":"a"}]}',
        '\u202eAnna: x',
        '\u0000',
        'Unknown speaker: hm',
        ':',
        'A:',
        '\ufeff',
      ],
    ),
    fc.string({ unit: 'binary', maxLength: 30 }),
  );

  it('is read soundly, or refused with a reason', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.boolean(), (lines, headed) => {
        const segments = readOrRefused([...(headed ? ['WEBVTT', ''] : []), ...lines].join('\n'), kind);
        if (segments) expectSound(segments);
      }),
      { numRuns: 300 },
    );
  });

  it('of any bytes is read soundly, or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const segments = readOrRefused(Buffer.from(bytes), kind);
        if (segments) expectSound(segments);
      }),
      { numRuns: 300 },
    );
  });
});

describe('names that are chosen to deceive', () => {
  const segment = (speaker: string): FileSegment => ({ speaker, startMs: 0, endMs: 900, text: 'so be it' });

  it.each([
    ['a name of markup', '<b>Ben</b>'],
    ['a name that ends its tag', 'Ben> <v Anna'],
    ['a reference', '&lt;Ben&gt;'],
    ['a timing', '00:00:01.000 --> 00:00:02.000'],
    ['the header', 'WEBVTT'],
    ['letters turned round', '\u202eneB'],
    ['a name of another script', 'محمد بن علي'],
    ['combining marks', 'Z\u0351\u0352\u0353oe'],
    ['emoji', '👩‍👩‍👧‍👦'],
  ])('%s comes back from WebVTT as it was', (_what, speaker) => {
    const file = exportTranscript([segment(speaker)], 'vtt', { title: null });
    expect(parse(file, 'vtt').segments).toEqual([segment(speaker)]);
  });

  it('no name or word adds a cue, a line or a heading to what is written', () => {
    const nasty = fc.string({
      unit: fc.constantFrom(
        '\n',
        '\r',
        '\u2028',
        '-->',
        '00:01.000',
        '<v A>',
        '#',
        '**',
        'NOTE',
        ':',
        ' ',
        'x',
        '\0',
      ),
    });
    fc.assert(
      fc.property(nasty, nasty, nasty, (speaker, words, title) => {
        const one = [{ speaker: `x${speaker}`, startMs: 0, endMs: 900, text: `x${words}` }];
        const lines = (kind: 'vtt' | 'srt' | 'txt' | 'md') =>
          exportTranscript(one, kind, { title: `x${title}` }).split(/\r\n|[\n\r]/).length;
        expect([lines('vtt'), lines('srt'), lines('txt'), lines('md')]).toEqual([6, 4, 2, 4]);
        expect(exportTranscript(one, 'vtt', { title }).match(/-->/g)).toHaveLength(1);
      }),
    );
  });
});

describe('times', () => {
  const cue = (timing: string) => readOrRefused(`WEBVTT\n\n${timing}\nHi`, 'vtt')?.[0];

  it.each([
    ['00:00.000 --> 00:01.000', 0, 1000],
    ['0:00:00.5 --> 0:00:01.25', 500, 1250],
    ['00:59:59.999 --> 01:00:00.000', 3_599_999, 3_600_000],
    ['100:00:00.000 --> 100:00:01.000', 360_000_000, 360_001_000],
    ['596:31:23.647 --> 596:31:23.647', 2_147_483_647, 2_147_483_647],
    ['00:00:02.000 --> 00:00:01.000', 2000, 2000],
    ['\t00:01.000  -->  00:02.000 line:0 position:20%', 1000, 2000],
    ['00:01,500 --> 00:02,000', 1500, 2000],
  ])('%j', (timing, startMs, endMs) => {
    expect(cue(timing)).toMatchObject({ startMs, endMs, text: 'Hi' });
  });

  it.each([
    '596:31:23.648 --> 596:31:24.000',
    '-1:00.000 --> 00:01.000',
    '00:00.000 --> 00:60.000',
    '00:00.0000 --> 00:01.000',
    '1e3 --> 2e3',
    '00:00.000 --> ٠٠:٠١.٠٠٠',
    '00:00.000 -->',
    '--> 00:01.000',
    'NaN --> Infinity',
  ])('%j is no timing', (timing) => expect(cue(timing)).toBeUndefined());

  it('of the last day that a transcript can have are written and read again', () => {
    const last: FileSegment = { speaker: 'Anna', startMs: 2 ** 31 - 2, endMs: 2 ** 31 - 1, text: 'so long' };
    for (const kind of ['vtt', 'srt'] as const) {
      expect(parse(exportTranscript([last], kind, { title: null }), kind).segments).toEqual([last]);
    }
    expect(exportTranscript([last], 'md', { title: null })).toContain('(596:31:23)');
  });
});

describe('large files', () => {
  const MB = 1024 ** 2;
  type Page = (unit: string) => string;

  it.each<[string, TranscriptKind, (page: Page) => string]>([
    ['one line without an end', 'txt', (page) => page('and on ')],
    ['a name without an end', 'txt', (page) => `Anna ${page('Berg ')}: hello`],
    ['colons', 'txt', (page) => `Anna${page(':')} hello`],
    ['stamps', 'txt', (page) => page('[00:00:01] ')],
    ['labels', 'txt', (page) => page('anna: a\nben: b\n')],
    ['spaces', 'txt', (page) => `Anna: x${page(' ')}y`],
    ['open tags', 'vtt', (page) => `WEBVTT\n\n00:00.000 --> 00:01.000\nx ${page('<v ')}`],
    ['spaces in a tag', 'vtt', (page) => `WEBVTT\n\n00:00.000 --> 00:01.000\nx <v${page(' ')}`],
    ['classes', 'vtt', (page) => `WEBVTT\n\n00:00.000 --> 00:01.000\nx <v${page('.a')}`],
    ['digits in a tag', 'vtt', (page) => `WEBVTT\n\n00:00.000 --> 00:01.000\nx ${page('<0:0')}`],
    ['arrows', 'srt', (page) => `1\n00:00:00,000 --> 00:00:01,000\nx ${page('- - >')}`],
    ['voices', 'vtt', (page) => `WEBVTT\n\n00:00.000 --> 00:01.000\n${page('<v A>x')}`],
    ['references', 'vtt', (page) => `WEBVTT\n\n00:00.000 --> 00:01.000\n${page('&amp')} x`],
    ['timings', 'vtt', (page) => `WEBVTT\n\n${page('00:00.000 --> 00:01.000\nx\n\n')}`],
    ['notes', 'vtt', (page) => `WEBVTT\n\n${page('NOTE x\n')}\n00:00.000 --> 00:01.000\nx`],
    ['brackets', 'srt', (page) => `1\n00:00:00,000 --> 00:00:01,000\nx ${page('{\\')}`],
    ['fonts', 'srt', (page) => `1\n00:00:00,000 --> 00:00:01,000\nx ${page('<font ')}`],
    ['segments', 'json', (page) => `{"segments":[${page('{"text":"a"},')}{"text":"b"}]}`],
    ['a string', 'json', (page) => `{"segments":[{"text":"${page('a ')}"}]}`],
  ])('of %s (.%s) are read at the price of their length', async (_what, kind, fileOf) => {
    await expectGrowth((bytes) => {
      const file = fileOf((unit) => unit.repeat(Math.ceil(bytes / unit.length)));
      expect(readOrRefused(file, kind)).not.toBeNull();
    }, 2 * MB);
  });
});

describe('JSON that is more than it seems', () => {
  it('names of object properties are no fields', () => {
    expect(() => parse('{"__proto__":{"segments":[{"text":"a"}]}}', 'json')).toThrow(MalformedTranscript);
    expect(parse('{"segments":[{"text":"a","__proto__":{"speaker":"Eve"}}]}', 'json').segments).toEqual([
      { speaker: null, startMs: null, endMs: null, text: 'a' },
    ]);
    expect(({} as Record<string, unknown>)['segments']).toBeUndefined();
  });

  it.each([
    ['2025-10-14', true],
    ['2024-02-29', true],
    ['2025-02-29', false],
    ['2025-13-01', false],
    ['2025-10-14T09:00:00Z', true],
    ['2025-10-14t09:00:00z', true],
    ['2025-10-14T09:00+05:45', true],
    ['2025-10-14T25:00:00Z', false],
    ['2025-10-14T09:00:00', false],
    ['2025-10-14 09:00:00Z', false],
    ['14.10.2025', false],
    ['', false],
  ])('recorded at %j: %s', (recordedAt, right) => {
    const file = JSON.stringify({ recordedAt, segments: [{ text: 'a' }] });
    if (right) expect(parse(file, 'json').recordedAt).toBe(recordedAt);
    else expect(() => parse(file, 'json')).toThrow('/recordedAt');
  });

  it('a date of somebody else’s that is none is passed over', () => {
    expect(parse('{"date":"yesterday","turns":[{"text":"a"}]}', 'json').recordedAt).toBeNull();
    expect(parse('{"date":20250101,"turns":[{"text":"a"}]}', 'json').recordedAt).toBeNull();
  });
});
