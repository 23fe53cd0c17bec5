import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { postgresAddress } from './address';

const at = (query: string, caFile: string | null = null) =>
  postgresAddress(`postgres://me:secret@db.example.com:5432/meetings${query}`, { caFile });

describe('a Postgres address', () => {
  it.each(['require', 'prefer', 'verify-ca', 'verify-full'])(
    'with sslmode=%s verifies the certificate',
    (mode) => {
      expect(at(`?sslmode=${mode}`).ssl).toEqual({ rejectUnauthorized: true });
    },
  );

  it('is plain when nothing or `disable` is said', () => {
    expect(at('').ssl).toBe(false);
    expect(at('?sslmode=disable').ssl).toBe(false);
  });

  it('loses what would override our TLS settings, and keeps the rest', () => {
    const { connectionString } = at('?sslmode=require&channel_binding=require&options=project%3Dx');
    expect(connectionString).toBe('postgres://me:secret@db.example.com:5432/meetings?options=project%3Dx');
  });

  it('binds the password to the channel when that is asked for', () => {
    expect(at('?sslmode=require&channel_binding=require').enableChannelBinding).toBe(true);
    expect(at('?sslmode=require').enableChannelBinding).toBe(false);
  });

  it('trusts the given certificates, and switches TLS on for them', () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'meeting-ca-'));
    const caFile = path.join(directory, 'ca.pem');
    writeFileSync(caFile, 'certificates');
    expect(at('', caFile).ssl).toEqual({ rejectUnauthorized: true, ca: 'certificates' });
    expect(at(`?sslrootcert=${caFile}`).ssl).toMatchObject({ ca: 'certificates' });
    rmSync(directory, { recursive: true });
  });

  it('names a certificate file that is not there', () => {
    expect(() => at('', '/nowhere/ca.pem')).toThrow('/nowhere/ca.pem');
  });
});
