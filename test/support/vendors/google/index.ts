/** Google on loopback: Calendar v3 and the token service. */
import { StandIn, type Answer, type SeenRequest } from '../stand-in';
import { EVENTS, TOKEN_PATH, violationsOf } from './contract';
import { TokenService } from './token-service';

export { CLIENT, keyFile, SCOPE, tokenError } from './token-service';

type GoogleEvent = Record<string, any> & { id: string; status: string; etag: string };

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=UTF-8', ...headers },
  body: JSON.stringify(body),
});

/** An error as the calendar words it. */
export const apiError = (status: number, reason: string, headers: Record<string, string> = {}): Answer =>
  json(
    status,
    {
      error: {
        code: status,
        message: 'canary message for ben@example.com',
        errors: [{ domain: 'calendar', reason, message: 'canary message' }],
      },
    },
    headers,
  );

export class GoogleStandIn extends StandIn {
  readonly tokens: TokenService;
  /** Calendars that are shared with the service account. */
  readonly shared: Set<string>;
  private readonly calendars: Map<string, Map<string, GoogleEvent>>;

  constructor() {
    const tokens = new TokenService();
    const shared = new Set<string>();
    const calendars = new Map<string, Map<string, GoogleEvent>>();
    const calendar = new CalendarService(tokens, shared, calendars);
    super({
      check: violationsOf,
      answer: (request) => (request.path === TOKEN_PATH ? tokens.answer(request) : calendar.answer(request)),
    });
    this.tokens = tokens;
    this.shared = shared;
    this.calendars = calendars;
  }

  get tokenUrl(): string {
    return this.url + TOKEN_PATH;
  }

  /** Nothing stands on any calendar. */
  empty(): void {
    this.calendars.clear();
  }

  /** What stands on a calendar: of a person by e-mail address, or a shared one by its id. */
  events(calendar: string): GoogleEvent[] {
    return this.everything(calendar).filter(({ status }) => status !== 'cancelled');
  }

  /** Deleted ones included. */
  everything(calendar: string): GoogleEvent[] {
    return [...(this.calendars.get(calendar)?.values() ?? [])];
  }

  /** Its owner deletes an entry by hand. */
  deleteByHand(calendar: string, eventId: string): void {
    this.calendars.get(calendar)!.get(eventId)!.status = 'cancelled';
  }

  /** `POST`, `GET` and so on, of the calendar only. */
  calls(): string[] {
    return this.ledger.filter(({ path }) => path !== TOKEN_PATH).map(({ method }) => method);
  }

  tokenCalls(): number {
    return this.ledger.filter(({ path }) => path === TOKEN_PATH).length;
  }
}

class CalendarService {
  private changes = 0;

  constructor(
    private readonly tokens: TokenService,
    private readonly shared: Set<string>,
    private readonly calendars: Map<string, Map<string, GoogleEvent>>,
  ) {}

  answer(request: SeenRequest): Answer {
    const who = this.tokens.whoseAccess(request.headers.authorization);
    if (who === undefined) return apiError(401, 'authError');
    const [violation] = violationsOf(request);
    if (violation !== undefined) return apiError(400, 'invalid');
    const [, name, id] = EVENTS.exec(request.path)!.map((part) => part && decodeURIComponent(part));
    if (name !== 'primary' && !this.shared.has(name!)) return apiError(404, 'notFound');
    const events = this.calendarOf(name === 'primary' ? who : name!);
    if (request.method === 'POST') return this.insert(events, JSON.parse(request.body.toString()));
    const event = events.get(id!);
    if (!event) return apiError(404, 'notFound');
    if (request.method === 'GET') return json(200, event);
    if (event.status === 'cancelled') return apiError(request.method === 'DELETE' ? 410 : 403, 'deleted');
    if (request.method === 'PATCH') return this.patch(event, JSON.parse(request.body.toString()));
    event.status = 'cancelled';
    return { status: 204 };
  }

  private calendarOf(name: string): Map<string, GoogleEvent> {
    const events = this.calendars.get(name) ?? new Map<string, GoogleEvent>();
    this.calendars.set(name, events);
    return events;
  }

  private insert(events: Map<string, GoogleEvent>, body: GoogleEvent): Answer {
    if (events.has(body.id)) return apiError(409, 'duplicate');
    const event = { kind: 'calendar#event', ...body, status: 'confirmed', etag: this.nextEtag() };
    events.set(body.id, event);
    return json(200, event);
  }

  /** Patches one level into `start` and `end`: null takes a field away, what is not named stays. */
  private patch(event: GoogleEvent, body: Record<string, any>): Answer {
    for (const name of ['start', 'end'].filter((name) => body[name])) {
      const at = Object.entries({ ...event[name], ...body[name] }).filter(([, value]) => value !== null);
      body[name] = Object.fromEntries(at);
      if (body[name].date && body[name].dateTime) return apiError(400, 'invalid');
    }
    Object.assign(event, body, { etag: this.nextEtag() });
    return json(200, event);
  }

  private nextEtag(): string {
    return `"${++this.changes}"`;
  }
}
