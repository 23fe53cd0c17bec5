import type { MailDataRequired } from '@sendgrid/mail';
import { DELIVERY_ARGUMENT } from '../../domain/delivery/mail-report';
import type { Mail } from '../../ports';

/** Line breaks and other control characters have no place in a header, whoever writes it. */

const oneLine = (words: string): string => words.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();

/**
 * A mail in the client's words. The arguments hold an id alone: SendGrid keeps them for years. Nothing is tracked:
 * tracking would rewrite the text and make links in it.
 */
export function messageOf(mail: Mail, from: { name: string; email: string }): MailDataRequired {
  return {
    from,
    subject: oneLine(mail.subject),
    personalizations: [
      {
        to: [{ name: oneLine(mail.to.name), email: mail.to.email }],
        // Typed as an object here only; at the level of the message SendGrid's description says string.
        customArgs: { [DELIVERY_ARGUMENT]: mail.deliveryId },
      },
    ],
    // The client sends these as headers of its HTTP request, too: ids and a word, no harm.
    headers: { 'X-Delivery-Id': mail.deliveryId, 'X-Task-Id': mail.taskId, 'X-Kind': mail.kind },
    // In this order: RFC 2046 wants the plainest first, and SendGrid insists.
    content: [
      { type: 'text/plain', value: mail.text },
      { type: 'text/html', value: mail.html },
    ],
    trackingSettings: {
      clickTracking: { enable: false, enableText: false },
      openTracking: { enable: false },
    },
  };
}
