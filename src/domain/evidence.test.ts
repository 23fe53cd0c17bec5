import fc from 'fast-check';
import { verifyQuote } from './evidence';

test.each([
  ['I will fix it', 'Yes. I will fix it by Friday.', 'I will fix it'],
  ['i WILL  fix\nit', 'Yes. I will fix it by Friday.', 'I will fix it'],
  ['I’ll do it', "Okay, I'll do it.", "I'll do it"],
  ["I'll do it", 'Okay, I’ll do it.', 'I’ll do it'],
  ['the "old" plan - now', 'We drop the “old” plan — now.', 'the “old” plan — now'],
  ['wait... and see', 'We wait… and see.', 'wait… and see'],
  ['fix it', 'prefix it, then fix   it', 'fix   it'],
  ['straße 🎉 party', 'Die Straße 🎉 party!', 'Straße 🎉 party'],
  ['yes', 'Yes.', 'Yes'],
])('%j is found in %j', (quote, segment, literal) => {
  expect(verifyQuote(quote, segment)).toBe(literal);
});

test.each([
  ['', 'Anything at all'],
  ['  ', 'Anything at all'],
  ['ok', 'ok'],
  ['...', 'Well... yes'],
  ['I will pay', 'I will fix it'],
  ['I will', 'I willingly go'],
  ['fix it ... by Friday', 'I will fix it, surely, by Friday'],
])('%j is not in %j', (quote, segment) => {
  expect(verifyQuote(quote, segment)).toBeNull();
});

test('whatever is returned stands literally in the segment', () => {
  const words = fc.string({
    unit: fc.constantFrom('a', 'B', 'İ', 'ß', ' ', '\n', '’', '…', '—', '🎉', '1'),
    maxLength: 40,
  });
  fc.assert(
    fc.property(words, words, words, (before, quote, after) => {
      const literal = verifyQuote(quote.toUpperCase(), before + quote + after);
      if (literal !== null) expect(before + quote + after).toContain(literal);
    }),
  );
});

test('whole words of a segment are always found in it', () => {
  const word = fc.stringMatching(/^[a-z]{3,8}$/);
  fc.assert(
    fc.property(fc.array(word), fc.array(word, { minLength: 1 }), fc.array(word), (a, b, c) => {
      expect(verifyQuote(b.join(' '), [...a, ...b, ...c].join('  '))).toBe(b.join('  '));
    }),
  );
});
