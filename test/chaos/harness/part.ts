/** One process of the stack under test: started again when it dies, unless it is to stay down. */
import {
  isAlive,
  killGroup,
  terminate,
  type ProcessIdentity,
  type Started,
} from '../../../src/embedded/processes';
import { eventually } from '../../support/poll';

export type Launch = (onSpawned: (identity: ProcessIdentity) => void) => Promise<Started>;

const RESTART_DEADLINE_MS = 90_000;

export class Part {
  /** How often it has ended although nobody in the suite had ordered that. */
  readonly surprises: string[] = [];
  private current: Started | null = null;
  private wanted = false;
  private expected = false;
  private starting: Promise<void> | null = null;

  constructor(
    readonly name: string,
    private readonly launch: Launch,
    private readonly onSpawned: (identity: ProcessIdentity) => void,
  ) {}

  get identity(): ProcessIdentity | null {
    return this.current?.identity ?? null;
  }

  get isUp(): boolean {
    return this.current !== null && this.starting === null && isAlive(this.current.identity);
  }

  /** Resolves when it works. */
  async start(): Promise<void> {
    this.wanted = true;
    if (this.isUp) return;
    this.starting ??= this.begin().finally(() => {
      this.starting = null;
    });
    await this.starting;
  }

  /** Announces that it will die by an order at a failpoint: that is no surprise then. */
  expectDeath(): void {
    this.expected = true;
  }

  /** Until it works again after a death. */
  async isBack(deadlineMs = RESTART_DEADLINE_MS): Promise<void> {
    await eventually(() => this.isUp, { deadlineMs });
  }

  /** Kills it; it is started again at once. Resolves when it is dead. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Kills it and leaves it so until `start`. */
  async keepDown(signal: NodeJS.Signals = 'SIGKILL'): Promise<string> {
    this.wanted = false;
    return this.end(signal);
  }

  signal(signal: NodeJS.Signals): void {
    if (this.current) process.kill(this.current.identity.pid, signal);
  }

  /** For good. */
  async stop(): Promise<void> {
    this.wanted = false;
    this.expected = true;
    await this.starting?.catch(() => undefined); // it is ended next, however far it came
    if (!this.current) return;
    await terminate(this.current.identity, { signal: 'SIGKILL' });
    killGroup(this.current.identity);
  }

  private async end(signal: NodeJS.Signals): Promise<string> {
    await this.starting;
    const { current } = this;
    if (!current) return 'not running';
    this.expected = true;
    process.kill(current.identity.pid, signal);
    return current.ended;
  }

  private async begin(): Promise<void> {
    this.expected = false;
    const started = await this.launch(this.onSpawned);
    this.current = started;
    void started.ended.then((reason) => this.afterDeath(started, reason));
  }

  private afterDeath(dead: Started, reason: string): void {
    killGroup(dead.identity);
    if (!this.expected) this.surprises.push(`${this.name} ended by itself: ${reason}`);
    if (this.wanted) void this.start().catch((error: unknown) => this.surprises.push(String(error)));
  }
}
