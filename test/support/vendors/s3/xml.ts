import type { Answer } from '../stand-in';

const TYPE = { 'Content-Type': 'application/xml', 'x-amz-request-id': 'STANDIN' };
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

const elements = (fields: Record<string, string>): string =>
  Object.entries(fields)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('');

/** 200 with one element of the given fields; `more` is XML already. */
export const xml = (root: string, fields: Record<string, string>, more = ''): Answer => ({
  status: 200,
  headers: TYPE,
  body: `${HEAD}<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${elements(fields)}${more}</${root}>`,
});

/** As S3 words it, with the details that it likes to quote. */
export const s3Error = (code: string, status: number, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { ...TYPE, ...headers },
  body: `${HEAD}<Error>${elements({
    Code: code,
    Message: `Message of ${code} for canary@example.com`,
    AWSAccessKeyId: 'AKIASTANDINEXAMPLE',
    RequestId: 'STANDIN',
    HostId: 'c3RhbmQtaW4=',
  })}</Error>`,
});
