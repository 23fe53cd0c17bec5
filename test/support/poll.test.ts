import { eventually } from './poll';

describe('eventually', () => {
  it('gives the first value that is not false', async () => {
    let calls = 0;
    await expect(eventually(() => ++calls > 2 && calls)).resolves.toBe(3);
  });

  it('throws the last error after the deadline', async () => {
    let calls = 0;
    const failing = () => {
      throw new Error(`call ${(calls += 1)}`);
    };
    await expect(eventually(failing, { deadlineMs: 60 })).rejects.toThrow(/call [2-9]/);
  });

  it('names what stayed false', async () => {
    const isDone = () => false;
    await expect(eventually(isDone, { deadlineMs: 1 })).rejects.toThrow(
      /Still false after 1 ms: \(\) ?=> ?false/,
    );
  });
});
