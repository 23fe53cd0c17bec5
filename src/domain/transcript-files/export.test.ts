import fc from 'fast-check';
import { exportTranscript, parseTranscript, type FileSegment } from '.';

const segments: FileSegment[] = [
  { speaker: 'Anna', startMs: 0, endMs: 1500, text: 'Is 3 < 4 & 5 --> 6?' },
  { speaker: null, startMs: 3_601_000, endMs: 3_602_004, text: 'Note: *nobody* knows' },
];

test('WebVTT', () => {
  expect(exportTranscript(segments, 'vtt', { title: 'Planning\n--> now' })).toBe(
    [
      'WEBVTT - Planning --&gt; now\n',
      '1\n00:00:00.000 --> 00:00:01.500\n<v Anna>Is 3 &lt; 4 &amp; 5 --&gt; 6?</v>\n',
      '2\n01:00:01.000 --> 01:00:02.004\nNote&#58; *nobody* knows\n',
    ].join('\n'),
  );
});

test('SubRip', () => {
  expect(exportTranscript(segments, 'srt', { title: null })).toBe(
    [
      '1\n00:00:00,000 --> 00:00:01,500\nAnna: Is 3 < 4 & 5 --&gt; 6?\n',
      '2\n01:00:01,000 --> 01:00:02,004\nNote: *nobody* knows\n',
    ].join('\n'),
  );
});

test('text and Markdown', () => {
  expect(exportTranscript(segments, 'txt', { title: 'Planning' })).toBe(
    'Anna: Is 3 < 4 & 5 --> 6?\nUnknown speaker: Note: *nobody* knows\n',
  );
  expect(exportTranscript(segments, 'md', { title: 'Planning' })).toBe(
    [
      '# Planning\n',
      '**Anna** (00:00:00): Is 3 \\< 4 & 5 --\\> 6?\n',
      '**Unknown speaker** (01:00:01): Note: \\*nobody\\* knows\n',
    ].join('\n'),
  );
});

test('a transcript without times still makes a readable WebVTT', () => {
  const file = exportTranscript([{ speaker: 'Anna', startMs: null, endMs: null, text: 'Hello.' }], 'vtt', {
    title: null,
  });
  expect(file).toContain('NOTE');
  expect(parseTranscript(Buffer.from(file), 'vtt').segments).toMatchObject([
    { speaker: 'Anna', text: 'Hello.' },
  ]);
});

const names = fc.constantFrom(
  'Anna',
  'Ben Ode',
  'Speaker 2',
  "Zoë O'Neil",
  'User Interface Designer',
  'FIE037',
  null,
);
const said = fc
  .array(
    fc.constantFrom(
      'Anna:',
      'a',
      '<b>',
      '</v>',
      '-->',
      '&amp;',
      '&',
      '10:30',
      'WEBVTT',
      'NOTE',
      '{\\an8}',
      '🎉',
      '<i>',
      '7',
    ),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((words) => `so ${words.join(' ')}`);
const spoken = fc.record({
  speaker: names,
  startMs: fc.nat({ max: 2 ** 30 }),
  lengthMs: fc.integer({ min: 1, max: 60_000 }),
  text: fc.oneof(
    said,
    said.map((words) => `Carol: ${words}`),
  ),
});
const transcripts = fc.array(
  spoken.map(({ lengthMs, ...segment }) => ({ ...segment, endMs: segment.startMs + lengthMs })),
  { minLength: 1, maxLength: 6 },
);

test.each(['vtt', 'srt'] as const)('what .%s is written is read again', (kind) => {
  fc.assert(
    fc.property(transcripts, (meeting) => {
      // SubRip has `{\an8}` for a position, and no way to write it as words.
      const plain = meeting
        .map((segment) => ({
          ...segment,
          text: kind === 'srt' ? segment.text.replaceAll('{\\an8}', '') : segment.text,
        }))
        .map((segment) => ({ ...segment, text: segment.text.replace(/\s+/g, ' ').trim() }));
      const file = exportTranscript(plain, kind, { title: 'Planning & more' });
      const read = parseTranscript(Buffer.from(file), kind);
      expect(read.segments).toEqual(plain);
      expect(read.title).toBe(kind === 'vtt' ? 'Planning & more' : null);
    }),
  );
});

test('what .txt is written is read again, but for the times', () => {
  fc.assert(
    fc.property(transcripts, (meeting) => {
      const file = exportTranscript(meeting, 'txt', { title: null });
      const untimed = meeting.map((segment) => ({ ...segment, startMs: null, endMs: null }));
      expect(parseTranscript(Buffer.from(file), 'txt').segments).toEqual(untimed);
    }),
  );
});

test('any words survive WebVTT', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (words) => {
      const text = `so ${words}`.replace(/\s+/g, ' ').trim();
      const file = exportTranscript([{ speaker: 'Anna', startMs: 0, endMs: 1, text }], 'vtt', {
        title: null,
      });
      expect(parseTranscript(Buffer.from(file), 'vtt').segments[0]).toMatchObject({ speaker: 'Anna', text });
    }),
  );
});
