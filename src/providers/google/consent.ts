import type { GoogleSettings, GoogleSignIn } from '../../config/calendar';
import type { CalendarConsent } from '../../ports';
import { oauthClient, refusedAs } from './accounts';
import { boundedFetch, type Refusal } from './bounded-fetch';
import { CHECK_CLIENT, consentRefused, refusedByTokenService } from './failures';
import { sealGrant } from './grant';
import { SCOPE } from './library';

const REDEEM_MS = 15_000;
/** Either allows what we do; the wider one includes the other. */
const ENOUGH = [SCOPE, 'https://www.googleapis.com/auth/calendar'];

/** Each user lets us write to their calendar, on a page of Google's. */
export class GoogleConsent implements CalendarConsent {
  private readonly client: GoogleSignIn & { kind: 'per-user' };

  constructor(private readonly settings: GoogleSettings) {
    if (settings.signIn.kind !== 'per-user') throw new TypeError('there is nothing to consent to');
    this.client = settings.signIn;
  }

  /** `consent` and `offline`: only a consent that is asked for anew brings a refresh token. */
  pageFor(state: string, redirectUri: string): string {
    const page = new URL(this.settings.authUrl);
    const question = {
      client_id: this.client.clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: SCOPE,
      access_type: 'offline',
      prompt: 'consent',
      state,
    };
    for (const [name, value] of Object.entries(question)) page.searchParams.set(name, value);
    return page.href;
  }

  async redeem(code: string, redirectUri: string, userId: string): Promise<Buffer> {
    const { tokenUrl } = this.settings;
    const bounded = boundedFetch(AbortSignal.timeout(REDEEM_MS), tokenUrl);
    const client = oauthClient(this.client, tokenUrl, bounded);
    const { tokens } = await refusedAs(meaningOf, () => client.getToken({ code, redirect_uri: redirectUri }));
    // Google's page lets people untick what they do not want.
    if (
      typeof tokens.scope === 'string' &&
      !tokens.scope.split(' ').some((scope) => ENOUGH.includes(scope))
    ) {
      throw consentRefused();
    }
    if (!tokens.refresh_token) throw consentRefused();
    return sealGrant(tokens.refresh_token, userId, this.client.tokenKey);
  }
}

const meaningOf = (refusal: Refusal): Error =>
  refusal.reason === 'invalid_grant' ? consentRefused() : refusedByTokenService(refusal, CHECK_CLIENT);
