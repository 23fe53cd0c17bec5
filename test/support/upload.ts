/** Uploads over real HTTP: as a browser sends them, and byte by byte as nobody should. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { Meeting } from '../../src/models/meeting';
import { Upload } from '../../src/models/upload';
import { User } from '../../src/models/user';
import type { TestApi } from './api';

/** What a recording begins with: an ID3 tag, then MPEG frames. */
const MP3_HEAD = Buffer.concat([
  Buffer.from('ID3\x04\x00\x00\x00\x00\x00\x00', 'latin1'),
  Buffer.from([0xff, 0xfb, 0x90, 0x64]),
]);

/** `bytes` bytes that pass for an MP3 file. */
export const mp3 = (bytes: number): Buffer =>
  Buffer.concat([MP3_HEAD, Buffer.alloc(Math.max(0, bytes - MP3_HEAD.length), 0x55)]).subarray(0, bytes);

export interface Answer {
  status: number;
  body: any;
  headers: Record<string, string | string[] | undefined>;
}

export interface Part {
  name?: string;
  fileName?: string;
  content: Buffer | string;
}

/** Fields first, then the file, as browsers send a form; `fieldsLast` turns that round. */
export async function upload(
  api: TestApi,
  file: { name: string; bytes: Buffer | string },
  fields: Record<string, string> = {},
  options: { fieldsLast?: boolean; as?: string } = {},
): Promise<Answer> {
  const parts: Part[] = Object.entries(fields).map(([name, content]) => ({ name, content }));
  const filePart = { name: 'file', fileName: file.name, content: file.bytes };
  const inOrder = options.fieldsLast ? [filePart, ...parts] : [...parts, filePart];
  return post(api, multipart(inOrder), options.as ? { 'X-Test-Caller': options.as } : {});
}

export const BOUNDARY = 'a-boundary-of-the-tests';

const quoted = (value: string) => value.replace(/"/g, '%22');

const disposition = ({ name, fileName }: Part) =>
  [
    'form-data',
    ...(name === undefined ? [] : [`name="${quoted(name)}"`]),
    ...(fileName === undefined ? [] : [`filename="${quoted(fileName)}"`]),
  ].join('; ');

export const multipart = (parts: Part[], end = `--${BOUNDARY}--\r\n`): Buffer =>
  Buffer.concat([
    ...parts.flatMap((part) => [
      Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: ${disposition(part)}\r\n\r\n`),
      Buffer.from(part.content),
      Buffer.from('\r\n'),
    ]),
    Buffer.from(end),
  ]);

/** Sends these bytes as the body. */
export async function post(
  api: TestApi,
  body: Buffer,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const { req, answer } = begin(api, { 'Content-Length': String(body.length), ...headers });
  req.end(body);
  return answer;
}

/** Opens the request and leaves the body to the caller. */
export function begin(
  api: Pick<TestApi, 'port'>,
  headers: Record<string, string> = {},
): { req: ClientRequest; answer: Promise<Answer> } {
  const req = request({
    host: '127.0.0.1',
    port: api.port,
    method: 'POST',
    path: '/upload',
    headers: { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}`, ...headers },
  });
  const answer = new Promise<Answer>((resolve, reject) => {
    req.once('error', reject);
    req.once('response', (response: IncomingMessage) => {
      const { statusCode: status = 0, headers: received } = response;
      json(response).then((body) => resolve({ status, body, headers: received }), reject);
    });
  });
  return { req, answer };
}

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Names of all files under the media directory, unfinished ones included. */
export function storedFiles(api: TestApi): string[] {
  const directory = path.join(api.deps.config.server.dataDir, 'media');
  if (!existsSync(directory)) return [];
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

/** How much there is of everything that an upload could leave behind. */
export const traces = async (api: TestApi) => ({
  files: storedFiles(api).length,
  uploads: await Upload.query(api.knex).resultSize(),
  meetings: await Meeting.query(api.knex).resultSize(),
  users: await User.query(api.knex).resultSize(),
});
