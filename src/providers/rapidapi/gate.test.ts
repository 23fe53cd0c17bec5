import { Gate } from './gate';

const never = new AbortController().signal;

function calls(gate: Gate, count: number) {
  let inside = 0;
  let most = 0;
  const startsMs: number[] = [];
  const one = () =>
    gate.pass(never, async () => {
      most = Math.max(most, ++inside);
      startsMs.push(performance.now());
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside--;
    });
  return { all: Promise.all(Array.from({ length: count }, one)), most: () => most, startsMs };
}

it('lets so many through at once, and in the end all', async () => {
  const { all, most, startsMs } = calls(new Gate({ concurrency: 3 }), 20);
  await all;
  expect([most(), startsMs.length]).toEqual([3, 20]);
});

it('starts no more a second than allowed', async () => {
  const begunMs = performance.now();
  const { all, startsMs } = calls(new Gate({ concurrency: 10, perSecond: 50 }), 6);
  await all;
  // A busy machine may let one start late, never early.
  startsMs.forEach((at, i) => expect(at - begunMs).toBeGreaterThan(i * 20 - 2));
});

it('gives the place of a call that failed to the next one', async () => {
  const gate = new Gate({ concurrency: 1 });
  const failing = gate.pass(never, () => Promise.reject(new Error('x')));
  const next = gate.pass(never, async () => 'done');
  await expect(failing).rejects.toThrow('x');
  await expect(next).resolves.toBe('done');
});

it('calls nobody for those who have left', async () => {
  let called = false;
  const passing = new Gate({ concurrency: 1 }).pass(AbortSignal.abort(), async () => (called = true));
  await expect(passing).rejects.toMatchObject({ name: 'AbortError' });
  expect(called).toBe(false);
});
