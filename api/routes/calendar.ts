import Joi from 'joi';
import type { Context } from 'koa';
import { CalendarEventRow } from '../../src/models/calendar-event';
import { Delivery } from '../../src/models/delivery';
import { fallBehind, Task } from '../../src/models/task';
import { User } from '../../src/models/user';
import type { CalendarConsent } from '../../src/ports';
import { ProviderError } from '../../src/provider-error';
import { arrive, depart, STATE_LIFE_S } from '../consent-state';
import { AppError } from '../errors';
import { route, type Call, type Deps } from '../route';
import { tellTaskChanged } from '../tell-temporal';

const COOKIE = 'calendar_consent';
const CALLBACK = 'calendar/callback';

/** What consent needs. @throws AppError `calendar-not-configured` when users have nothing to connect */
function configured({ config, calendarConsent }: Deps): { consent: CalendarConsent; tokenKey: string } {
  const signIn = config.calendar.google?.signIn;
  if (!calendarConsent || signIn?.kind !== 'per-user') {
    throw new AppError('calendar-not-configured', 'Calendars are not connected one by one on this server.');
  }
  return { consent: calendarConsent, tokenKey: signIn.tokenKey };
}

/** Where Google sends people back to: as registered with its client. */
const callbackUrl = ({ config }: Deps): URL =>
  new URL(CALLBACK, `${config.server.publicUrl.replace(/\/$/, '')}/`);

/** Lax: the way back is a navigation from Google's page. Set by hand: Koa refuses `Secure` behind a proxy. */
function cookie(url: URL, value: string, lifeS: number): string {
  const secure = url.protocol === 'https:' ? '; Secure' : '';
  return `${COOKIE}=${value}; Path=${url.pathname}; Max-Age=${lifeS}; HttpOnly; SameSite=Lax${secure}`;
}

async function connect({ deps, caller }: Call<object, object, object>) {
  const { consent, tokenKey } = configured(deps);
  const { state, secret } = depart(caller.id, tokenKey);
  const callback = callbackUrl(deps);
  const headers = { 'Set-Cookie': cookie(callback, secret, STATE_LIFE_S) };
  return { status: 200, headers, body: { url: consent.pageFor(state, callback.href) } };
}

interface Arrival {
  state?: string;
  code?: string;
  error?: string;
}

async function callback({ deps, query, koa }: Call<object, Arrival, object>) {
  const { consent, tokenKey } = configured(deps);
  const here = callbackUrl(deps);
  const secret = secretIn(koa);
  const { userId } = await arrive(deps.db, { state: query.state ?? '', secret }, tokenKey);
  if (!query.code) {
    throw new AppError('calendar-consent-refused', 'Nothing was granted, so nothing is connected.');
  }
  const grant = await redeem(() => consent.redeem(query.code as string, here.href, userId));
  const waiting = await keep(deps, userId, grant);
  await Promise.all(waiting.map((taskId) => tellTaskChanged(deps, taskId)));
  const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Set-Cookie': cookie(here, '', 0) };
  return { status: 200, headers, body: CONNECTED };
}

const CONNECTED =
  '<!doctype html><html lang="en"><title>Calendar connected</title><p>Your calendar is connected. You can close this page.</p></html>\n';

const secretIn = (koa: Context): string => koa.cookies.get(COOKIE) ?? '';

/** @throws AppError in words for the person who is looking at the answer */
async function redeem(call: () => Promise<Buffer>): Promise<Buffer> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.retryable)
      throw new AppError('service-unavailable', error.message, [], { 'Retry-After': '30' });
    const refused = error.code === 'calendar-consent-refused';
    throw new AppError(refused ? 'calendar-consent-refused' : 'calendar-not-configured', error.message);
  }
}

/** Stores the grant, and what waited for it falls behind: `TaskSync` makes it good, now or through the sweep. */
function keep(deps: Deps, userId: string, grant: Buffer): Promise<string[]> {
  return User.transaction(deps.db, async (trx) => {
    const kept = await User.query(trx)
      .findById(userId)
      .patch({ calendarGrant: grant, updatedAt: new Date() });
    if (kept === 0) throw new AppError('calendar-state-invalid', 'This user does not exist any more.');
    const ordered = Delivery.query(trx).select('task_id').where({ userId, channel: 'calendar' });
    const entered = CalendarEventRow.query(trx).select('task_id').where({ userId }).whereNull('removed_at');
    const waiting = await Task.query(trx)
      .where((either) => {
        void either.whereIn('id', ordered).orWhereIn('id', entered);
      })
      .patch(fallBehind())
      .returning('id')
      .execute();
    return waiting.map(({ id }) => id);
  });
}

async function disconnect({ deps, caller }: Call<object, object, object>) {
  await User.query(deps.db).findById(caller.id).patch({ calendarGrant: null, updatedAt: new Date() });
  return { status: 204 };
}

export const calendarRoutes = [
  route({
    method: 'GET',
    path: '/calendar/connect',
    operationId: 'connectCalendar',
    tag: 'calendar',
    summary: 'Where the caller lets us write to their calendar; open it in the browser that asked',
    responses: {
      200: {
        description: 'A page of Google’s, and a cookie that the way back needs',
        schema: Joi.object({ url: Joi.string().uri() }),
        headers: ['Set-Cookie'],
      },
    },
    handler: connect,
  }),
  route({
    method: 'GET',
    path: '/calendar/callback',
    operationId: 'completeCalendarConsent',
    tag: 'calendar',
    summary: 'The way back from that page',
    public: true,
    // Google adds what it likes: scope, authuser, prompt and more.
    query: Joi.object<Arrival>({
      state: Joi.string().max(500),
      code: Joi.string().max(2000),
      error: Joi.string().max(200),
    }).unknown(),
    responses: { 200: { description: 'A page that says so', contentType: 'text/html' } },
    handler: callback,
  }),
  route({
    method: 'DELETE',
    path: '/calendar',
    operationId: 'disconnectCalendar',
    tag: 'calendar',
    summary: 'Forgets what the caller granted; entries stay where they are',
    responses: { 204: { description: 'Forgotten' } },
    handler: disconnect,
  }),
];
