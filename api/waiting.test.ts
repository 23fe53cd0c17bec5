import { EventEmitter } from 'node:events';
import type { Context } from 'koa';
import type { Deps } from './route';
import { preferredWaitMs, waitUntil } from './waiting';

/** As much of a request as waiting looks at. */
function request(prefer: string) {
  const res = Object.assign(new EventEmitter(), { closed: false });
  return { ctx: { get: () => prefer, res } as unknown as Context, res };
}
const deps = (stopping?: AbortSignal) => ({ stopping }) as Deps;

test.each([
  ['wait=5', 5_000],
  ['wait=0', 0],
  ['wait=60', 60_000],
  ['wait=61', 60_000],
  ['wait=999999999', 60_000],
  ['wait="7"', 7_000],
  [' wait = 3 ', 3_000],
  ['WAIT=2', 2_000],
  ['respond-async, wait=10', 10_000],
  ['wait=10; x=y, handling=lenient', 10_000],
  ['handling=strict;wait=4', 4_000],
  ['', 0],
  ['wait', 0],
  ['wait=', 0],
  ['wait=-5', 0],
  ['wait=1.5', 0],
  ['wait=1e3', 0],
  ['wait=ten', 0],
  ['wait=99999999999', 60_000],
  ['await=5', 0],
  ['respond-async', 0],
])('Prefer: %s counts as %p ms', (prefer, ms) => expect(preferredWaitMs(request(prefer).ctx)).toBe(ms));

test('it looks until it is done', async () => {
  let looks = 0;
  const done = async () => ++looks === 3;
  expect(await waitUntil(done, request('wait=10').ctx, deps())).toBe(true);
  expect(looks).toBe(3);
});

test('nobody who wants to wait for nothing waits', async () => {
  const done = jest.fn(async () => true);
  expect(await waitUntil(done, request('').ctx, deps())).toBe(false);
  expect(done).not.toHaveBeenCalled();
});

test('the time is over', async () => {
  const startedAt = performance.now();
  expect(await waitUntil(async () => false, request('wait=1').ctx, deps())).toBe(false);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});

test.each(['the client goes', 'the process stops'])('it ends when %s', async (why) => {
  const { ctx, res } = request('wait=60');
  const stopping = new AbortController();
  let looks = 0;
  const done = async () => {
    if (++looks === 2) {
      if (why === 'the client goes') res.closed = true;
      else stopping.abort();
    }
    return false;
  };
  expect(await waitUntil(done, ctx, deps(stopping.signal))).toBe(false);
  expect(looks).toBe(2);
});

test('trouble while looking is told', async () => {
  const trouble = new Error('Postgres is away');
  await expect(waitUntil(() => Promise.reject(trouble), request('wait=5').ctx, deps())).rejects.toBe(trouble);
});
