import type { calendar_v3 } from 'googleapis/build/src/apis/calendar';
import type { Account, Credentials } from './accounts';
import { boundedFetch, Refusal } from './bounded-fetch';
import { badAnswer } from './failures';
import { google, unwrapped } from './library';

/** A token that ends within this time is not used any more. */
const SOON_MS = 60_000;
/** How long one is used whose end is not told; Google's last an hour. */
const UNTOLD_MS = 5 * 60_000;

interface Known {
  token: string;
  untilMs: number;
}

/** Access tokens, kept in memory until shortly before they end. */
export class AccessTokens {
  private readonly known = new Map<string, Known>();

  async of(account: Account, fetchImplementation: typeof fetch): Promise<string> {
    const now = Date.now();
    const usable = this.known.get(account.id);
    if (usable && usable.untilMs > now) return usable.token;
    const fresh = knownFrom(await account.signIn(fetchImplementation), now);
    for (const [id, { untilMs }] of this.known) if (untilMs <= now) this.known.delete(id);
    this.known.set(account.id, fresh);
    return fresh.token;
  }

  forget(account: Account): void {
    this.known.delete(account.id);
  }
}

function knownFrom({ access_token: token, expiry_date: endMs }: Credentials, now: number): Known {
  if (!token) throw badAnswer();
  return { token, untilMs: typeof endMs === 'number' ? endMs - SOON_MS : now + UNTOLD_MS };
}

export interface SessionOptions {
  tokens: AccessTokens;
  baseUrl: string | null;
  tokenUrl: string | null;
  /** Time for one request and its answer. */
  callMs: number;
  /** Ends whatever is under way. */
  signal: AbortSignal;
}

/** Calls in the name of one account. */
export class Session {
  constructor(
    readonly account: Account,
    private readonly options: SessionOptions,
  ) {}

  /**
   * The data of the answer. A token that is refused is replaced once.
   * @throws Refusal of the calendar, ProviderError for everything else
   */
  async call<T>(ask: (events: calendar_v3.Resource$Events) => Promise<{ data: T }>): Promise<T> {
    try {
      return await this.callOnce(ask);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 401) throw error;
      this.options.tokens.forget(this.account);
      return this.callOnce(ask);
    }
  }

  private async callOnce<T>(ask: (events: calendar_v3.Resource$Events) => Promise<{ data: T }>): Promise<T> {
    const accessToken = await this.options.tokens.of(this.account, this.fetch());
    const { auth, calendar } = google();
    const client = new auth.OAuth2();
    // Nothing to refresh it with: the library would do so on a 403, too.
    client.setCredentials({ access_token: accessToken });
    const { events } = calendar({
      version: 'v3',
      auth: client,
      ...(this.options.baseUrl !== null && { rootUrl: this.options.baseUrl }),
      fetchImplementation: this.fetch(),
      retry: false,
    });
    return (await unwrapped(() => ask(events))).data;
  }

  private fetch(): typeof fetch {
    const { signal, callMs, tokenUrl } = this.options;
    return boundedFetch(AbortSignal.any([signal, AbortSignal.timeout(callMs)]), tokenUrl);
  }
}
