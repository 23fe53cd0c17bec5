import { inPieces } from './pieces';

const speech = (text: string, startMs: number | null = null, endMs: number | null = null) => ({
  speaker: 'Anna',
  startMs,
  endMs,
  text,
});
const words = Array.from({ length: 6_000 }, (_, n) => `w${n}`).join(' ');

test('a speech of usual length stays whole', () => {
  expect(inPieces(speech('Good morning.', 5, 9))).toEqual([speech('Good morning.', 5, 9)]);
});

test('one that never ends is cut between words; none is lost', () => {
  const pieces = inPieces(speech(words));
  expect(pieces.length).toBeGreaterThan(1);
  expect(Math.max(...pieces.map(({ text }) => text.length))).toBeLessThanOrEqual(10_000);
  expect(pieces.map(({ text }) => text).join(' ')).toBe(words);
  expect(new Set(pieces.map(({ speaker }) => speaker))).toEqual(new Set(['Anna']));
});

test('its time is shared out, without gaps', () => {
  const pieces = inPieces(speech(words, 1_000, 61_000));
  expect([pieces[0]?.startMs, pieces.at(-1)?.endMs]).toEqual([1_000, 61_000]);
  for (const [at, piece] of pieces.slice(1).entries()) expect(piece.startMs).toBe(pieces[at]?.endMs);
});

test('without any blank no character is cut in half', () => {
  for (const odd of ['', 'x']) {
    const text = odd + '😀'.repeat(12_000);
    const pieces = inPieces(speech(text));
    expect(pieces.every((piece) => piece.text.isWellFormed())).toBe(true);
    expect(pieces.map((piece) => piece.text).join('')).toBe(text);
  }
});
