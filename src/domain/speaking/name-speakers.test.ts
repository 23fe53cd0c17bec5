import type { Participant } from '../meeting';
import { nameSpeakers } from './name-speakers';

const people = (...names: string[]): Participant[] =>
  names.map((name) => ({ userId: `id-${name}`, name, email: `${name.split(' ')[0]}@example.com` }));

/** "A: words" lines to segments. */
const talk = (script: string) =>
  script
    .trim()
    .split('\n')
    .map((line) => {
      const [, speaker = '', text = ''] = /^\s*(\S+): (.*)$/.exec(line) ?? [];
      return { speaker: speaker === '?' ? null : speaker, text };
    });

const names = (script: string, ...participants: string[]) =>
  Object.fromEntries(
    Object.entries(nameSpeakers(talk(script), people(...participants))).map(([label, { name }]) => [
      label,
      name,
    ]),
  );

const MEETING = `
  S1: Good morning everyone. This is the weekly planning meeting. Let's start with the launch date.
  S2: The payment tests are still failing on two devices.
  S3: I agree. The tenth gives my team enough time.
  S1: Okay, we have decided to move the launch. Ben, can you fix the payment tests by Friday?
  S2: Yes, I will fix the payment tests by Friday.
  S3: I will write the customer email.
  S1: Thank you. What about the price?
  S3: We do not know yet.
  S1: Let's leave that open until next week, Carol, please book a room before the end of the month.
  S3: Sure. I will book the room today.
  S1: Great. Thank you all. Goodbye.`;

describe('the sample meeting', () => {
  it('names all three: two are addressed and answer, one is left', () => {
    expect(names(MEETING, 'Anna', 'Ben', 'Carol')).toEqual({ S1: 'Anna', S2: 'Ben', S3: 'Carol' });
  });

  it.each([
    [['Ben', 'Carol'], { S2: 'Ben', S3: 'Carol' }],
    [['Anna', 'Carol'], { S3: 'Carol' }],
    [['Anna', 'Ben'], { S2: 'Ben' }],
    [['Anna', 'Ben', 'Carol', 'Dave'], { S2: 'Ben', S3: 'Carol' }],
    [['Anna', 'Ben', 'Dave'], { S2: 'Ben' }],
    [['Dave', 'Eve'], {}],
    [[], {}],
  ])('with %j listed names nobody wrongly', (participants, expected) => {
    expect(names(MEETING, ...participants)).toEqual(expected);
  });

  it('knows people by their first names and gives their full ones', () => {
    const full = ['Anna Weber', 'Ben Okafor', 'Carol Lindqvist'];
    expect(names(MEETING, ...full)).toEqual({ S1: full[0], S2: full[1], S3: full[2] });
    expect(nameSpeakers(talk(MEETING), people('Ben Okafor'))).toEqual({
      S2: { name: 'Ben Okafor', userId: 'id-Ben Okafor' },
    });
  });

  it.each(['Karol', 'Caroll', 'Carroll'])('hears %s as Carol', (heard) => {
    const script = MEETING.replace('Carol', heard);
    expect(names(script, 'Anna', 'Ben', 'Carol')).toEqual({ S1: 'Anna', S2: 'Ben', S3: 'Carol' });
  });

  it('names neither of two people with the same first name', () => {
    expect(names(MEETING, 'Anna', 'Ben Okafor', 'Ben Weber')).toEqual({});
  });
});

describe('requests by name', () => {
  it.each([
    ['at the end', 'A: Could you look at that, Ben?\n B: Sure, I can.', { B: 'Ben' }],
    ['with a word before', 'A: And Ben, what is the state?\n B: It is done.', { B: 'Ben' }],
    ['with a sentence after', 'A: Ben, please call them. It is urgent.\n B: Okay.', { B: 'Ben' }],
    ['refused', 'A: Ben, can you do it?\n B: No, I have no time.', { B: 'Ben' }],
    ['answered for somebody', 'A: Ben, can you do it?\n B: Ben is on holiday.', {}],
    ['answered for somebody, with a yes', 'A: Ben, can you do it?\n B: Yes, Ben will do it.', {}],
    ['not answered', 'A: Ben, can you do it?\n B: Next, the budget.', {}],
    ['answered by an unsure voice', 'A: Ben, can you do it?\n ?: Yes, I will.\n B: Good.', {}],
    [
      'long ago in the turn',
      'A: Ben, please sit. The first point. The second one. The third one.\n B: I see.',
      {},
    ],
    ['to two people', 'A: Anna, Ben, can you do it?\n B: Yes, I will.', {}],
    ['about somebody', 'A: I spoke with Ben, what a day.\n B: I see.', {}],
    ['of thanks', 'A: Thank you, Ben.\n B: I have another point.', {}],
    ['in small letters', 'A: will, can we do it?\n B: Yes.', {}],
  ])('%s', (_what, script, expected) => {
    expect(names(script, 'Anna', 'Ben', 'Will')).toEqual(expected);
  });
});

describe('introductions', () => {
  it.each([
    ["I'm Carol from finance.", { B: 'Carol' }],
    ['Hello everyone, this is Carol.', { B: 'Carol' }],
    ['My name is Carol Lindqvist.', { B: 'Carol' }],
    ['Carol here, good morning.', { B: 'Carol' }],
    ["This is Carol's idea.", {}],
    ['This is Carol, she is our designer.', {}],
    ['This is what Carol said.', {}],
    ["I'm carol singing.", {}],
  ])('%s', (text, expected) => {
    expect(names(`A: Who is there?\n B: ${text}`, 'Carol', 'Dave', 'Eve')).toEqual(expected);
  });
});

describe('contradictions', () => {
  it('un-names both who are said to be one person', () => {
    const script = `A: Ben, can you do it?\n B: Yes, I will.\n A: Ben, please check.\n C: Sure, I will.`;
    expect(names(script, 'Anna', 'Ben', 'Carol')).toEqual({});
  });

  it('un-names who is said to be two people', () => {
    const script = `A: Ben, can you do it?\n B: Yes, I will.\n A: Anna, please check.\n B: Sure, I will.`;
    expect(names(script, 'Anna', 'Ben')).toEqual({});
  });

  it('believes nobody who addresses himself', () => {
    const script = `A: Ben, can you do it?\n B: Yes, I will.\n B: And now.\n A: No.\n B: Ben, please check.\n A: Good point.`;
    expect(names(script, 'Anna', 'Ben')).toEqual({});
  });

  it('gives the last name to nobody who has spoken to its owner', () => {
    const script = `A: Anna, what do you think?\n ?: Good.\n A: Ben, can you do it?\n B: Yes, I will.`;
    expect(names(script, 'Anna', 'Ben')).toEqual({ B: 'Ben' });
  });
});
