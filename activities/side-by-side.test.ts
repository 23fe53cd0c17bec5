import { setImmediate as turn } from 'node:timers/promises';
import { ProviderError } from '../src/provider-error';
import { Failures, sideBySide } from './side-by-side';
import { worstFailure } from './worst-failure';

it('works everything, so many at once, and what comes out of it as well', async () => {
  const done: number[] = [];
  let inside = 0;
  let most = 0;
  await sideBySide([1, 2, 3, 4], 2, async (n) => {
    most = Math.max(most, ++inside);
    await turn();
    inside--;
    done.push(n);
    return n < 4 ? [n + 10] : [];
  });
  expect(most).toBe(2);
  expect(done.filter((n) => n < 10).sort()).toEqual([1, 2, 3, 4]);
  expect(done).toEqual(expect.arrayContaining([11, 12, 13]));
});

it('has nothing to do with nothing', async () => {
  await expect(sideBySide([], 2, async () => [])).resolves.toBeUndefined();
});

it('starts nothing after a failure, and lets finish what is under way', async () => {
  const finished: number[] = [];
  const working = sideBySide([1, 2, 3, 4], 2, async (n) => {
    if (n === 1) throw new Error('one');
    await turn();
    finished.push(n);
    return [n + 10];
  });
  await expect(working).rejects.toBeInstanceOf(Failures);
  expect(finished).toEqual([2]);
});

describe('the worst failure', () => {
  const retryable = (retryAfterMs?: number) =>
    new ProviderError('later', 'x', { retryable: true, ...(retryAfterMs && { retryAfterMs }) });
  const final = new ProviderError('final', 'x', { retryable: false });
  const at = (error: unknown, atMs = 0) => ({ error, atMs });

  it('is one that can not be tried again, also one that nobody foresaw', () => {
    expect(worstFailure([at(retryable(5000)), at(final)], 0)).toBe(final);
    const bug = new TypeError('bug');
    expect(worstFailure([at(retryable()), at(bug)], 0)).toBe(bug);
  });

  it('is else the longest wait, less the seconds that have passed', () => {
    const worst = worstFailure([at(retryable()), at(retryable(2000)), at(retryable(17_000), 100)], 3200);
    expect(worst).toMatchObject({ code: 'later', retryable: true, retryAfterMs: 14_000 });
    expect(worstFailure([at(retryable(17_000))], 900)).toMatchObject({ retryAfterMs: 17_000 });
  });

  it('is else the first', () => {
    const first = retryable();
    expect(worstFailure([at(first), at(retryable())], 0)).toBe(first);
  });
});
