/** What a file is, from its first bytes. Signatures only: whether it can be decoded, ffmpeg finds out later. */
import path from 'node:path';
import type { TranscriptKind } from '../../src/domain/transcript-files';

export type Kind = { media: string } | { transcript: TranscriptKind };

/** So many bytes are looked at; the codec names of a WebM file lie within. */
export const HEAD_BYTES = 4096;

const at = (head: Buffer, offset: number, bytes: string): boolean =>
  head.subarray(offset, offset + bytes.length).equals(Buffer.from(bytes, 'latin1'));
const has = (head: Buffer, bytes: string): boolean => head.includes(Buffer.from(bytes, 'latin1'));

/** A frame header with a layer, a bit rate and a sampling rate that exist (ISO 11172-3, 2.4.2.3). */
const isMpegAudio = (head: Buffer): boolean =>
  head[0] === 0xff &&
  ((head[1] ?? 0) & 0xe0) === 0xe0 &&
  ((head[1] ?? 0) & 0x18) !== 0x08 &&
  ((head[1] ?? 0) & 0x06) !== 0 &&
  ((head[2] ?? 0xff) & 0xf0) !== 0xf0 &&
  ((head[2] ?? 0xff) & 0x0c) !== 0x0c;

/** AAC in ADTS frames: like MPEG audio, with a layer of 0. */
const isAdts = (head: Buffer): boolean => head[0] === 0xff && ((head[1] ?? 0) & 0xf6) === 0xf0;

/** The brand tells sound from moving pictures (ISO 14496-12, 4.3). */
function mp4Type(head: Buffer): string {
  const brand = head.toString('latin1', 8, 12);
  if (/^(M4A|M4B|F4A)/.test(brand)) return 'audio/mp4';
  if (brand === 'qt  ') return 'video/quicktime';
  return brand.startsWith('3g') ? 'video/3gpp' : 'video/mp4';
}

/** Matroska names its codecs near the start: `V_…` is a picture. */
function matroskaType(head: Buffer): string {
  const family = /V_(VP8|VP9|AV1|MPEG|THEORA|MS)/.test(head.toString('latin1')) ? 'video' : 'audio';
  return `${family}/${has(head, 'webm') ? 'webm' : 'x-matroska'}`;
}

const SIGNATURES: [matches: (head: Buffer) => boolean, type: string | ((head: Buffer) => string)][] = [
  [(head) => at(head, 0, 'ID3'), 'audio/mpeg'],
  [(head) => at(head, 4, 'ftyp'), mp4Type],
  [(head) => at(head, 0, '\x1a\x45\xdf\xa3'), matroskaType],
  [(head) => at(head, 0, 'OggS'), (head) => (has(head, '\x80theora') ? 'video/ogg' : 'audio/ogg')],
  [(head) => /^(RIFF|RF64)$/.test(head.toString('latin1', 0, 4)) && at(head, 8, 'WAVE'), 'audio/wav'],
  [(head) => at(head, 0, 'RIFF') && at(head, 8, 'AVI '), 'video/x-msvideo'],
  [(head) => at(head, 0, 'fLaC'), 'audio/flac'],
  [(head) => at(head, 0, '#!AMR'), 'audio/amr'],
  [(head) => at(head, 0, 'FORM') && at(head, 8, 'AIF'), 'audio/aiff'],
  [(head) => at(head, 0, 'caff'), 'audio/x-caf'],
  [(head) => at(head, 0, '\x30\x26\xb2\x75\x8e\x66\xcf\x11'), 'video/x-ms-asf'],
  [(head) => at(head, 0, '\x00\x00\x01\xba'), 'video/mpeg'],
  [isAdts, 'audio/aac'],
  [isMpegAudio, 'audio/mpeg'],
];

const TRANSCRIPTS: Record<string, TranscriptKind> = {
  '.vtt': 'vtt',
  '.srt': 'srt',
  '.txt': 'txt',
  '.json': 'json',
};

/** Documents and programs that would pass for text, or carry somebody else's extension. */
const NO_TRANSCRIPT = /^\s*(<(!doctype|html|head|body|svg|\?xml|script)|%PDF-|PK\x03\x04|\x7fELF|#!|MZ)/i;

const startsWithByteOrderMark = (head: Buffer): boolean =>
  at(head, 0, '\xef\xbb\xbf') || at(head, 0, '\xff\xfe') || at(head, 0, '\xfe\xff');

/** What `head`, the first `HEAD_BYTES` of a file, says; null = nothing that we take. */
export function sniff(head: Buffer, fileName: string): Kind | null {
  const transcript = TRANSCRIPTS[path.extname(fileName).toLowerCase()];
  if (transcript && startsWithByteOrderMark(head)) return { transcript };
  if (at(head, 0, 'WEBVTT') || at(head, 0, '\xef\xbb\xbfWEBVTT')) return { transcript: 'vtt' };
  const signature = SIGNATURES.find(([matches]) => matches(head));
  if (signature) return { media: typeof signature[1] === 'string' ? signature[1] : signature[1](head) };
  const looksForeign = NO_TRANSCRIPT.test(head.toString('latin1', 0, 200)) || head.includes(0);
  return transcript && !looksForeign ? { transcript } : null;
}
