import { spawn } from 'node:child_process';
import { ProviderError } from '../provider-error';
import { readReport, type MediaReport } from './ffmpeg-report';
import { AUDIO_DECODERS, DEMUXERS } from './formats';
import { PCM_BYTES_PER_MS } from './wav-file';

/** Address space in KiB: ten times what an ordinary file needs. */
const MEMORY_LIMIT_KIB = 2_000_000;
/** Sound decodes a hundred times faster than it plays; a file that needs longer than this is an attack. */
const CPU_LIMIT_SECONDS = 900;
const TIME_LIMIT_MS = 30 * 60_000;
/** The shell's exit code when there is no such program. */
const NO_PROGRAM = 127;
const REPORT_CHARACTERS = 20_000;

export interface DecodeOptions {
  /** Path of the ffmpeg program. */
  ffmpeg: string;
  fromMs?: number;
  /** Decoding stops after so much sound. */
  maxSeconds: number;
  signal?: AbortSignal;
}

export interface Decoded {
  report: MediaReport;
  durationMs: number;
}

/**
 * Decodes the first audio stream to 16 kHz mono PCM and hands it over piece by piece, in order, waiting for each.
 * ffmpeg writes into a pipe of ours, so it ends when this process is gone, even killed.
 * Throws ProviderError `media-undecodable` or `no-audio-track` (both not retryable), `decoder-stopped` (retryable).
 */
export async function decode(
  file: string,
  options: DecodeOptions,
  onPcm: (pcm: Buffer) => Promise<void> | void,
): Promise<Decoded> {
  const child = spawn('/bin/sh', ['-c', underLimits, options.ffmpeg, ...decodeArguments(file, options)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {},
    timeout: TIME_LIMIT_MS,
    killSignal: 'SIGKILL',
    ...(options.signal && { signal: options.signal }),
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (said.length < REPORT_CHARACTERS) said += text;
  });
  const ended = new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('close', resolve),
  );
  const bytes = await Promise.all([ended, drain(child.stdout, onPcm)]).then(
    ([code, length]) => ({ code, length }),
    (error: unknown) => {
      child.kill('SIGKILL');
      throw error;
    },
  );
  const report = readReport(said);
  refuseUnlessHeard(bytes.code, bytes.length, report);
  return { report, durationMs: Math.floor(bytes.length / PCM_BYTES_PER_MS) };
}

// macOS can't limit address space; the other limits stand there too.
const underLimits = `ulimit -v ${MEMORY_LIMIT_KIB} 2>/dev/null; ulimit -t ${CPU_LIMIT_SECONDS}; exec "$0" "$@"`;

function decodeArguments(file: string, { fromMs = 0, maxSeconds }: DecodeOptions): string[] {
  const lists = ['-format_whitelist', DEMUXERS.join(','), '-codec_whitelist', AUDIO_DECODERS.join(',')];
  const from = fromMs > 0 ? ['-ss', (fromMs / 1000).toFixed(3)] : [];
  const input = ['-protocol_whitelist', 'file', ...lists, ...from, '-i', `file:${file}`];
  const only = ['-vn', '-sn', '-dn', '-map', '0:a:0', '-t', String(maxSeconds)];
  const output = ['-ac', '1', '-ar', '16000', '-f', 's16le', 'pipe:1'];
  return ['-hide_banner', '-nostdin', '-nostats', ...input, ...only, ...output];
}

async function drain(
  stdout: AsyncIterable<Buffer>,
  onPcm: (pcm: Buffer) => Promise<void> | void,
): Promise<number> {
  let bytes = 0;
  for await (const pcm of stdout) {
    bytes += pcm.length;
    await onPcm(pcm);
  }
  return bytes;
}

function refuseUnlessHeard(code: number | null, bytes: number, report: MediaReport): void {
  if (code === null)
    throw new ProviderError('decoder-stopped', 'ffmpeg was stopped: out of time', { retryable: true });
  if (code === NO_PROGRAM) {
    throw new ProviderError('ffmpeg-missing', 'No ffmpeg: set FFMPEG_PATH to its path', { retryable: false });
  }
  if (report.opened && report.codec === null) {
    throw new ProviderError('no-audio-track', 'The file has no sound track', { retryable: false });
  }
  // Also when over two thirds of the packets are broken: ffmpeg's own limit.
  if (code !== 0) throw undecodable('The file can not be decoded as sound');
  if (bytes === 0) throw undecodable('The sound track of the file is empty');
}

export function undecodable(message: string): ProviderError {
  return new ProviderError('media-undecodable', message, { retryable: false });
}
