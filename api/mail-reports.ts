/** Reports of the mail provider, entered into the ledger. */
import type { Knex } from 'knex';
import type { Transaction } from 'objection';
import {
  DELIVERY_ARGUMENT,
  fateAfter,
  REPORTED_EVENTS,
  type MailReport,
  type ReportedEvent,
} from '../src/domain/delivery/mail-report';
import { Delivery } from '../src/models/delivery';
import { MailEvent } from '../src/models/mail-event';
import { lockDelivery, settleDelivery } from '../src/models/settle-delivery';

interface Report extends MailReport {
  sgEventId: string;
  deliveryId: string;
  at: Date;
  messageId: string | null;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const PRINTABLE = /^[\x21-\x7e]{1,200}$/;
/** The first part of `sg_message_id` is what `mail/send` has answered as `X-Message-Id`. */
const MESSAGE_ID = /^[\w-]{1,100}/;

/** The reports about our mails among whatever was sent; the rest is not ours to judge. */
export const reportsIn = (events: readonly unknown[]): Report[] =>
  events.flatMap((event) => reportOf(event) ?? []);

function reportOf(event: unknown): Report | null {
  if (typeof event !== 'object' || event === null) return null;
  const fields = event as Record<string, unknown>;
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : '');
  const [kind, sgEventId, deliveryId] = [text('event'), text('sg_event_id'), text(DELIVERY_ARGUMENT)];
  if (!isReported(kind) || !PRINTABLE.test(sgEventId) || !UUID.test(deliveryId)) return null;
  return {
    event: kind,
    blocked: text('type') === 'blocked',
    sgEventId,
    deliveryId: deliveryId.toLowerCase(),
    at: momentOf(fields.timestamp),
    messageId: MESSAGE_ID.exec(text('sg_message_id'))?.[0] ?? null,
  };
}

const isReported = (word: string): word is ReportedEvent =>
  (REPORTED_EVENTS as readonly string[]).includes(word);

/** Unix seconds; what is no moment happened now. */
function momentOf(seconds: unknown): Date {
  const isMoment = typeof seconds === 'number' && seconds > 0 && seconds < 1e11;
  return isMoment ? new Date(seconds * 1000) : new Date();
}

/** Enters each report once. Those about mails that we do not know, or no longer, are passed over. */
export async function enterReports(db: Knex, reports: readonly Report[]): Promise<void> {
  const ids = [...new Set(reports.map(({ deliveryId }) => deliveryId))];
  const known = await Delivery.query(db).findByIds(ids).where({ channel: 'email' }).select('id');
  for (const { id } of known) {
    const about = reports.filter(({ deliveryId }) => deliveryId === id);
    await Delivery.transaction(db, (trx) => enter(trx, id, about));
  }
}

async function enter(trx: Transaction, id: string, reports: Report[]): Promise<void> {
  for (const report of reports) {
    const delivery = await lockDelivery(trx, id);
    if (!delivery || !(await MailEvent.record(trx, report))) continue;
    const fate = fateAfter(delivery, report);
    const providerMessageId = delivery.providerMessageId ?? report.messageId;
    if (fate) await settleDelivery(trx, delivery, { ...fate, providerMessageId });
  }
}
