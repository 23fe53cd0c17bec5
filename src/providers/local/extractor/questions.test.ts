import { questionsIn } from './questions';
import { readingOf } from './reading';

const clock = { recordedAt: '2025-10-14T09:00:00Z', timezone: 'UTC' };
const SPEAKERS = ['Dora', 'Emil', 'Farid'];

/** The open questions of a meeting in which these turns are spoken, by three in turn. */
function open(...turns: string[]): string[] {
  const segments = turns.map((text, i) => ({
    ...{ id: `s${i}`, speaker: SPEAKERS[i % 3]!, text },
    ...{ startMs: null, endMs: null, confidence: null },
  }));
  const reading = readingOf({ segments, participants: [], clock, instructions: null });
  return questionsIn(reading).map(({ text }) => text);
}

const ASKED = 'So, do we rent the hall?';

test.each([
  'We do not know yet.',
  "I don't know yet.",
  "We don't know.",
  'We do not know what it costs.',
  'Well, nobody knows what it costs.',
  "Let's leave that open.",
  "We'll park that.",
  'That is still unresolved.',
  'That remains open.',
  'It has not been decided yet.',
  'That is to be decided.',
])('left open by: %s', (answer) => {
  expect(open(ASKED, answer)).toEqual(['Do we rent the hall?']);
});

test.each([
  'Yes, we do.',
  "I don't know.",
  'The shop is open on Sundays.',
  'We do know what it costs.',
  'Is that still an unresolved matter of taste?',
])('not left open by: %s', (answer) => {
  expect(open(ASKED, answer)).toEqual([]);
});

test.each([
  ['The open question is whether we rent the hall.', 'Whether we rent the hall?'],
  ['The question of who pays for it remains open.', 'Who pays for it?'],
  ['One unresolved issue is how we get there.', 'How we get there?'],
])('called open where it is named: %s', (words, question) => {
  expect(open(words)).toEqual([question]);
});

test('of two questions the nearer is left open', () => {
  expect(open(`${ASKED} Who brings the chairs?`, 'We do not know yet.')).toEqual(['Who brings the chairs?']);
});

test('a question about the meeting, or a tag, is passed over for the one before', () => {
  expect(open(ASKED, 'Any other questions?', 'That is still open.')).toEqual(['Do we rent the hall?']);
});

test('a question that lies too far back is not meant', () => {
  expect(open(ASKED, 'Hm.', 'Hm.', 'Hm.', 'That is still open.')).toEqual([]);
});

test('left open twice it is one question', () => {
  expect(open(ASKED, 'We do not know yet.', 'That is still an open question.')).toHaveLength(1);
});
