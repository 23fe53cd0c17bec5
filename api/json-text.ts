/** JSON that Postgres has written: a long list needs to be parsed, presented and written again by nobody. */
export class JsonText {
  constructor(private readonly text: string) {}

  /** For whoever needs the values after all. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }

  /** The body as JSON in UTF-8. Fields that are JSON already come last, as they are. */
  static write(body: object): Buffer {
    const fields = Object.entries(body);
    const written = fields.filter(([, value]) => value instanceof JsonText) as [string, JsonText][];
    const plain = fields.filter(([, value]) => !(value instanceof JsonText));
    const rest = JSON.stringify(Object.fromEntries(plain));
    const texts = written.flatMap(([name, { text }], at) => [
      `${at > 0 || rest !== '{}' ? ',' : ''}${JSON.stringify(name)}:`,
      text,
    ]);
    return encoded([rest.slice(0, -1), ...texts, '}']);
  }
}

/** One after the other, with no string of all of them: what may be long would be garbage twice. */
function encoded(parts: string[]): Buffer {
  const bytes = Buffer.allocUnsafe(parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0));
  let end = 0;
  for (const part of parts) end += bytes.write(part, end);
  return bytes;
}
