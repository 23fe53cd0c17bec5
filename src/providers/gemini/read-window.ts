import type { Participant } from '../../domain/meeting';
import type { ProviderError } from '../../provider-error';
import { checkAnswer, type Checked } from './answer';
import { merge, nothing, together, type Found } from './found';
import type { Ground } from './grounding';
import type { Line } from './lines';
import type { Model } from './model';
import { badResponse, blocked } from './problems';
import { promptFor, repairPrompt, type Prompt } from './prompt';
import type { Reply } from './reply';
import { halves } from './windows';

/** A window is cut to no less than a sixteenth. */
const MAX_HALVINGS = 4;

/** What one extraction works with. */
export interface Reader {
  model: Model;
  participants: Participant[];
  instructions: string | null;
  signal: AbortSignal;
}

export interface WindowReading {
  found: Found;
  rejected: number;
  /** The lines that an answer covers. */
  read: Line[];
  /** Why the others were not read. */
  refusals: ProviderError[];
}

const unread = (problem: ProviderError): WindowReading => ({
  found: nothing(),
  rejected: 0,
  read: [],
  refusals: [problem],
});

export const join = (one: WindowReading, other: WindowReading): WindowReading => ({
  found: merge(one.found, other.found),
  rejected: one.rejected + other.rejected,
  read: [...one.read, ...other.read],
  refusals: [...one.refusals, ...other.refusals],
});

/**
 * Reads one window: asks, repairs once, asks for less when the answer does not fit. What the model refuses to read is
 * left out and said.
 * @throws ProviderError when the call failed, or nothing like an answer came even after the repair
 */
export async function readWindow(reader: Reader, window: Line[], halvings = 0): Promise<WindowReading> {
  const { prompt, reply } = await askForWindow(reader, window);
  switch (reply.kind) {
    case 'text':
      return accept(reader, window, prompt, reply.text);
    case 'recitation':
      return unread(blocked('RECITATION'));
    case 'refused':
      return unread(reply.problem);
    case 'too-long':
    case 'too-slow':
      return readHalves(reader, window, halvings, reply.problem);
  }
}

async function readHalves(
  reader: Reader,
  window: Line[],
  halvings: number,
  problem: ProviderError,
): Promise<WindowReading> {
  const cut = halvings < MAX_HALVINGS ? halves(window) : null;
  if (cut) {
    const first = await readWindow(reader, cut[0], halvings + 1);
    return join(first, await readWindow(reader, cut[1], halvings + 1));
  }
  if (problem.retryable) throw problem;
  return unread(problem);
}

/** Once more in other words when the model stopped for fear of reciting somebody's text. */
async function askForWindow(reader: Reader, window: Line[]): Promise<{ prompt: Prompt; reply: Reply }> {
  const { model, instructions, signal } = reader;
  const prompt = promptFor(window, instructions, { paraphrase: false });
  const reply = await model.ask(prompt, signal);
  if (reply.kind !== 'recitation') return { prompt, reply };
  const paraphrased = promptFor(window, instructions, { paraphrase: true });
  return { prompt: paraphrased, reply: await model.ask(paraphrased, signal) };
}

async function accept(
  reader: Reader,
  window: Line[],
  prompt: Prompt,
  answer: string,
): Promise<WindowReading> {
  const ground: Ground = {
    lines: new Map(window.map((line) => [line.number, line])),
    participants: reader.participants,
  };
  const first = checkAnswer(answer, ground);
  const violations = first ? first.violations : ['it is not one JSON object in the given schema'];
  if (first && violations.length === 0) return readingOf(window, first.sound, first.rejected);
  const reply = await reader.model.ask(repairPrompt(prompt, answer, violations), reader.signal);
  return afterRepair(window, first, reply.kind === 'text' ? checkAnswer(reply.text, ground) : null);
}

const readingOf = (read: Line[], found: Found, rejected: number): WindowReading => ({
  found,
  rejected,
  read,
  refusals: [],
});

/** No third round: the sound items of both answers stay, and of the last also what a person must look at. */
function afterRepair(window: Line[], first: Checked | null, second: Checked | null): WindowReading {
  const last = second ?? first;
  if (!last) throw badResponse('twice with something that is no extraction');
  const kept = together(last.sound, last.doubtful);
  return readingOf(window, first && second ? merge(first.sound, kept) : kept, last.rejected);
}
