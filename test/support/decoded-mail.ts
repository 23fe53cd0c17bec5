import { simpleParser, type AddressObject } from 'mailparser';
import type { SentMail } from './contracts/mailer';

const addressesOf = (to: AddressObject | AddressObject[] | undefined) =>
  [to ?? []].flat().flatMap(({ value }) => value.map(({ name, address = '' }) => ({ name, email: address })));

/** A mail as its reader sees it. */
export async function decodedMail(raw: Buffer): Promise<SentMail> {
  const { headerLines, to, subject = '', text = '', html } = await simpleParser(raw);
  const headers = headerLines.map(({ key, line }) => [key, unfolded(line)]);
  return {
    headers: Object.fromEntries(headers) as Record<string, string>,
    to: addressesOf(to),
    subject,
    text,
    html: html || '',
  };
}

const unfolded = (line: string) =>
  line
    .slice(line.indexOf(':') + 1)
    .replace(/\r?\n\s+/g, ' ')
    .trim();
