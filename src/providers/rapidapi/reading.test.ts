import fc from 'fast-check';
import { languageFor, languageTag } from './language';
import { place } from './place';
import { firstAt, valueAt } from './pointer';
import { speechToTextAi } from './profiles/speech-to-text-ai';
import { heardIn } from './reading';

const { response } = speechToTextAi;
const heard = (answer: unknown, profile = response) =>
  heardIn(answer, profile, 60_000).map(({ startMs, endMs, text, speaker }) => [
    startMs,
    endMs,
    text,
    speaker,
  ]);

describe('an answer', () => {
  it.each([
    ['strings for numbers', [{ text: 'a', offset: '1.5', duration: '2' }], [[1500, 3500, 'a', null]]],
    ['start and end', [{ text: 'a', start: 1, end: 2 }], [[1000, 2000, 'a', null]]],
    [
      'pairs',
      [
        { text: 'a', timestamp: [1, null] },
        { text: 'b', timestamp: [4, 5] },
      ],
      [
        [1000, 4000, 'a', null],
        [4000, 5000, 'b', null],
      ],
    ],
    ['no end', [{ text: 'a', start: 1 }], [[1000, 60_000, 'a', null]]],
    [
      'times after the end',
      [
        { text: 'a', start: 59, end: 999 },
        { text: 'b', start: 70, end: 80 },
      ],
      [
        [59_000, 60_000, 'a', null],
        [59_999, 60_000, 'b', null],
      ],
    ],
    [
      'empty ones',
      [{ text: ' ', start: 0 }, { text: 'a', start: 1, end: 2 }, null, 7],
      [[1000, 2000, 'a', null]],
    ],
    [
      'no order',
      [
        { text: 'b', start: 3, end: 4 },
        { text: 'a', start: 1, end: 2 },
      ],
      [
        [1000, 2000, 'a', null],
        [3000, 4000, 'b', null],
      ],
    ],
    ['no times at all', [{ text: 'a' }, { text: 'b' }], [[0, 60_000, 'a b', null]]],
    [
      'characters that no database takes',
      [{ text: 'a\u0000\ud800', start: 0, end: 1 }],
      [[0, 1000, 'a\ufffd', null]],
    ],
  ])('may have %s', (_what, chunks, expected) => {
    expect(heard({ text: 'a b', chunks })).toEqual(expected);
  });

  it('may tell times as a clock does, and speakers', () => {
    const segment = {
      text: ['/t'],
      start: ['/from'],
      end: ['/to'],
      speaker: ['/who'],
      unit: 'hh:mm:ss' as const,
    };
    const answer = { t: 'x', list: [{ t: 'x', from: '00:00:01,250', to: '00:02.5', who: 3 }] };
    expect(heard(answer, { text: ['/t'], segments: ['/list'], segment })).toEqual([[1250, 2500, 'x', '3']]);
  });

  it('that lacks what the profile names says which fields it has, and nothing that was said', () => {
    const answer = { transcription: 'secret', 'a whole sentence': 1, ok: true };
    expect(() => heard(answer)).toThrow(/has: transcription, ok\. Correct/);
    expect(() => heard([])).toThrow(/has: none/);
    expect(() => heard('hello')).toThrow(/has: none/);
  });

  it('is a failure unless it is as the profile wants it', () => {
    const profile = { ...response, ok: { pointer: '/state', equals: 'fine' } };
    expect(() => heard({ text: 'a', state: 'bad' }, profile)).toThrow(/could not hear/);
    expect(heard({ text: 'a', state: 'fine' }, profile)).toHaveLength(1);
  });
});

it('places any segments inside the piece, each with its own start, and loses no word', () => {
  const time = fc.oneof(fc.integer({ min: -5000, max: 20_000 }), fc.constant(9999));
  const segment = fc.record({ startMs: time, endMs: fc.oneof(time, fc.constant(Number.NaN)) });
  fc.assert(
    fc.property(
      fc.array(segment, { maxLength: 30 }),
      fc.integer({ min: 1, max: 10_000 }),
      (times, durationMs) => {
        const words = times.map((_, i) => `word${i}`);
        const placed = place(
          times.map((t, i) => ({ ...t, text: words[i]!, speaker: null })),
          durationMs,
        );
        const starts = placed.map(({ startMs }) => startMs);
        expect(new Set(starts).size).toBe(starts.length);
        expect(placed.flatMap(({ text }) => text.split(' ')).sort()).toEqual([...words].sort());
        for (const { startMs, endMs } of placed) {
          expect(startMs).toBeGreaterThanOrEqual(0);
          expect(endMs).toBeGreaterThan(startMs);
          expect(endMs).toBeLessThanOrEqual(durationMs);
        }
      },
    ),
  );
});

it('follows pointers as RFC 6901 says, and never into prototypes', () => {
  const document = { 'a/b': [{ '~': 1 }], text: null };
  expect(valueAt(document, '/a~1b/0/~0')).toBe(1);
  expect(valueAt(document, '')).toBe(document);
  expect(valueAt(document, '/constructor/name')).toBeUndefined();
  expect(firstAt(document, ['/none', '/text', '/a~1b'])).toBeNull();
});

describe('languages', () => {
  it.each([
    ['en', 'en'],
    ['en-US', 'en'],
    ['English', 'en'],
    ['german', 'de'],
    ['', null],
    ['Klingon', null],
    [7, null],
  ])('%j is %j', (said, tag) => expect(languageTag(said)).toBe(tag));

  it('are named as the service wants them', () => {
    const submit = { ...speechToTextAi.submit, languageMap: { de: 'german', 'pt-BR': 'brazilian' } };
    const asked = ['en-GB', 'de-AT', 'pt-BR', null].map((language) => languageFor(language, submit));
    expect(asked).toEqual(['en', 'german', 'brazilian', 'auto']);
    expect(languageFor(null, { ...submit, autoLanguage: null })).toBeNull();
  });
});
