/** Starts and stops the whole: PostgreSQL, Temporal, worker, api, each under a supervisor. */
import type { Config, TemporalConfig } from '../config';
import { migrateDatabase } from '../db/migrate';
import { openDatabase } from '../db/connection';
import { seedLocalUser } from '../db/seed';
import { connectTemporal } from '../temporal/client';
import { prepareNamespace } from '../temporal/prepare-namespace';
import { environmentFor, planStack, type Plan } from './plan';
import { apiService, postgresService, temporalService, workerService } from './services';
import { removeStack, SERVICES, writeStack, type ServiceName, type Stack } from './stack-file';
import type { Tools } from './tools';
import { Supervisor, type Service } from './supervisor';

export interface StackOptions {
  config: Config;
  env: NodeJS.ProcessEnv;
  /** null = bring our own PostgreSQL. */
  databaseUrl: string | null;
  tools: Tools;
  say(line: string): void;
  /** Aborted = stop starting. */
  signal: AbortSignal;
}

export class EmbeddedStack {
  readonly plan: Plan;
  private readonly options: StackOptions;
  private readonly supervisors = new Map<ServiceName, Supervisor>();
  private readonly state: Stack;
  private stopping = false;

  private constructor(plan: Plan, options: StackOptions) {
    this.plan = plan;
    this.options = options;
    this.state = {
      apiUrl: plan.apiUrl,
      webUiUrl: plan.webUiUrl,
      temporalAddress: plan.temporal.address,
      databaseUrl: plan.postgres.url,
      pids: { api: null, worker: null, temporal: null, postgres: null },
      startTimes: { api: null, worker: null, temporal: null, postgres: null },
    };
  }

  static async plan(options: StackOptions): Promise<EmbeddedStack> {
    return new EmbeddedStack(await planStack(options.config, options.databaseUrl), options);
  }

  /** Resolves when uploads can be taken. Databases start while programs are still being fetched. */
  async start(): Promise<void> {
    const { tools, env, signal } = this.options;
    const [ffmpegPath] = await Promise.all([
      tools.ffmpeg(),
      this.startDatabase(),
      this.startTemporal(),
      tools.speech(),
    ]);
    signal.throwIfAborted();
    const environment = environmentFor(this.plan, env, { ffmpegPath });
    await Promise.all([
      this.run('worker', workerService(this.plan, environment)),
      this.run('api', apiService(this.plan, environment)),
    ]);
    signal.throwIfAborted();
  }

  /** Stops what was started, in the order api, worker, Temporal, PostgreSQL. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const name of SERVICES) await this.supervisors.get(name)?.stop();
    removeStack(this.plan.dataDir);
  }

  private async startDatabase(): Promise<void> {
    const { port, url } = this.plan.postgres;
    if (port !== null) await this.run('postgres', postgresService(this.plan, port));
    const { database } = this.options.config;
    const config = this.options.databaseUrl ? database : { ...database, url, migrationUrl: url };
    const applied = await migrateDatabase(config);
    if (applied.length) this.options.say(`database: ${applied.length} migrations applied`);
    const knex = openDatabase(config);
    await seedLocalUser(knex).finally(() => knex.destroy());
  }

  private async startTemporal(): Promise<void> {
    const { port, address } = this.plan.temporal;
    const { temporal } = this.options.config;
    if (port === null) return this.prepareTemporal(temporal);
    const cliPath = await this.options.tools.temporalCli();
    await this.run('temporal', temporalService(this.plan, port, cliPath));
    await this.prepareTemporal({ ...temporal, env: { TEMPORAL_ADDRESS: address } });
  }

  /** As the migrate step would. */
  private async prepareTemporal(config: TemporalConfig): Promise<void> {
    const temporal = connectTemporal(config);
    try {
      await prepareNamespace(temporal);
    } catch {
      this.options.say(
        `Temporal at ${this.plan.temporal.address} is away: run the migrate step when it is there`,
      );
    } finally {
      await temporal.connection.close();
    }
  }

  private async run(name: ServiceName, service: Service): Promise<void> {
    this.options.signal.throwIfAborted();
    if (this.stopping) throw new Error(`${name} is not started any more`);
    const supervisor = new Supervisor(service, {
      say: this.options.say,
      onSpawned: ({ pid, startedAt }) => {
        this.state.pids[name] = pid;
        this.state.startTimes[name] = startedAt;
        writeStack(this.plan.dataDir, this.state);
      },
    });
    this.supervisors.set(name, supervisor);
    await supervisor.start();
  }
}
