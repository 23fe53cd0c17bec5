import { erasureOf, noteGone, remainsOf } from '../src/models/erasure';
import type { ActivityDeps } from './deps';
import { withHeartbeat } from './heartbeat';

/** Removes what the mailer keeps of a deleted meeting's mails. What it delivered is its recipients' and stays listed. */
export async function forgetMails({ db, providers }: ActivityDeps, meetingId: string): Promise<void> {
  const { mailer } = providers;
  const mails = await remainsOf(db, await erasureOf(db, meetingId), 'mails');
  if (!mailer.forget) return;
  await withHeartbeat({ phase: 'forgetting', mails: mails.length }, async () => {
    for (const mail of mails) {
      await mailer.forget?.(mail.ref);
      await noteGone(db, mail);
    }
  });
}
