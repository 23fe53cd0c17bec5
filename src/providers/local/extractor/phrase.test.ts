import { asTask, LONGEST_PHRASE, saysWhat } from './phrase';

/** A Tuesday. */
const clock = { recordedAt: '2025-10-14T09:00:00Z', timezone: 'Europe/Berlin' };

test.each<[said: string, name: string, deadline: string | null]>([
  ['water the plants by Friday.', 'Water the plants', 'by Friday'],
  ['um, send the the invoice, okay?', 'Send the invoice', null],
  ['also just call the bank', 'Call the bank', null],
  ['call the bank because they have not paid', 'Call the bank', null],
  ['call the bank so that we get paid', 'Call the bank', null],
  ['call the bank; the rest can wait', 'Call the bank', null],
  ['call the bank and then', 'Call the bank', null],
  ['call the bank, but not today', 'Call the bank', null],
])('%s', (said, name, deadline) => {
  const task = asTask(said, clock, null);
  expect(task.name).toBe(name);
  if (deadline) expect(task.deadlineText).toBe(deadline);
});

test('"you" is written as whoever is spoken to, once and only when that is known', () => {
  expect(asTask('send you the plan', clock, 'Dora').name).toBe('Send Dora the plan');
  expect(asTask('send you the plan', clock, 'A$& B').name).toBe('Send A$& B the plan');
  expect(asTask('send you the plan', clock, null).name).toBe('Send you the plan');
  expect(asTask('ask your uncle', clock, 'Dora').name).toBe('Ask your uncle');
});

test('a name that would fill the page ends between two words', () => {
  const words = Array.from({ length: 60 }, (_, i) => `word${i}`);
  const { name } = asTask(`write ${words.join(' ')}`, clock, null);
  expect(name.length).toBeLessThanOrEqual(142);
  expect(name).toMatch(/^Write word0 .* …$/);
  expect(words).toContain(name.split(' ').at(-2));
});

test('a day that is said far behind is not the task’s', () => {
  const far = `call the bank ${'and wait '.repeat(LONGEST_PHRASE / 9)} by Friday`;
  expect(asTask(far, clock, null).deadlineText).toBeNull();
});

test.each(['Water the plants', 'Send Dora a report', 'Paint it blue'])('says what: %s', (name) => {
  expect(saysWhat(name)).toBe(true);
});

test.each(['Do that', 'Take care of it', 'Look into this', 'Go', '', 'Get it done'])(
  'says nothing: %s',
  (name) => {
    expect(saysWhat(name)).toBe(false);
  },
);
