import { ownerAgreed, type CitedWords } from './commitment';

const called = { owner: ['Ben Ode', 'Ben'], others: ['Anna', 'Carol'] };

const ben = (text: string, turn = 2, quote = text): CitedWords => ({ turn, byOwner: true, quote, text });
const anna = (text: string, turn = 1, quote = text): CitedWords => ({ turn, byOwner: false, quote, text });
const agreed = (...cited: CitedWords[]) => ownerAgreed(cited, called);

test.each([
  'I will fix the payment tests by Friday.',
  "Yes. I'll send you a report on Monday.",
  'I’ll send it.',
  'i will send it tomorrow',
  "I'm going to write the draft.",
  "I'm gonna write the draft.",
  'I can do that.',
  'I can send the numbers today.',
  'Let me take that one.',
  'Okay, leave it with me.',
  "No problem, I'll do it.",
  "I'll check if the tests pass.",
  "I can't come on Monday, but I will send the report.",
  'I will fix the tests that do not pass.',
  'I will fix the tests by Friday, Anna, can you check them?',
  'I will send the numbers today, should we tell the press?',
])('is a promise: %s', (words) => {
  expect(agreed(ben(words))).toBe(true);
});

test.each([
  'Someone should fix the tests.',
  'We will fix the tests.',
  'Will I fix the tests?',
  'I will fix the tests, can you believe it?',
  'I will fix the tests, should I?',
  'Do you think I will fix the tests, should we ask Anna?',
  'Is it true that I will fix the tests, Anna, can you check?',
  'I will fix them, right?',
  "I won't fix them.",
  'I will not fix them.',
  "I'll never get to that.",
  "I don't think I will fix them.",
  'I would fix them if I had time.',
  'I could maybe fix them.',
  'I will fix them if somebody helps me.',
  "I'll do it unless Anna objects.",
  'He said I will fix the tests.',
  'Anna told you I will do it?',
  'You think I will fix them.',
  'Maybe I will do it.',
  'I will probably do it.',
  "I'll try to do it.",
  'What I will do then is unclear.',
  "I will do it. No, wait, I can't.",
  "I'll fix it. Actually no, somebody else should.",
  'I can see that.',
  'I can imagine.',
  "I'm going to the office.",
  'Yes, sure.',
  '',
])('is no promise: %s', (words) => {
  expect(agreed(ben(words))).toBe(false);
});

test('nobody promises for another', () => {
  expect(agreed(anna('Ben will surely fix the tests.'))).toBe(false);
  expect(agreed(anna('I will fix the tests.'))).toBe(false);
});

test('only the cited words count, but all around them may take them back', () => {
  expect(agreed(ben('I will fix it. The sky is blue.', 2, 'The sky is blue'))).toBe(false);
  expect(agreed(ben('He claims that I will fix it.', 2, 'I will fix it'))).toBe(false);
  expect(agreed(ben('So now I will fix it.', 2, 'I will fix it'))).toBe(true);
  expect(agreed(ben('So now I will fix it.', 2, 'words that are not there'))).toBe(false);
});

describe('a request and its answer', () => {
  const request = anna('Okay. Ben, can you fix the payment tests by Friday?');

  test.each([
    'Yes.',
    'Sure.',
    'Will do.',
    'Okay, by Friday.',
    'Yeah, no problem.',
    'Um, of course.',
    'Absolutely.',
  ])('accepted: %s', (answer) => expect(agreed(request, ben(answer))).toBe(true));

  test.each([
    ...[
      "No, I can't.",
      'Yes, but not me.',
      'Yes, if I find the time.',
      'Sure, Carol will do it.',
      'Okay, why me?',
    ],
    ...[
      'Yeah, right.',
      'Maybe.',
      'Well, we could.',
      'Hm.',
      "Okay. I can't do it this week.",
      'Sure, you could do that.',
    ],
    ...['Yes. Actually no.', 'Yes, someone else should.', 'The tests? They fail.', "Okay, I won't."],
  ])('not accepted: %s', (answer) => expect(agreed(request, ben(answer))).toBe(false));

  test('an unanswered request binds nobody', () => {
    expect(agreed(request)).toBe(false);
    expect(agreed(request, anna('Yes.', 2))).toBe(false);
  });

  test('the answer must come in the very next turn', () => {
    expect(agreed(request, ben('Yes.', 3))).toBe(false);
    expect(agreed(request, ben('Yes.', 0))).toBe(false);
  });

  test('a request to somebody else is not accepted by the owner’s yes', () => {
    expect(agreed(anna('Carol, can you book a room?'), ben('Sure.'))).toBe(false);
    expect(agreed(anna('Can you book a room, Carol?'), ben('Sure.'))).toBe(false);
    expect(agreed(anna('Can you book a room?'), ben('Sure.'))).toBe(true);
  });

  test('a yes to a later question of the same turn accepts nothing', () => {
    const twoQuestions = 'Ben, can you fix the tests? By the way, is it raining?';
    expect(agreed(anna(twoQuestions, 1, 'Ben, can you fix the tests'), ben('Yes.'))).toBe(false);
  });

  test('a yes in the middle of a turn accepts nothing', () => {
    expect(agreed(request, ben('It rains. Yes.', 2, 'Yes'))).toBe(false);
  });

  test('"please" is a request; a plain statement is none', () => {
    expect(agreed(anna('Ben, please book a room.'), ben('Sure, today.'))).toBe(true);
    expect(agreed(anna('The room is booked.'), ben('Okay.'))).toBe(false);
  });
});
