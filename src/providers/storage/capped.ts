import { Readable } from 'node:stream';

/** No answer that is not a recording comes near this. */
const MAX_ANSWER_BYTES = 20_000_000;

class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';
}

/** The same bytes; an `AnswerTooLarge` as soon as there are more than any honest answer has. */
export const capped = (body: Readable): Readable => Readable.from(limited(body), { objectMode: false });

async function* limited(body: Readable): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new AnswerTooLarge();
    yield chunk;
  }
}
