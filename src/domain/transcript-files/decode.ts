import { MalformedTranscript } from './types';

const UNREADABLE = new MalformedTranscript(
  'The file is not text: it is neither UTF-8 nor UTF-16 with a byte order mark.',
);
/** Text has hardly any control characters; a binary file that happens to be valid UTF-8 is full of them. */
const MAX_CONTROL_SHARE = 0.05;

function encodingOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

function strictly(bytes: Buffer): string {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    throw UNREADABLE;
  }
}

/** The file's text with `\n` as line ends, without a byte order mark. Throws MalformedTranscript. */
export function decode(bytes: Buffer): string {
  const decoded = strictly(bytes);
  const controls = decoded.match(/[\u0000-\u0008\u000e-\u001f\u007f]/g)?.length ?? 0;
  if (controls > decoded.length * MAX_CONTROL_SHARE) throw UNREADABLE;
  return decoded.replace(/\r\n?/g, '\n');
}
