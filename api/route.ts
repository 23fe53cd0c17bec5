/** A route is a value: what is served, validated, documented and checked all read the same list. */
import type { Client } from '@temporalio/client';
import type Joi from 'joi';
import type { Knex } from 'knex';
import type { Context } from 'koa';
import type { Transaction } from 'objection';
import type { Config } from '../src/config';
import type { Logger } from '../src/log';
import type { IdempotencyKey } from '../src/models/idempotency-key';
import type { User } from '../src/models/user';
import type { CalendarConsent, MediaStore } from '../src/ports';
import type { Metrics } from './metrics/metrics';
import type { RequestHeader, ResponseHeader } from './openapi/headers';

/** Everything that the api touches. Handed in, so that tests and the embedded stack bring their own. */
export interface Deps {
  db: Knex;
  temporal: Client;
  mediaStore: MediaStore;
  /** Absent or null = users can't connect calendars of their own. */
  calendarConsent?: CalendarConsent | null;
  config: Config;
  log: Logger;
  metrics: Metrics;
  /** Facts for `/readyz`, e.g. `{ffmpeg: '9.0.2'}`. */
  facts?: Record<string, string>;
  /** Says who calls; absent = as `middleware/caller.ts` does. For tests. */
  identify?: (ctx: Context) => Promise<User>;
  /** Aborted when the process stops: what waits gives up. */
  stopping?: AbortSignal;
}

/** What a handler gets: checked input, the caller, and the raw request for what is not JSON. */
export interface Call<Params, Query, Body> {
  deps: Deps;
  caller: User;
  params: Params;
  query: Query;
  body: Body;
  requestId: string;
  claim: Claim;
  /** The Koa context, for headers and streams. */
  koa: Context;
}

/** What an `idempotent` handler does about the request's `Idempotency-Key`; without one it makes no difference. */
export interface Claim {
  /** Given before under this key: to be given again, and nothing to be made, when `match` does not throw. */
  readonly answer: Reply | null;
  /**
   * Says what is asked for; `handle.ts` does so for JSON.
   * @throws AppError `idempotency-key-reused` when the earlier request asked for something else
   */
  match(content: unknown): void;
  /** Writes the answer down, in the transaction that makes the rows: both are there or neither. */
  keep(trx: Transaction, answer: Reply, shown?: ShownRows): Promise<void>;
}

/** Whose content an answer shows: what was kept of it goes when they do. */
export type ShownRows = Partial<Pick<IdempotencyKey, 'meetingId' | 'madeUserId'>>;

export interface Reply {
  status: number;
  /** A plain value is sent as JSON; a stream or a buffer as it is, with the `Content-Type` of `headers`. */
  body?: unknown;
  headers?: Record<string, string>;
  /** The JSON gets a weak ETag; a client that knows it already gets 304 instead. */
  conditional?: true;
}

export interface ResponseSpec {
  description: string;
  /** Shape of the JSON body. Absent = no body, or one that is not JSON. */
  schema?: Joi.Schema;
  /** Of what is not JSON. */
  contentType?: string | readonly string[];
  /** Shape of the JSON in the `data` of server-sent events. */
  eventData?: Joi.Schema;
  headers?: ResponseHeader[];
}

/** Chapters of the API document, in its order. */
export const TAGS = [
  'meetings',
  'pipeline',
  'tasks',
  'search',
  'users',
  'calendar',
  'webhooks',
  'system',
] as const;

export interface RouteSpec<Params, Query, Body> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `:name` for parameters; each needs a schema in `params`. */
  path: string;
  /** Unique, and there to stay: what generated clients call it. */
  operationId: string;
  tag: (typeof TAGS)[number];
  summary: string;
  /** More of it, in Markdown. */
  description?: string;
  /** Anyone may call it; `caller` is not there. Only for health checks and the like. */
  public?: true;
  /** Only admins may call it, also while Postgres is away; `caller` is not there. */
  admins?: true;
  /** A `ticket` in the query may stand in for the caller, who is then not there (`media-ticket.ts`). */
  byTicket?: true;
  params?: Joi.ObjectSchema<Params>;
  /** Absent = query parameters are refused. */
  query?: Joi.ObjectSchema<Query>;
  /** What it heeds of the request; `idempotent` says its own. */
  headers?: RequestHeader[];
  /** JSON; an absent body counts as `{}`. */
  body?: Joi.ObjectSchema<Body>;
  /** The handler reads and checks the body from `koa.req` itself; `schema` describes it. */
  rawBody?: { contentType: string; schema: Joi.Schema };
  /** Takes an `Idempotency-Key`: the handler keeps its answer with `claim`. */
  idempotent?: true;
  responses: Record<number, ResponseSpec>;
  handler(call: Call<Params, Query, Body>): Promise<Reply>;
}

/** A route whose input types are erased: the list is of these. */
export type Route = RouteSpec<never, never, never>;

/** Ties the handler's types to the schemas. */
export const route = <Params = object, Query = object, Body = object>(
  spec: RouteSpec<Params, Query, Body>,
): Route => spec as unknown as Route;
