import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../../../project-root';
import { ProviderError } from '../../../provider-error';
import type { SpeechTools } from '../../../tools';

/** A line that a child program says; `type` tells which. */
export type Message = { type: string } & Record<string, unknown>;

const SAID_CHARACTERS = 4_000;

/**
 * Runs one of the Python programs beside this file and hands over its messages in order, each awaited before the next
 * is read. The child ends when the signal aborts, or when this process is gone: its standard input closes then.
 * Throws ProviderError: what the child refused (final), or `speech-engine-failed` (retryable).
 */
export async function runChild(
  program: 'transcribe.py' | 'voices.py',
  request: object,
  options: { tools: SpeechTools; signal: AbortSignal },
  onMessage: (message: Message) => Promise<void> | void,
): Promise<void> {
  const script = path.join(projectRoot, 'src/providers/local/speech', program);
  const child = spawn(options.tools.python, ['-B', script, JSON.stringify(request)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: childEnvironment(options.tools),
    signal: options.signal,
    killSignal: 'SIGKILL',
  });
  let said = '';
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (said = (said + text).slice(-SAID_CHARACTERS)));
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  const ended = Promise.race([once(child, 'close'), failed]);
  try {
    await Promise.all([ended, readMessages(child.stdout, onMessage)]);
  } finally {
    child.kill('SIGKILL');
  }
  if (child.exitCode !== 0) throw engineFailed(said);
}

async function readMessages(
  stdout: NodeJS.ReadableStream,
  onMessage: (message: Message) => Promise<void> | void,
) {
  for await (const line of createInterface({ input: stdout })) {
    const message = JSON.parse(line) as Message;
    if (message.type === 'refused') throw refusal(message);
    await onMessage(message);
  }
}

/** Only what the programs need: no key of ours is theirs to see. A hub model finds its cache and proxy by the rest. */
function childEnvironment(tools: SpeechTools): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(HOME|PATH|TMPDIR|HF_\w+|\w+_proxy)$/i.test(name),
  );
  return { ...Object.fromEntries(kept), PYTHONPATH: tools.pythonPath, PYTHONUTF8: '1' };
}

function refusal(message: Message): ProviderError {
  return new ProviderError(String(message['code']), String(message['message']), { retryable: false });
}

function engineFailed(said: string): ProviderError {
  const last = said.trim().split('\n').at(-1) ?? '';
  return new ProviderError('speech-engine-failed', `The local speech engine ended: ${last}`, {
    retryable: true,
  });
}
