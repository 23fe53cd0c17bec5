/** An answer is four levels deep; the vendor's envelope some more. */
const MAX_DEPTH = 60;

function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (quoted && character === '\\') at++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '{' || character === '[')) deepest = Math.max(deepest, ++depth);
    else if (!quoted && (character === '}' || character === ']')) depth--;
  }
  return deepest;
}

/** False for text that is nested so deep that walking through it could end the process. */
export const isShallow = (json: string): boolean => depthOf(json) <= MAX_DEPTH;

const FENCE = '```';

function unfenced(text: string): string {
  if (!text.startsWith(FENCE) || !text.endsWith(FENCE)) return text;
  return text.slice(Math.max(text.indexOf('\n'), FENCE.length), -FENCE.length);
}

/** The value, or undefined when the text is no JSON or nested too deep. A fence of Markdown around it is forgiven. */
export function parseJson(text: string): unknown {
  const bare = unfenced(text.trim());
  if (!isShallow(bare)) return undefined;
  try {
    return JSON.parse(bare) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
