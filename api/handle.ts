/** Turns a route into Koa middleware: check the input, call the handler, check and send the reply. */
import type { Context, Middleware } from 'koa';
import Joi from 'joi';
import { readJson } from './body';
import { isKnown, weakTag } from './etag';
import { once } from './idempotency/once';
import { JsonText } from './json-text';
import type { AppState } from './middleware/state';
import type { Call, Deps, Reply, Route } from './route';
import { checked } from './validation';

type AnyCall = Call<object, object, unknown>;

const NOTHING = Joi.object({});

export function handle(route: Route, deps: Deps): Middleware<AppState> {
  return async (ctx) => {
    const call = {
      deps,
      caller: ctx.state.caller,
      requestId: ctx.state.requestId,
      koa: ctx,
      params: checked<object>(route.params ?? NOTHING, { ...ctx.params }, 'invalid-parameter', true),
      query: checked<object>(route.query ?? NOTHING, { ...ctx.query }, 'invalid-parameter', true),
    };
    const reply = await once(route, call, (claim) => answer(route, { ...call, claim }));
    // Only in tests: the check of a long transcript costs as much as all the rest of the answer.
    if (deps.config.environment === 'test') checkReply(route, reply);
    send(ctx, reply);
  };
}

async function answer(route: Route, call: Omit<AnyCall, 'body'>): Promise<Reply> {
  const { claim, koa } = call;
  const body = await bodyOf(route, koa);
  if (!route.rawBody) claim.match(body);
  if (!route.rawBody && claim.answer) return claim.answer;
  return route.handler({ ...call, body } as Call<never, never, never>);
}

async function bodyOf(route: Route, ctx: Context): Promise<unknown> {
  if (route.rawBody || route.method === 'GET') return undefined;
  return checked(route.body ?? NOTHING, await readJson(ctx), 'invalid-body', false);
}

/** Our own mistake when it throws: a status or a shape that the route does not promise. */
function checkReply(route: Route, { status, body }: Reply): void {
  const spec = route.responses[status];
  if (!spec) throw new Error(`${route.method} ${route.path} does not promise a ${status}`);
  if (!spec.schema) return;
  const { error } = spec.schema.validate(JSON.parse(JSON.stringify(body)), {
    convert: false,
    presence: 'required',
  });
  if (error) throw new Error(`${route.method} ${route.path} answered another shape: ${error.message}`);
}

function send(ctx: Context, { status, body, headers = {}, conditional }: Reply): void {
  ctx.status = status;
  for (const [name, value] of Object.entries(headers)) ctx.set(name, value);
  if (conditional) sendUnlessKnown(ctx, JsonText.write(body as object));
  else if (body !== undefined) ctx.body = body;
}

/** Browsers may keep it, and must ask each time whether it is still true. */
function sendUnlessKnown(ctx: Context, json: Buffer): void {
  const tag = weakTag(json);
  ctx.set({ ETag: tag, 'Cache-Control': 'private, no-cache' });
  if (isKnown(ctx, tag)) {
    ctx.status = 304;
    return;
  }
  ctx.body = json;
  ctx.type = 'application/json';
}
