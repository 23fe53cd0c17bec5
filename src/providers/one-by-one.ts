/** Lets work on the same thing happen one after the other, in the order it was asked for, within this process. */
export class OneByOne {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Runs when all earlier work with this key has ended, well or not. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(key) ?? Promise.resolve();
    const done = before.then(work);
    const settled = done.catch(() => undefined); // its caller hears of it; the next one is not concerned
    this.last.set(key, settled);
    void settled.then(() => this.last.get(key) === settled && this.last.delete(key));
    return done;
  }
}
