/**
 * The plans of what the code asks, as PostgreSQL carried it out: its `auto_explain` sends them along with the answers,
 * so nothing has to be asked twice and writes need no repetition.
 */
import knex, { type Knex } from 'knex';
import type { Client } from 'pg';
import type { DatabaseConfig } from '../../../src/config';
import { knexConfig } from '../../../src/db/connection';

export interface Carried {
  /** As it was sent, with `$1` for what was bound. */
  statement: string;
  /** `EXPLAIN (ANALYZE, BUFFERS)` as text or as JSON. */
  plan: string;
  durationMs: number;
}

export interface Watched {
  db: Knex;
  /** What `work` asked on this pool, in its order. */
  carriedOut(work: () => Promise<unknown>): Promise<Carried[]>;
}

/** @param options.nested - also what triggers of foreign keys ask */
export function watchPlans(
  database: DatabaseConfig,
  { format, nested }: { format: 'text' | 'json'; nested: boolean },
): Watched {
  const settings = {
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_analyze': 'on',
    'auto_explain.log_buffers': 'on',
    'auto_explain.log_timing': 'off',
    'auto_explain.log_format': format,
    'auto_explain.log_nested_statements': nested ? 'on' : 'off',
    'auto_explain.log_parameter_max_length': '0',
    client_min_messages: 'log',
  };
  const begin = Object.entries(settings).map(([name, value]) => `set ${name} = '${value}'`);
  let heard: Carried[] = [];
  const afterCreate = (connection: Client, done: (error?: Error) => void) => {
    connection.on('notice', ({ message }) => {
      const carried = message && readMessage(message, format);
      if (carried) heard.push(carried);
    });
    connection.query(["load 'auto_explain'", ...begin].join('; ')).then(() => done(), done);
  };
  const config = knexConfig(database);
  return {
    db: knex({ ...config, pool: { ...config.pool, afterCreate } }),
    async carriedOut(work) {
      heard = [];
      await work();
      return heard;
    },
  };
}

const MESSAGE = /^duration: ([\d.]+) ms {2}plan:\n(.*)$/s;
/** The first line with costs ends the statement, which may have lines of its own. */
const TEXT = /^Query Text: (.*?)\n([^\n]* {2}\(cost=.*)$/s;

function readMessage(message: string, format: 'text' | 'json'): Carried | null {
  const [, duration, body] = MESSAGE.exec(message) ?? [];
  if (duration === undefined || body === undefined) return null;
  const durationMs = Number(duration);
  if (format === 'json') {
    const { 'Query Text': statement } = JSON.parse(body) as { 'Query Text': string };
    return { statement, plan: body, durationMs };
  }
  const [, statement = '', plan = ''] = TEXT.exec(body) ?? [];
  return { statement, plan, durationMs };
}
