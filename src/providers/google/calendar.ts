import type { calendar_v3 } from 'googleapis/build/src/apis/calendar';
import type { GoogleSettings } from '../../config/calendar';
import type { CalendarPeople } from '../../models/calendar-people';
import type { Turns } from '../../models/turns';
import type { Calendar, CalendarEvent } from '../../ports';
import { OneByOne } from '../one-by-one';
import { accountsOf, type Accounts } from './accounts';
import { Refusal } from './bounded-fetch';
import { changesOf, googleEvent, isOurs } from './event';
import { busy, idUsed, notConnected, refusedByCalendar } from './failures';
import { AccessTokens, Session } from './session';

/** One request and its answer. */
const CALL_MS = 10_000;
/** All of a write, its turn included: a removal and a put fit into the minute that the activity has. */
const WRITE_MS = 25_000;

type Put = { etag: string | null };
/** Nobody is told: the owner has their mail from us. */
const QUIETLY = { sendUpdates: 'none' } as const;

/**
 * Google Calendar. Each entry has an id of our own and is looked up first, so that a call whose answer was lost is
 * repeated without harm. Writes to one calendar happen one after the other, since Google limits those: in this process
 * they queue, and the first of the queue takes turns with other processes.
 */
export class GoogleCalendar implements Calendar {
  readonly provider = 'google';
  private readonly tokens = new AccessTokens();
  private readonly writes = new OneByOne();
  private readonly accounts: Accounts;

  constructor(
    private readonly settings: GoogleSettings,
    people: CalendarPeople,
    private readonly turns: Turns,
    private readonly times = { callMs: CALL_MS, writeMs: WRITE_MS },
  ) {
    this.accounts = accountsOf(settings, people);
  }

  /** @throws ProviderError `calendar-event-id-used` when the entry was deleted by hand: its id can't be used again */
  async put(userId: string, event: CalendarEvent): Promise<Put> {
    const put = await this.write(userId, async (session) => {
      const there = await find(session, event.eventId);
      return there ? change(session, there, event) : create(session, event);
    });
    if (!put) throw notConnected();
    return put;
  }

  async remove(userId: string, eventId: string): Promise<void> {
    await this.write(userId, (session) => remove(session, eventId));
  }

  /** null = there is no such user any more, hence nothing of theirs to write to. */
  private async write<T>(userId: string, work: (session: Session) => Promise<T>): Promise<T | null> {
    const account = await this.accounts(userId);
    if (!account) return null;
    const { baseUrl, tokenUrl } = this.settings;
    const { callMs, writeMs } = this.times;
    const signal = AbortSignal.timeout(writeMs);
    const latestStart = performance.now() + writeMs - callMs;
    const session = new Session(account, { tokens: this.tokens, baseUrl, tokenUrl, callMs, signal });
    return this.writes.run(account.id, async () => {
      // What begins has time for one answer.
      const waitMs = latestStart - performance.now();
      const giveBack = waitMs > 0 ? await this.turns.take(account.id, { waitMs, holdMs: writeMs }) : null;
      if (!giveBack) throw busy();
      try {
        return await work(session);
      } catch (error) {
        throw error instanceof Refusal ? refusedByCalendar(error) : error;
      } finally {
        await giveBack();
      }
    });
  }
}

/** What to do instead when the calendar answers with one of these. */
async function unless<T, U>(
  statuses: number[],
  call: Promise<T>,
  instead: () => U | Promise<U>,
): Promise<T | U> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Refusal && statuses.includes(error.status)) return instead();
    throw error;
  }
}

const usedUp = (): never => {
  throw idUsed();
};

/** The entry, or null. One that was deleted may still be there, as `cancelled`. */
function find(session: Session, eventId: string): Promise<calendar_v3.Schema$Event | null> {
  const { calendarId } = session.account;
  const asked = session.call((events) => events.get({ calendarId, eventId }));
  return unless([404], unless([410], asked, usedUp), () => null);
}

/** 409: the entry came into being between our question and now, or its id is taken by one that is gone. */
async function create(session: Session, event: CalendarEvent): Promise<Put> {
  const { calendarId } = session.account;
  const requestBody = { id: event.eventId, ...googleEvent(event) };
  const inserted = session.call((events) => events.insert({ calendarId, ...QUIETLY, requestBody }));
  return unless([409], inserted.then(stamped), async () => {
    const there = await find(session, event.eventId);
    return there ? change(session, there, event) : usedUp();
  });
}

async function change(session: Session, there: calendar_v3.Schema$Event, event: CalendarEvent): Promise<Put> {
  if (!isOurs(there, event)) throw idUsed();
  const requestBody = changesOf(there, event);
  if (!requestBody) return stamped(there);
  const { calendarId } = session.account;
  const { eventId } = event;
  const patched = session.call((events) => events.patch({ calendarId, eventId, ...QUIETLY, requestBody }));
  return stamped(await unless([404, 410], patched, usedUp));
}

const stamped = ({ etag }: calendar_v3.Schema$Event): Put => ({ etag: etag ?? null });

/** Gone already is as good. */
async function remove(session: Session, eventId: string): Promise<void> {
  const { calendarId } = session.account;
  const removed = session.call((events) => events.delete({ calendarId, eventId, ...QUIETLY }));
  await unless([404, 410], removed, () => undefined);
}
