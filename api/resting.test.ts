import { Resting } from './resting';

let nowMs = 0;
const resting = () => {
  nowMs = 0;
  return new Resting(() => nowMs);
};

/** How long a row rests from now on, in seconds. */
function restOf(rows: Resting, key: string): number {
  const start = nowMs;
  while (rows.has(key)) nowMs += 1000;
  return (nowMs - start) / 1000;
}

test('a row that fails through no fault of its own is tried again every ten seconds', () => {
  const rows = resting();
  for (let time = 0; time < 5; time++) {
    rows.failed('a', false);
    expect(restOf(rows, 'a')).toBe(10);
  }
});

test('one that alone fails rests longer and longer, ten minutes at most', () => {
  const rows = resting();
  const rests = Array.from({ length: 9 }, () => {
    rows.failed('a', true);
    return restOf(rows, 'a');
  });
  expect(rests).toEqual([10, 20, 40, 80, 160, 320, 600, 600, 600]);
  rows.forget('a');
  rows.failed('a', true);
  expect(restOf(rows, 'a')).toBe(10);
});

test('what is over is forgotten in the end', () => {
  const rows = resting();
  rows.leave('done', 1000);
  rows.forgetOld();
  expect([rows.has('done'), rows.size]).toEqual([true, 1]);
  nowMs = 602_000;
  rows.forgetOld();
  expect([rows.has('done'), rows.size]).toEqual([false, 0]);
});
