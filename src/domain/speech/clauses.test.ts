import fc from 'fast-check';
import { beginsAsQuestion, clausesOf } from './clauses';

const clauses = (text: string) =>
  clausesOf({ text, start: 0, end: text.length }).map((clause) => clause.text);

test.each([
  [
    'We have decided to wait, Emil, can you call them?',
    ['We have decided to wait,', 'Emil, can you call them?'],
  ],
  [
    'We moved the fair to May, Emil can you call them?',
    ['We moved the fair to May,', 'Emil can you call them?'],
  ],
  ['I will bake it, Dora Lee, please buy the eggs.', ['I will bake it,', 'Dora Lee, please buy the eggs.']],
  ['Right, one more thing, do we need a van?', ['Right, one more thing,', 'do we need a van?']],
  ['Thank you, what about the roof?', ['Thank you,', 'what about the roof?']],
  ['What about the roof do we mend it now?', ['What about the roof', 'do we mend it now?']],
  [
    'That is still an open question, who is going to call them.',
    ['That is still an open question,', 'who is going to call them.'],
  ],
  [
    'There was no other way, we agreed to sell it, and what do we tell the press?',
    ['There was no other way,', 'we agreed to sell it,', 'and what do we tell the press?'],
  ],
  [
    'Should we paint the hall, let us see, we do not know the price.',
    ['Should we paint the hall, let us see,', 'we do not know the price.'],
  ],
])('what is joined by a comma is cut: %s', (text, parts) => {
  expect(clauses(text)).toEqual(parts);
});

test.each([
  ['called by name', 'Emil, can you call them?'],
  ['called by name after a greeting', 'Thank you Emil, can you call them?'],
  ['called by two names', 'Dora Lee, could you open the door?'],
  ['a condition', 'If it rains, should we stay inside?'],
  ['a time', 'By Friday, can you send me the plan?'],
  ['a condition of a decision', 'Fine, if they pay on time, we agreed to deliver.'],
  ['quoted words', 'And then the customer said, can you do it for less?'],
  ['quoted words with a name', 'My aunt on the phone asked, Emil, can you open the door?'],
  ['words that somebody reported', 'Farid told me on the phone, we decided to close.'],
  ['a tag', 'We decided to paint the hall, should we?'],
  ['a check', 'We decided to paint the hall, do you agree?'],
  ['an alternative', 'We keep the old van, or should we buy a new one?'],
  ['an aside', 'I will pay for it, can you believe it?'],
  ['a clause that only adds', 'The baker, who is my uncle, sells the bread that we like.'],
  ['no comma', 'We decided to sell the van and the trailer.'],
])('what belongs together stays whole: %s', (_, text) => {
  expect(clauses(text)).toEqual([text]);
});

test.each(['Should we wait for it', 'who is going to pay', 'How much do we pay', 'is there any tea left'])(
  'a question without its mark: %s',
  (words) => expect(beginsAsQuestion(words)).toBe(true),
);

test.each(['We should wait', 'Do we?', 'What a day', 'Who knows', 'Is that so'])(
  'no question by how it begins: %s',
  (words) => expect(beginsAsQuestion(words)).toBe(false),
);

test('every clause stands where it says, and no word is lost', () => {
  const part = fc.constantFrom(
    'we',
    'Emil',
    ',',
    'can you',
    'should we',
    'what about',
    'agreed',
    'the van',
    '?',
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1 }), fc.nat(50), (parts, start) => {
      const text = parts.join(' ').replace(/ (?=[,?])/g, '');
      const found = clausesOf({ text, start, end: start + text.length });
      for (const clause of found)
        expect(text.slice(clause.start - start, clause.end - start)).toBe(clause.text);
      expect(
        found
          .map((clause) => clause.text)
          .join('')
          .replace(/\s/g, ''),
      ).toBe(text.replace(/\s/g, ''));
    }),
  );
});
