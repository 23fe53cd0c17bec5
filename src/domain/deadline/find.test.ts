import { findDeadlineWords } from './find';

const clock = { recordedAt: '2025-10-14T09:00:00Z', timezone: 'Europe/Berlin' };

test.each([
  ['I will fix the payment tests by Friday.', 'by Friday'],
  ['I will send you a report on Monday morning.', 'on Monday morning'],
  ['i will send you a report on monday morning', 'on monday morning'],
  ['I will share the draft with everyone by next Wednesday.', 'by next Wednesday'],
  ['I will talk to the finance team tomorrow.', 'tomorrow'],
  ['Carol, please book a room for the review before the end of the month.', 'before the end of the month'],
  ["I'll check it tomorrow at 3 pm and call you.", 'tomorrow at 3 pm'],
  ['I will have it ready by the tenth of November.', 'by the tenth of November'],
  ['Can you send the numbers by end of day tomorrow please', 'by end of day tomorrow'],
  ['By close of business on Thursday I will have it', 'By close of business on Thursday'],
  ['I will finish by 2025-11-10.', 'by 2025-11-10'],
  ['Send the updated plan by EOD Friday.', 'by EOD Friday'],
])('%s', (sentence, words) => {
  expect(findDeadlineWords(sentence, clock)).toBe(words);
});

test.each([
  ['I will send it as soon as possible.', 'as soon as possible'],
  ["I'll do it next month.", 'next month'],
  ["I'll do it next sprint.", 'next sprint'],
  ['I will get it done in a couple of days', 'in a couple of days'],
])('the vague words are kept: %s', (sentence, words) => {
  expect(findDeadlineWords(sentence, clock)).toBe(words);
});

test('a correction wins over what was said before', () => {
  expect(findDeadlineWords("I'll do it by Thursday, no, by Friday.", clock)).toBe('by Friday');
});

test('"by" outranks the day of the event', () => {
  const sentence = 'By Friday I will send you the agenda for the meeting on Monday.';
  expect(findDeadlineWords(sentence, clock)).toBe('By Friday');
});

test.each([
  ...[
    'Bring the money.',
    'It takes five minutes of your time.',
    "I will look at Friday's build.",
    'I may send it.',
  ],
  ...[
    'I need the March report.',
    'We shipped it last Friday.',
    "Let's go to the second point.",
    'We sent it on Monday.',
  ],
  ...[
    'We talked on the Monday call.',
    "I'll call you at 3 pm.",
    'We have waited since Monday.',
    'We meet every Friday.',
  ],
  ...[
    "I'll prepare the slides for the meeting on Monday.",
    'I will update the Friday build.',
    'on the second floor',
  ],
  ...[
    "We're here today to discuss the plan",
    'I will be back in five minutes',
    "I'll have it on Thursday or Friday",
  ],
  ...["I'll bring it to tomorrow's meeting", 'The tenth gives my team enough time', ''],
])('no deadline: %s', (sentence) => {
  expect(findDeadlineWords(sentence, clock)).toBeNull();
});
