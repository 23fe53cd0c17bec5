import type { SeenRequest } from '../stand-in';

export interface Part {
  name: string;
  filename: string | null;
  type: string | null;
  body: Buffer;
}

/** The parts of a multipart/form-data body, read strictly; throws on anything that RFC 7578 does not know. */
export function partsOf({ headers, body }: SeenRequest): Part[] {
  const boundary = /^multipart\/form-data; *boundary="?([^";]+)"?$/.exec(headers['content-type'] ?? '')?.[1];
  if (!boundary) throw new Error('no multipart/form-data with a boundary');
  const text = body.toString('latin1');
  if (!text.trimEnd().endsWith(`--${boundary}--`)) throw new Error('the last boundary is missing');
  return text
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => partOf(part));
}

function partOf(part: string): Part {
  const split = part.indexOf('\r\n\r\n');
  const head = part.slice(0, split);
  const name = /name="([^"]*)"/.exec(head)?.[1];
  if (split < 0 || name === undefined) throw new Error('a part without a name');
  return {
    name,
    filename: /filename="([^"]*)"/.exec(head)?.[1] ?? null,
    type: /content-type: *(\S+)/i.exec(head)?.[1] ?? null,
    body: Buffer.from(part.slice(split + 4, -2), 'latin1'),
  };
}
