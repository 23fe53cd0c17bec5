/**
 * Works items side by side, at most `atOnce` of them; what `work` returns is worked as well. After a failure no further
 * item starts, but those under way finish: they may be paid for. Then all failures are thrown, as `Failures`.
 */
export async function sideBySide<T>(
  items: T[],
  atOnce: number,
  work: (item: T) => Promise<T[]>,
): Promise<void> {
  const queue = [...items];
  const underWay = new Set<Promise<void>>();
  const failures: Failure[] = [];
  const start = (item: T) => {
    const one: Promise<void> = work(item)
      .then(
        (parts) => void queue.unshift(...parts),
        (error: unknown) => void failures.push({ error, atMs: performance.now() }),
      )
      .finally(() => underWay.delete(one));
    underWay.add(one);
  };
  const more = () => queue.length > 0 && failures.length === 0;
  while (underWay.size > 0 || more()) {
    while (more() && underWay.size < atOnce) start(queue.shift() as T);
    await Promise.race(underWay);
  }
  if (failures.length > 0) throw new Failures(failures);
}

export interface Failure {
  error: unknown;
  /** `performance.now()` when it happened. */
  atMs: number;
}

/** What went wrong in items that were worked side by side. */
export class Failures extends Error {
  constructor(readonly all: Failure[]) {
    super(`${all.length} failed`);
  }
}
