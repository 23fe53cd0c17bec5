/** Where multer puts the file (its `StorageEngine`): straight into the media store, in constant memory. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { addAbortSignal, Readable } from 'node:stream';
import {
  MalformedTranscript,
  parseTranscript,
  type ParsedTranscript,
  type TranscriptKind,
} from '../../src/domain/transcript-files';
import type { StoredObject } from '../../src/ports';
import type { LeasedObject } from './lease';
import { AppError } from '../errors';
import { HEAD_BYTES, sniff } from './sniff';

/** Transcripts are read whole: a day of talk has a fifth of this. */
const MAX_TRANSCRIPT_BYTES = 20_000_000;

export type ReceivedFile = { name: string } & StoredObject &
  ({ media: { contentType: string; key: string } } | { transcript: ParsedTranscript });

/** What multer hands over; its published types leave out the stream. */
interface IncomingFile {
  originalname: string;
  stream: Readable;
}

type Done = (error: unknown, info?: object) => void;

export interface Target {
  /** Takes a recording. */
  object: Pick<LeasedObject, 'put'>;
  signal: AbortSignal;
}

/** Takes one file. `settled` resolves when nothing is being written any more, whatever became of it. */
export class UploadEngine {
  file: ReceivedFile | null = null;
  settled: Promise<void> = Promise.resolve();

  /** `onFailure` hears of it at once, while multer still reads the rest of the body. */
  constructor(
    private readonly target: Target,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  _handleFile(_req: IncomingMessage, file: IncomingFile, done: Done): void {
    this.settled = this.take(file.stream, file.originalname).then(
      (received) => {
        this.file = received;
        done(null, {});
      },
      (error: unknown) => {
        this.onFailure(error);
        done(error);
      },
    );
  }

  /** What is stored of a failed upload is removed with its lease. */
  _removeFile(_req: IncomingMessage, _file: IncomingFile, done: Done): void {
    done(null);
  }

  private async take(stream: Readable, name: string): Promise<ReceivedFile> {
    // At the limit busboy just ends the stream: without this a shortened file would be taken for a whole one.
    stream.once('limit', () => stream.destroy(tooLarge()));
    // Ends a read that waits for bytes which never come.
    addAbortSignal(this.target.signal, stream);
    const { head, whole } = await splitHead(stream);
    if (head.length === 0) throw new AppError('empty-file', 'The file has no bytes.');
    const kind = sniff(head, name);
    if (kind === null) {
      stream.destroy();
      throw new AppError(
        'unsupported-media-type',
        'The file is neither audio nor video nor a transcript (.vtt, .srt, .txt, .json).',
      );
    }
    if ('transcript' in kind) return { name, ...(await readTranscript(whole, kind.transcript)) };
    const { object, signal } = this.target;
    const { key, ...stored } = await object.put(whole, { contentType: kind.media, signal });
    return { name, ...stored, media: { contentType: kind.media, key } };
  }
}

export const tooLarge = (): AppError => new AppError('file-too-large', 'The file is larger than we take.');

/** At least the first `HEAD_BYTES` where there are as many, and a stream of everything, them included. */
async function splitHead(stream: Readable): Promise<{ head: Buffer; whole: Readable }> {
  let head = Buffer.alloc(0);
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    head = Buffer.concat([head, chunk as Buffer]);
    if (head.length < HEAD_BYTES) continue;
    stream.unshift(head);
    return { head, whole: stream };
  }
  return { head, whole: Readable.from([head], { objectMode: false }) };
}

async function readTranscript(stream: Readable, kind: TranscriptKind) {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_TRANSCRIPT_BYTES) throw new AppError('file-too-large', 'A transcript has at most 20 MB.');
    chunks.push(chunk);
  }
  try {
    const file = Buffer.concat(chunks);
    const sha256 = createHash('sha256').update(file).digest('hex');
    return { bytes, sha256, transcript: parseTranscript(file, kind) };
  } catch (error) {
    if (!(error instanceof MalformedTranscript)) throw error;
    throw new AppError('malformed-transcript', error.message);
  }
}
