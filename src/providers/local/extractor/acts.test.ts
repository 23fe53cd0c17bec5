import fc from 'fast-check';
import type { Segment } from '../../../domain/meeting';
import { readingOf } from './reading';
import { stands } from './standing';

const people = ['Dora', 'Emil Fox'];
const participants = people.map((name) => ({ userId: name, name, email: 'someone@example.com' }));
const clock = { recordedAt: '2025-10-14T09:00:00Z', timezone: 'UTC' };

function actsOf(text: string) {
  const segment: Segment = { id: 's', speaker: 'Dora', startMs: null, endMs: null, confidence: null, text };
  const reading = readingOf({ segments: [segment], participants, clock, instructions: null });
  return reading.turns.flatMap((turn) => turn.sentences.flatMap((sentence) => reading.actsOf(sentence)));
}

test.each<[words: string, ...acts: [kind: string, named: string | null, phrase: string][]]>([
  ['I will water the plants.', ['promise', null, ' water the plants.']],
  ['Emil, can you please open the door?', ['request', 'Emil', 'open the door?']],
  ['emil fox could you call them?', ['request', 'emil fox', 'call them?']],
  ['I need you to call them.', ['request', null, 'call them.']],
  ['Emil will print the signs.', ['assignment', 'Emil', 'print the signs.']],
  ['Emil, you are going to print the signs.', ['assignment', 'Emil', 'print the signs.']],
  ['We will print the signs.', ['we-will', null, ' print the signs.']],
  ['We have agreed to close early.', ['decision', null, ' close early.']],
  ["Let's go with the red one.", ['decision', null, ' the red one.']],
  [
    'I will call them and Emil will write to them.',
    ['promise', null, ' call them'],
    ['assignment', 'Emil', 'write to them.'],
  ],
  [
    "I'll call them, and then I'll write it up.",
    ['promise', null, ' call them'],
    ['promise', null, ' write it up.'],
  ],
])('%s', (words, ...acts) => {
  expect(actsOf(words).map(({ kind, named, phrase }) => [kind, named, phrase])).toEqual(acts);
});

test.each(['The plants are dry.', 'Emily will come.', 'They decided to close.', 'Goodwill is good.', ''])(
  'nobody does anything by saying: %s',
  (words) => expect(actsOf(words)).toEqual([]),
);

test.each([
  'I will water the plants.',
  'We do not like it, but we agreed to close early.',
  'Could somebody help? Emil, can you open the door?',
])('stands: %s', (words) => expect(actsOf(words).every(stands)).toBe(true));

test.each([
  'He said I will water the plants.',
  'Maybe I will water the plants.',
  'I will probably water the plants.',
  'I will water the plants if it stays dry.',
  'Will it rain when I will water the plants?',
  'My aunt on the phone asked, Emil, can you open the door?',
])('does not stand: %s', (words) => {
  const acts = actsOf(words);
  expect(acts.length).toBeGreaterThan(0);
  expect(acts.filter(stands)).toEqual([]);
});

test('acts come in their order, apart from each other, where they say they stand', () => {
  const part = fc.constantFrom(
    'I will',
    'Emil,',
    'can you',
    'please',
    'we agreed to',
    'call',
    'them',
    'and',
    ',',
    '.',
  );
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const text = parts.join(' ');
      let before = 0;
      for (const { start, end, phrase } of actsOf(text)) {
        expect(start).toBeGreaterThanOrEqual(before);
        expect(text.slice(start, end).endsWith(phrase)).toBe(true);
        before = end;
      }
    }),
  );
});
