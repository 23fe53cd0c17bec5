/** What is asked most often, each through the code that asks it: the real app for requests, activities for the worker. */
import { createHash, randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { Knex } from 'knex';
import { createActivities, type Activities } from '../../../activities';
import { createApp } from '../../../api/app';
import { catchUp } from '../../../api/catch-up';
import { createMetrics } from '../../../api/metrics/metrics';
import type { Deps } from '../../../api/route';
import { portOf, startServer } from '../../../api/server';
import { lockTask } from '../../../api/tasks';
import { loadConfig, type DatabaseConfig } from '../../../src/config';
import { LOCAL_USER } from '../../../src/db/seed';
import { createLogger } from '../../../src/log';
import { Erasure } from '../../../src/models/erasure';
import { Meeting } from '../../../src/models/meeting';
import { Request } from '../../../src/models/request';
import { Task } from '../../../src/models/task';
import { User } from '../../../src/models/user';
import { createMediaStore, createProviders } from '../../../src/providers';
import { connectTemporal } from '../../../src/temporal/client';
import { runtimeLog } from '../../../src/temporal/runtime-log';
import { instantProviders } from '../instant-providers';
import { BUSY } from './grown';

interface Asking {
  db: Knex;
  deps: Deps;
  /** A request of the local admin, or of somebody else. */
  get(path: string, as?: string): Promise<void>;
  run<V extends keyof Activities>(verb: V, input: Parameters<Activities[V]>[0]): Promise<unknown>;
  /** A meeting that no other question is about. */
  meetingId: string;
  taskId: string;
  /** Somebody with meetings and tasks, no admin. */
  memberId: string;
}

/** Name -> what is done. */
export const HOT: Record<string, (asking: Asking) => Promise<unknown>> = {
  meeting: ({ get, meetingId }) => get(`/meeting/${meetingId}`),
  meetings: ({ get }) => get('/meetings'),
  'meetings-by-status': ({ get }) => get('/meetings?status=failed'),
  'meetings-by-words': ({ get }) => get('/meetings?q=word1900'),
  'meetings-of-member': ({ get, memberId }) => get('/meetings', memberId),
  'tasks-of-user': ({ get, memberId }) => get(`/tasks/${memberId}`, memberId),
  'tasks-of-user-to-admin': ({ get, memberId }) => get(`/tasks/${memberId}?status=open&dueBefore=2030-01-01`),
  task: ({ get, taskId }) => get(`/task/${taskId}`),
  'task-to-change': ({ db, taskId, memberId }) =>
    Task.transaction(db, async (trx) =>
      lockTask(trx, await User.query(trx).findById(memberId).throwIfNotFound(), taskId),
    ),
  'search-rare-word': ({ get }) => get('/search?q=word1900'),
  'search-common-word': ({ get }) => get('/search?q=word1'),
  'search-of-member': ({ get, memberId }) => get('/search?q=word1900', memberId),
  'users-of-member': ({ get, memberId }) => get('/users', memberId),
  'catch-up': ({ deps }) => catchUp(deps),
  'plan-work': ({ run, meetingId }) => run('planWork', { meetingId, signalled: [signalled()] }),
  extract: async ({ db, run, meetingId }) => run('extract', await asked(db, meetingId)),
  'plan-task': ({ run, taskId }) => run('planTask', { taskId, nowMs: Date.now() }),
  'remove-rows': async ({ db, run, meetingId }) => {
    await deleted(db, meetingId);
    return run('removeRows', meetingId);
  },
};

const signalled = () =>
  ({ kind: 'extract', requestId: randomUUID(), instructions: null, language: null }) as const;

async function asked(db: Knex, meetingId: string) {
  const work = { meetingId, requestId: 'again', kind: 'extract' } as const;
  await Request.query(db).insert(work);
  return work;
}

async function deleted(db: Knex, meetingId: string): Promise<void> {
  await Meeting.query(db).findById(meetingId).patch({ deletedAt: new Date() });
  await Erasure.query(db).insert({ meetingId });
}

const CALLER = 'X-Bench-Caller';

export interface Hot {
  /** The busy person's meeting number n, from 1. */
  asking(n: number): Promise<Asking>;
  close(): Promise<void>;
}

/** The app on a port, and activities without a worker, over a grown database. Temporal is never asked. */
export async function openHot(db: Knex, database: DatabaseConfig, dataDir: string): Promise<Hot> {
  const config = loadConfig({ NODE_ENV: 'test', DATABASE_URL: database.url, DATA_DIR: dataDir });
  const log = createLogger('plans', 'error');
  const temporal = connectTemporal(config.temporal);
  const identify: NonNullable<Deps['identify']> = (ctx) =>
    User.query(db)
      .findById(ctx.get(CALLER) || LOCAL_USER.id)
      .throwIfNotFound()
      .execute();
  const deps: Deps = {
    db,
    temporal,
    mediaStore: createMediaStore(config),
    config,
    log,
    identify,
    metrics: createMetrics(db),
  };
  const activities = createActivities({
    db,
    providers: { ...createProviders(config, db), ...instantProviders(0) },
    temporal,
    log,
    ffmpeg: null,
    scratchDir: dataDir,
    maxMediaSeconds: 3600,
    reextractionWindowMs: 1000,
  });
  const server = await startServer(createApp(deps), { host: '127.0.0.1', port: 0 });
  const member = await User.query(db).findOne({ email: BUSY }).throwIfNotFound();
  return {
    asking: async (n) => {
      const meetingId = idOf(n * 1000);
      const task = await Task.query(db).findOne({ meetingId }).throwIfNotFound();
      return {
        ...{ db, deps, meetingId, taskId: task.id, memberId: member.id },
        get: (path, as = '') => read(`http://127.0.0.1:${portOf(server)}${path}`, as),
        run: (verb, input) => {
          const environment = new MockActivityEnvironment({ attempt: 1 }, { logger: runtimeLog(log) });
          return environment.run(activities[verb] as (input: unknown) => Promise<unknown>, input);
        },
      };
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function read(url: string, as: string): Promise<void> {
  const answer = await fetch(url, { headers: { [CALLER]: as, Connection: 'close' } });
  const body = await answer.text();
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status} ${body}`);
}

/** As `fill` makes them. */
function idOf(m: number): string {
  const hash = createHash('md5').update(`m${m}`).digest('hex');
  return hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
