import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { aMail, mailerContract, type SentMail } from '../../../test/support/contracts/mailer';
import { decodedMail } from '../../../test/support/decoded-mail';
import { LocalMailer } from './mailer';

const directories: string[] = [];

async function scratch(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'mailer-'));
  directories.push(directory);
  return directory;
}

afterAll(() => Promise.all(directories.map((directory) => rm(directory, { recursive: true }))));

async function mailsIn(directory: string): Promise<SentMail[]> {
  const names = await readdir(directory);
  return Promise.all(names.map(async (name) => decodedMail(await readFile(path.join(directory, name)))));
}

mailerContract('the outbox directory', async () => {
  const directory = await scratch();
  return { mailer: new LocalMailer(directory), sent: () => mailsIn(directory) };
});

describe('the local mailer', () => {
  it('writes one file per delivery, however often it is sent, under one Message-ID', async () => {
    const directory = await scratch();
    const mail = aMail();
    const first = await new LocalMailer(directory).send(mail);
    expect(await new LocalMailer(directory).send(mail)).toEqual(first);
    expect(await readdir(directory)).toEqual([`${mail.deliveryId}.eml`]);
    const [written] = await mailsIn(directory);
    expect(written!.headers['message-id']).toBe(first.providerMessageId);
    expect(written!.headers.from).toContain('Meetings');
    expect(written!.headers['content-type']).toMatch(/^multipart\/alternative/);
  });

  it('writes lines as RFC 5322 asks: CR LF, at most 998 characters', async () => {
    const directory = await scratch();
    const mail = aMail({ text: 'long '.repeat(2000), html: `<p>${'x'.repeat(5000)}</p>` });
    await new LocalMailer(directory).send(mail);
    const raw = await readFile(path.join(directory, `${mail.deliveryId}.eml`), 'utf8');
    expect(raw).not.toMatch(/[^\r]\n/);
    expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
  });

  it('refuses an id that would be a path', async () => {
    const directory = await scratch();
    const send = new LocalMailer(directory).send(aMail({ deliveryId: '../outside' }));
    await expect(send).rejects.toThrow(RangeError);
    expect(await readdir(directory)).toEqual([]);
  });

  it('says that it may be tried again when the outbox can not be written', async () => {
    const file = path.join(await scratch(), 'taken');
    await writeFile(file, '');
    await expect(new LocalMailer(file).send(aMail())).rejects.toMatchObject({
      code: 'storage-unavailable',
      retryable: true,
      outcome: 'rejected',
    });
  });
});
