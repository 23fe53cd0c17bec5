import { decisionsIn } from './decisions';
import { readingOf } from './reading';

const clock = { recordedAt: '2025-10-14T09:00:00Z', timezone: 'UTC' };

/** The decisions of a meeting in which these turns are spoken, by two in turn. */
function decided(...turns: string[]) {
  const segments = turns.map((text, i) => ({
    ...{ id: `s${i}`, speaker: i % 2 === 0 ? 'Dora' : 'Emil', text },
    ...{ startMs: null, endMs: null, confidence: null },
  }));
  return decisionsIn(readingOf({ segments, participants: [], clock, instructions: null }));
}

test.each([
  ['We have finally decided to, um, to close on Sundays.', 'Close on Sundays'],
  ['We agreed that the shop closes at six.', 'The shop closes at six'],
  ['We agreed not to close on Sundays.', 'Do not close on Sundays'],
  ['We decided against a second shop.', 'Not a second shop'],
  ["Okay, we'll go with the red one.", 'Go with the red one'],
  ["Let's go for the early train.", 'Go for the early train'],
  ["Let's stick with the old supplier.", 'Stick with the old supplier'],
  ['It was decided to sell the van.', 'Sell the van'],
  ['The final decision is to sell the van.', 'Sell the van'],
  ['Nobody likes it, but we agreed to sell the van.', 'Sell the van'],
])('%s', (words, text) => {
  expect(decided(words).map((decision) => decision.text)).toEqual([text]);
});

test.each([
  'We decided that.',
  'Have we decided to sell the van?',
  'We have not decided to sell the van.',
  'When we decided to sell the van it rained.',
  'I thought we agreed to sell the van.',
  'Last year we decided to sell the van.',
  'They agreed to sell the van.',
  "Let's go for lunch.",
  "Let's go with that one then.",
])('nothing is decided: %s', (words) => {
  expect(decided(words)).toEqual([]);
});

test('two matters are two decisions; one matter said twice keeps both quotes', () => {
  const found = decided(
    'We agreed to sell the van.',
    'And we decided to paint the hall, we agreed to sell the van.',
  );
  expect(found.map(({ text }) => text)).toEqual(['Sell the van', 'Paint the hall']);
  expect(found[0]!.evidence).toEqual([
    { segmentId: 's0', quote: 'We agreed to sell the van.' },
    { segmentId: 's1', quote: 'we agreed to sell the van.' },
  ]);
});

test('a decision that never ends is cut to what a list can show', () => {
  expect(decided(`We agreed to sell ${'the van and '.repeat(60)}`)[0]!.text.length).toBeLessThanOrEqual(200);
});
