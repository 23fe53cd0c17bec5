/** What a report of the mail provider means for the ledger. */

/** What our id is called among the arguments of a mail: they come back with every report about it. */
export const DELIVERY_ARGUMENT = 'delivery_id';

/** SendGrid's delivery events; what readers do with a mail is none of our business. */
export const REPORTED_EVENTS = ['processed', 'deferred', 'delivered', 'bounce', 'dropped'] as const;
export type ReportedEvent = (typeof REPORTED_EVENTS)[number];

export interface MailReport {
  event: ReportedEvent;
  /** A bounce says `blocked` when the recipient's server refused this mail, not the address. */
  blocked: boolean;
}

interface Fate {
  state: 'pending' | 'sending' | 'sent' | 'failed' | 'unknown';
  error: { code: string; message: string } | null;
}

const LOST = {
  bounce: { code: 'mail-bounced', message: 'The mail came back: check the e-mail address of the owner.' },
  blocked: {
    code: 'mail-blocked',
    message:
      'The mail server of the owner refused this mail. Tell the owner in another way, or send it again.',
  },
  dropped: {
    code: 'mail-dropped',
    message: 'SendGrid did not send it: the address is on a suppression list there, or was no address.',
  },
};

const IS_LOST = Object.values(LOST).map(({ code }) => code);

/**
 * The fate after a report, or null when it changes nothing. Reports come late, twice and in any order, so the order
 * lies in what they say: a lost mail stays lost (a bounce may follow a delivery by hours, and its `processed` may
 * follow it by minutes); everything else proves that SendGrid took the mail, whatever we believed.
 */
export function fateAfter(fate: Fate, report: MailReport): Fate | null {
  if (fate.state === 'failed' && IS_LOST.includes(fate.error?.code ?? '')) return null;
  const lost = report.event === 'bounce' || report.event === 'dropped' ? report.event : null;
  if (lost)
    return { state: 'failed', error: lost === 'bounce' && report.blocked ? LOST.blocked : LOST[lost] };
  return fate.state === 'sent' ? null : { state: 'sent', error: null };
}
