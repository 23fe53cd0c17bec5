import fc from 'fast-check';
import { cutList, halve, type Stretch } from '.';

const MINUTE = 60_000;
const pause = (startMs: number, endMs: number): Stretch => ({ startMs, endMs });

describe('cutList', () => {
  it('leaves whole what fits, and everything when there is no limit', () => {
    expect(cutList(2 * MINUTE, [], 2 * MINUTE)).toEqual([pause(0, 2 * MINUTE)]);
    expect(cutList(90 * MINUTE, [], null)).toEqual([pause(0, 90 * MINUTE)]);
  });

  it('cuts in the pause nearest to an even share, away from the words around it', () => {
    const pauses = [pause(70_000, 71_000), pause(85_000, 86_000), pause(95_000, 99_000)];
    expect(cutList(3 * MINUTE, pauses, 2 * MINUTE)).toEqual([
      pause(0, 90_000 - 4_250),
      pause(85_750, 180_000),
    ]);
  });

  it('cuts a short pause in its middle', () => {
    expect(cutList(3 * MINUTE, [pause(80_000, 80_300)], 2 * MINUTE)[0]).toEqual(pause(0, 80_150));
  });

  it('cuts where nobody pauses, in even pieces', () => {
    expect(cutList(5 * MINUTE, [pause(1000, 2000)], 2 * MINUTE)).toEqual([
      pause(0, 100_000),
      pause(100_000, 200_000),
      pause(200_000, 300_000),
    ]);
  });

  const recording = fc.record({
    durationMs: fc.integer({ min: 1, max: 4 * 60 * MINUTE }),
    maxPieceMs: fc.integer({ min: 10_000, max: 20 * MINUTE }),
    pauses: fc.array(
      fc.tuple(fc.integer({ min: 0, max: 4 * 60 * MINUTE }), fc.integer({ min: 300, max: 90_000 })),
      {
        maxLength: 60,
      },
    ),
  });

  it('loses and doubles nothing, keeps the limit, and leaves no stray end', () => {
    fc.assert(
      fc.property(recording, ({ durationMs, maxPieceMs, pauses }) => {
        const pieces = cutList(
          durationMs,
          pauses.map(([start, length]) => pause(start, start + length)),
          maxPieceMs,
        );
        expect(pieces[0]!.startMs).toBe(0);
        expect(pieces.at(-1)!.endMs).toBe(durationMs);
        pieces.slice(1).forEach((piece, i) => expect(piece.startMs).toBe(pieces[i]!.endMs));
        for (const { startMs, endMs } of pieces) {
          expect(Number.isInteger(endMs)).toBe(true);
          expect(endMs - startMs).toBeLessThanOrEqual(maxPieceMs);
          if (pieces.length > 1) expect(endMs - startMs).toBeGreaterThanOrEqual(500);
        }
      }),
    );
  });
});

describe('halve', () => {
  const piece = { ...pause(60_000, 180_000), depth: 0 };

  it('cuts in a pause near the middle, else in the middle', () => {
    expect(halve(piece, [pause(61_000, 63_000), pause(125_000, 126_000)])).toEqual([
      pause(60_000, 125_250),
      pause(125_250, 180_000),
    ]);
    expect(halve(piece, [pause(61_000, 63_000)])).toEqual([pause(60_000, 120_000), pause(120_000, 180_000)]);
  });

  it('stops at an eighth and at twenty seconds', () => {
    expect(halve({ ...piece, depth: 2 }, [])).not.toBeNull();
    expect(halve({ ...piece, depth: 3 }, [])).toBeNull();
    expect(halve({ ...pause(0, 19_999), depth: 0 }, [])).toBeNull();
  });
});
