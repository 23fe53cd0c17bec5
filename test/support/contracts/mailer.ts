import { randomUUID } from 'node:crypto';
import type { Mail, Mailer } from '../../../src/ports';

export interface MailerUnderTest {
  mailer: Mailer;
  /** What the provider was given so far, as header lines (unfolded) and everything decoded. */
  sent(): Promise<SentMail[]>;
}

export interface SentMail {
  headers: Record<string, string>;
  to: { name: string; email: string }[];
  subject: string;
  text: string;
  html: string;
}

export const aMail = (change: Partial<Mail> = {}): Mail => ({
  deliveryId: randomUUID(),
  taskId: randomUUID(),
  kind: 'assigned',
  to: { name: 'Ben Müller', email: 'ben@example.com' },
  subject: 'Your task: Send the budget',
  text: 'Hello Ben, “by Friday” – größer',
  html: '<p>Hello Ben</p>',
  ...change,
});

/** What every `Mailer` promises, as tests. */
export function mailerContract(name: string, make: () => Promise<MailerUnderTest>): void {
  describe(`${name} as a mailer`, () => {
    let mailer: Mailer;
    let sent: MailerUnderTest['sent'];
    beforeEach(async () => ({ mailer, sent } = await make()));

    it('carries the texts, the recipient and our ids', async () => {
      const mail = aMail({ kind: 'reminder' });
      await mailer.send(mail);
      const [got] = await sent();
      expect(got).toMatchObject({
        to: [{ name: 'Ben Müller', email: 'ben@example.com' }],
        subject: mail.subject,
        headers: { 'x-delivery-id': mail.deliveryId, 'x-task-id': mail.taskId, 'x-kind': 'reminder' },
      });
      expect(got!.text.trim()).toBe(mail.text);
      expect(got!.html.trim()).toBe(mail.html);
    });

    it('keeps a long subject in many scripts', async () => {
      const subject = `Your task: ${'größer 会議 🎉 '.repeat(20)}end`;
      await mailer.send(aMail({ subject }));
      expect((await sent())[0]!.subject).toBe(subject);
    });

    it.each(['x\r\nBcc: all@example.com', 'x\nBcc: all@example.com', 'x\rBcc: all@example.com'])(
      'lets no text add a header: %j',
      async (hostile) => {
        const to = { name: hostile, email: 'ben@example.com' };
        await mailer.send(aMail({ to, subject: hostile, text: hostile }));
        const [got] = await sent();
        expect(got!.headers).not.toHaveProperty('bcc');
        expect(got!.to.map(({ email }) => email)).toEqual(['ben@example.com']);
      },
    );

    it.each(['a@example.com, b@example.com', 'a@example.com\r\nBcc: b@example.com', 'nobody', '<a@b.c>'])(
      'refuses the recipient %j for good',
      async (email) => {
        await expect(mailer.send(aMail({ to: { name: 'Ben', email } }))).rejects.toMatchObject({
          name: 'ProviderError',
          code: 'invalid-recipient',
          retryable: false,
          outcome: 'rejected',
        });
        expect(await sent()).toEqual([]);
      },
    );
  });
}
