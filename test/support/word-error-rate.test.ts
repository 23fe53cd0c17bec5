import { spokenWords, wordErrorRate } from './word-error-rate';

it.each([
  ['the 10th of November', 'the tenth of november'],
  ['30 days, 14 days, 21st, 42', 'thirty days fourteen days twenty first forty two'],
  ['the 20th, the 3rd, the 12th', 'The twentieth the third the twelfth'],
  ["Let's go. OK", 'lets go okay'],
])('%s = %s', (written, said) => {
  expect(spokenWords(written)).toEqual(spokenWords(said));
  expect(wordErrorRate(said, written)).toBe(0);
});

it('counts wrong, missing and added words', () => {
  expect(wordErrorRate('a b c d', 'a x c d')).toBe(0.25);
  expect(wordErrorRate('a b c d', 'a c d')).toBe(0.25);
  expect(wordErrorRate('a b c d', 'a b b c d')).toBe(0.25);
  expect(wordErrorRate('a b c d', '')).toBe(1);
});
