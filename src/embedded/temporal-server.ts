/** The development server of the `temporal` program: a real Temporal with its database in one file, or in memory. */
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { missingSearchAttributes, registerSearchAttributes } from '../temporal/register-search-attributes';
import { SEARCH_ATTRIBUTES } from '../temporal/search-attributes';
import { isAlive, spawnDetached, tailOf, type ProcessIdentity, type Started } from './processes';

const START_DEADLINE_MS = 30_000;
/** Without these it commits each step to the disk by itself and is three times slower. */
const PRAGMAS = ['journal_mode=wal', 'synchronous=normal'];

/** A deleted history waits until this was written down; with the default, half a minute, some stay for minutes. */
const NOTES_PROGRESS = 'history.transferProcessorUpdateAckInterval="1s"';

export interface TemporalServerOptions {
  cliPath: string;
  port: number;
  /** null = no Web UI. */
  uiPort: number | null;
  /** null = everything is forgotten at the end. */
  databaseFile: string | null;
  logFile: string;
  /** Besides `default`. */
  namespaces?: string[];
  /** Hears of each process at once, before it answers. */
  onSpawned?: (identity: ProcessIdentity) => void;
}

export interface RunningTemporal extends Started {
  address: string;
}

const flag = (name: string, values: string[]) => values.flatMap((value) => [name, value]);

function serverArguments(options: TemporalServerOptions): string[] {
  const { port, uiPort, databaseFile, namespaces = [] } = options;
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'error'],
    ...['--dynamic-config-value', NOTES_PROGRESS],
    ...(uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort)]),
    ...(databaseFile ? ['--db-filename', databaseFile, ...flag('--sqlite-pragma', PRAGMAS)] : []),
    ...flag(
      '--search-attribute',
      SEARCH_ATTRIBUTES.map((key) => `${key.name}=Keyword`),
    ),
    ...flag('--namespace', namespaces),
  ];
}

/** Waits until the server answers and knows our search attributes: on an old database the flag adds no new ones. */
async function becomesReady(client: Client, server: ProcessIdentity, end: number): Promise<boolean> {
  while (isAlive(server) && performance.now() < end) {
    try {
      await registerSearchAttributes(client);
      if (!(await missingSearchAttributes(client)).length) return true;
    } catch {
      // not yet: asked again until the deadline, and the log tells why when that passes
    }
    await pause(50);
  }
  return false;
}

/**
 * Starts the server and resolves when it answers. Started right after the end of a predecessor on the same file it
 * may find it still locked and exit; then it is started again.
 * @throws when it does not answer within 30 s; the message has the end of its log.
 */
export async function startTemporal(options: TemporalServerOptions): Promise<RunningTemporal> {
  const address = `127.0.0.1:${options.port}`;
  const connection = Connection.lazy({ address, connectTimeout: 1_000 });
  const client = new Client({ connection });
  const end = performance.now() + START_DEADLINE_MS;
  try {
    while (performance.now() < end) {
      const command = { file: options.cliPath, args: serverArguments(options) };
      const started = await spawnDetached(command, options.logFile, options.onSpawned);
      if (await becomesReady(client, started.identity, end)) return { ...started, address };
      await pause(500);
    }
  } finally {
    await connection.close();
  }
  throw new Error(`Temporal did not start; the end of ${options.logFile}:\n${tailOf(options.logFile)}`);
}
