/** Keeps one service running: starts it again when it ends, ever more patiently when it keeps ending. */
import { isAlive, killGroup, terminate, type ProcessIdentity, type Started } from './processes';

/** Starting what can't start every 5 s costs a laptop little; half a minute without an api is long. */
const BACKOFF = { firstMs: 500, maxMs: 5_000, healthyMs: 30_000 };

export interface Service {
  name: string;
  /** Resolves when the service works; `onSpawned` hears of the process at once, before it works. */
  start(onSpawned: (identity: ProcessIdentity) => void): Promise<Started>;
  /** How it is asked to end, and how long it may take. */
  stop: { signal: NodeJS.Signals; graceMs: number };
}

export interface SupervisorReports {
  /** A line for the person at the terminal. */
  say(line: string): void;
  /** Each new process, the first one included. */
  onSpawned(identity: ProcessIdentity): void;
}

export class Supervisor {
  private current: Started | null = null;
  private stopping = false;
  private wake = () => {};
  private work: Promise<void> = Promise.resolve();
  private readonly service: Service;
  private readonly reports: SupervisorReports;
  private readonly backoff: typeof BACKOFF;

  /** `backoff`: the first pause, the longest, and after how long a run counts as healthy again. */
  constructor(service: Service, reports: SupervisorReports, backoff = BACKOFF) {
    this.service = service;
    this.reports = reports;
    this.backoff = backoff;
  }

  /** Starts the service once; when that works, keeps it running until `stop`. */
  async start(): Promise<void> {
    const launched = this.launch();
    this.work = launched.then(
      () => this.watch(),
      () => undefined, // whoever called `start` hears of it
    );
    await launched;
  }

  /** Ends the service and everything that it started; it stays ended. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    if (this.current) await this.end(this.current.identity);
    await this.work;
  }

  /** A process that was started but does not work is ended. */
  private async launch(): Promise<void> {
    let spawned: ProcessIdentity | null = null;
    try {
      this.current = await this.service.start((identity) => {
        spawned = identity;
        this.reports.onSpawned(identity);
      });
    } catch (error) {
      if (spawned) await this.end(spawned);
      throw error;
    }
    if (this.stopping) await this.end(this.current.identity);
  }

  private async end(identity: ProcessIdentity): Promise<void> {
    if (isAlive(identity)) await terminate(identity, this.service.stop);
    killGroup(identity);
  }

  private async watch(): Promise<void> {
    let failures = 0;
    while (!this.stopping) {
      const since = performance.now();
      const reason = await this.runs();
      if (this.stopping) return;
      failures = performance.now() - since > this.backoff.healthyMs ? 1 : failures + 1;
      const delayMs = Math.min(this.backoff.firstMs * 2 ** (failures - 1), this.backoff.maxMs);
      this.reports.say(`${this.service.name} ended (${reason}); starting it again in ${delayMs / 1000} s`);
      await this.pause(delayMs);
      if (!this.stopping) await this.relaunch();
    }
  }

  /** Until the current process ends; its leftovers go with it. */
  private async runs(): Promise<string> {
    if (!this.current) return 'did not start';
    const reason = await this.current.ended;
    killGroup(this.current.identity);
    return reason;
  }

  private async relaunch(): Promise<void> {
    this.current = null;
    try {
      await this.launch();
      this.reports.say(`${this.service.name} runs again`);
    } catch (error) {
      this.reports.say(`${this.service.name} could not be started: ${String(error)}`);
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
