import fc from 'fast-check';
import { clip, text } from './text';

test.each([
  ['  Anna \n', 'Anna'],
  ['a\u0000b\u0007c', 'abc'],
  ['a\ud800b', 'a\ufffdb'],
  ['one\r\ntwo\rthree\tfour', 'one\ntwo\nthree\tfour'],
  ['Zoë 🎉', 'Zoë 🎉'],
  [' \u0000 ', ''],
])('%j becomes %j', (entered, kept) => {
  expect(text(entered)).toBe(kept);
});

test('what has passed passes again unchanged, and Postgres takes it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (entered) => {
      const kept = text(entered);
      expect(text(kept)).toBe(kept);
      expect(kept.isWellFormed()).toBe(true);
      expect(kept).not.toContain('\u0000');
    }),
  );
});

test('what is cut is cut between characters', () => {
  expect(clip('ab😀d', 3)).toBe('ab😀');
  expect(clip('ab😀d', 2)).toBe('ab');
  expect(clip('ab', 9)).toBe('ab');
});
