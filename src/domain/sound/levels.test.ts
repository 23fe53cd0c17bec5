import { Levels } from '.';

/** A tone of so many seconds; `db` below full scale, null = digital silence. */
function tone(seconds: number, db: number | null): Buffer {
  const pcm = Buffer.alloc(seconds * 32_000);
  const amplitude = db === null ? 0 : 32_767 * Math.SQRT2 * 10 ** (db / 20);
  for (let i = 0; i < pcm.length / 2; i++) {
    pcm.writeInt16LE(Math.round(amplitude * Math.sin((i * 2 * Math.PI * 400) / 16_000)), i * 2);
  }
  return pcm;
}

function levelsOf(...sounds: Buffer[]): Levels {
  const levels = new Levels();
  const all = Buffer.concat(sounds);
  // Odd pieces, as they come out of a pipe.
  for (let at = 0; at < all.length; at += 4097) levels.add(all.subarray(at, at + 4097));
  return levels;
}

describe('pauses', () => {
  it('are found between words and at the end, to a twentieth of a second', () => {
    const levels = levelsOf(tone(1, -20), tone(0.5, null), tone(1, -20), tone(2, null));
    expect(levels.pauses()).toEqual([
      { startMs: 1000, endMs: 1500 },
      { startMs: 2500, endMs: 4500 },
    ]);
  });

  it('are found in the noise of a room, and in a recording that is quiet all along', () => {
    expect(levelsOf(tone(2, -20), tone(1, -42), tone(2, -20)).pauses()).toHaveLength(1);
    expect(levelsOf(tone(2, -44), tone(1, -66), tone(2, -44)).pauses()).toHaveLength(1);
  });

  it('are not the short stops inside words', () => {
    expect(levelsOf(tone(1, -20), tone(0.25, null), tone(1, -20)).pauses()).toEqual([]);
  });
});

describe('isSilent', () => {
  it('tells a stretch without sound', () => {
    const levels = levelsOf(tone(1, -20), tone(3, null), tone(1, -20));
    expect(levels.isSilent(1000, 4000)).toBe(true);
    expect(levels.isSilent(900, 4000)).toBe(false);
    expect(levels.isSilent(3000, 4100)).toBe(false);
  });

  it('takes the hum of an empty room for silence beside speech', () => {
    expect(levelsOf(tone(1, -12), tone(2, -52)).isSilent(1000, 3000)).toBe(true);
  });

  it('does not take a quiet speaker for silence', () => {
    expect(levelsOf(tone(2, -48)).isSilent(0, 2000)).toBe(false);
    expect(levelsOf(tone(1, -28), tone(2, -55)).isSilent(1000, 3000)).toBe(false);
  });

  it('knows that a recording of nothing holds nothing', () => {
    expect(levelsOf(tone(5, null)).isSilent(0, 5000)).toBe(true);
    expect(levelsOf(tone(5, -70)).isSilent(0, 5000)).toBe(true);
  });
});
