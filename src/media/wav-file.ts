import { open, type FileHandle } from 'node:fs/promises';

const HEADER_BYTES = 44;
const RATE = 16_000;

/** Writes 16 kHz mono 16-bit PCM as it comes; the header gets its lengths at the end. */
export class WavFile {
  private bytes = 0;

  private constructor(private readonly file: FileHandle) {}

  static async create(path: string): Promise<WavFile> {
    const file = await open(path, 'w');
    await file.write(header(0), 0, HEADER_BYTES, 0);
    return new WavFile(file);
  }

  async append(pcm: Buffer): Promise<void> {
    await this.file.write(pcm, 0, pcm.length, HEADER_BYTES + this.bytes);
    this.bytes += pcm.length;
  }

  async finish(): Promise<void> {
    await this.file.write(header(this.bytes), 0, HEADER_BYTES, 0);
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

function header(bytes: number): Buffer {
  const at = Buffer.alloc(HEADER_BYTES);
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
