import fc from 'fast-check';
import { sentencesOf } from './sentences';

const texts = (text: string) => sentencesOf(text).map((sentence) => sentence.text);

test.each([
  ['Yes. I will fix it, today! Okay?', ['Yes.', 'I will fix it, today!', 'Okay?']],
  ['no full stop at all', ['no full stop at all']],
  ['Ask Dr. Lee and Mr. Fox. Then go.', ['Ask Dr. Lee and Mr. Fox.', 'Then go.']],
  ['Send it by 3 p.m. Then call me at 4 p.m. sharp.', ['Send it by 3 p.m.', 'Then call me at 4 p.m. sharp.']],
  ['Version 2.5 costs 3.50 euros.', ['Version 2.5 costs 3.50 euros.']],
  ['No. I said no.', ['No.', 'I said no.']],
  ['Well... maybe.\nNext line', ['Well...', 'maybe.', 'Next line']],
  ['', []],
  ['  ', []],
])('%j', (text, sentences) => {
  expect(texts(text)).toEqual(sentences);
});

test('every sentence stands where it says, and no word is lost', () => {
  const speech = fc.string({ unit: fc.constantFrom('a', 'B', ' ', '.', '?', '!', '\n', '…', '"', 'Mr') });
  fc.assert(
    fc.property(speech, (text) => {
      const sentences = sentencesOf(text);
      for (const { text: words, start, end } of sentences) expect(text.slice(start, end)).toBe(words);
      expect(
        sentences
          .map(({ text: words }) => words)
          .join('')
          .replace(/\s/g, ''),
      ).toBe(text.replace(/\s/g, ''));
    }),
  );
});
