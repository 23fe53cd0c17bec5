/** JSON that Postgres has written: a long list needs to be parsed, presented and written again by nobody. */
export class JsonText {
  constructor(private readonly text: string) {}

  /** For whoever needs the values after all. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }

  /** The body as JSON. Fields that are JSON already come last, as they are. */
  static write(body: object): string {
    const fields = Object.entries(body);
    const written = fields.filter(([, value]) => value instanceof JsonText) as [string, JsonText][];
    const rest = JSON.stringify(
      Object.fromEntries(fields.filter(([, value]) => !(value instanceof JsonText))),
    );
    const texts = written.map(([name, { text }]) => `${JSON.stringify(name)}:${text}`);
    const [first = '', ...others] = [rest.slice(1, -1), ...texts].filter((part) => part !== '');
    // `join` would copy what may be long.
    return `{${others.reduce((joined, part) => `${joined},${part}`, first)}}`;
  }
}
