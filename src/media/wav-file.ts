import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

export const WAV_HEADER_BYTES = 44;
/** 16 kHz, mono, 16 bit. */
export const PCM_BYTES_PER_MS = 32;
const RATE = 16_000;

/** Writes 16 kHz mono 16-bit PCM as it comes; the header gets its lengths at the end. */
export class WavFile {
  private bytes = 0;

  private constructor(private readonly file: FileHandle) {}

  static async create(path: string): Promise<WavFile> {
    const file = await open(path, 'w');
    await file.write(header(0), 0, WAV_HEADER_BYTES, 0);
    return new WavFile(file);
  }

  async append(pcm: Buffer): Promise<void> {
    await this.file.write(pcm, 0, pcm.length, WAV_HEADER_BYTES + this.bytes);
    this.bytes += pcm.length;
  }

  async finish(): Promise<void> {
    await this.file.write(header(this.bytes), 0, WAV_HEADER_BYTES, 0);
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

/** Writes the sound from `startMs` to `endMs` of a WAV file of ours as another, to the sample. */
export async function sliceWav(wavPath: string, out: string, startMs: number, endMs: number): Promise<void> {
  const at = (ms: number) => WAV_HEADER_BYTES + ms * PCM_BYTES_PER_MS;
  const wav = await WavFile.create(out);
  try {
    for await (const pcm of createReadStream(wavPath, { start: at(startMs), end: at(endMs) - 1 })) {
      await wav.append(pcm as Buffer);
    }
    await wav.finish();
  } finally {
    await wav.close();
  }
}

function header(bytes: number): Buffer {
  const at = Buffer.alloc(WAV_HEADER_BYTES);
  at.write('RIFF', 0);
  at.writeUInt32LE(36 + bytes, 4);
  at.write('WAVEfmt ', 8);
  at.writeUInt32LE(16, 16);
  at.writeUInt16LE(1, 20);
  at.writeUInt16LE(1, 22);
  at.writeUInt32LE(RATE, 24);
  at.writeUInt32LE(RATE * 2, 28);
  at.writeUInt16LE(2, 32);
  at.writeUInt16LE(16, 34);
  at.write('data', 36);
  at.writeUInt32LE(bytes, 40);
  return at;
}
