/** A door that a test closes in front of a provider: calls wait there until it opens. */
export class Door {
  /** How many wait now. */
  waiting = 0;
  private way: Promise<void> | null = null;
  private letIn: () => void = () => undefined;

  close(): void {
    this.way = new Promise((resolve) => (this.letIn = resolve));
  }

  open(): void {
    this.letIn();
    this.way = null;
  }

  /** `target` as it is, but that calls of `method` pass this door first. */
  before<T extends object>(target: T, method: keyof T): T {
    const original = (target[method] as (...args: unknown[]) => Promise<unknown>).bind(target);
    return Object.assign(Object.create(target) as T, {
      [method]: async (...args: unknown[]) => {
        await this.pass();
        return original(...args);
      },
    });
  }

  async pass(): Promise<void> {
    if (!this.way) return;
    this.waiting++;
    try {
      await this.way;
    } finally {
      this.waiting--;
    }
  }
}
