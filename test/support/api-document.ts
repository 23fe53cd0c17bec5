/** Holds answers of the api against its own document. */
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { TestApi } from './api';

type Answer = Awaited<ReturnType<TestApi['send']>>;

interface Event {
  type: string;
  [field: string]: unknown;
}

export class ApiDocument {
  private readonly ajv = new Ajv({ strict: false, allErrors: true });
  /** What was answered so far, as `method path status`; for a problem `default`. */
  readonly seen = new Set<string>();

  constructor(private readonly document: any) {
    addFormats(this.ajv);
    this.ajv.addSchema(document, 'api');
  }

  /**
   * What the answer has against the document, in words; `[]` = it is as described.
   * @param operation - e.g. `GET /tasks/{id}`
   */
  against(operation: string, { status, headers, body }: Answer): string[] {
    const { key, place, spec } = this.promised(operation, status);
    this.seen.add(`${operation} ${key}`);
    const { content = {}, headers: named = {} } = spec;
    const missing = ['Location', 'ETag'].filter((name) => name in named && !headers.has(name));
    const type = headers.get('Content-Type')?.split(';')[0];
    if (type === undefined) return [...missing, ...Object.keys(content)];
    if (!(type in content)) return [...missing, `${type} is not promised`];
    const isChecked = type.endsWith('json') && content[type].schema;
    return [...missing, ...(isChecked ? this.violations([...place, 'content', type, 'schema'], body) : [])];
  }

  /** What the document says of this status, and where. */
  private promised(operation: string, status: number) {
    const [method, path] = operation.split(' ') as [string, string];
    const place = ['paths', path, method.toLowerCase(), 'responses', String(status)];
    const spec = this.document.paths[path][method.toLowerCase()].responses[status];
    if (spec) return { key: String(status), place, spec };
    const { Problem } = this.document.components.responses;
    return { key: 'default', place: ['components', 'responses', 'Problem'], spec: Problem };
  }

  /** What a value has against the schema at a place of the document. */
  violations(place: string[], value: unknown): string[] {
    const pointer = place.map((key) => encodeURIComponent(key.replace(/~/g, '~0').replace(/\//g, '~1')));
    const check = this.ajv.compile({ $ref: `api#/${pointer.join('/')}` });
    if (check(value)) return [];
    return check.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
  }

  /** What is streamed of a meeting from its beginning, until that is enough. */
  async eventsUntil(
    apiUrl: string,
    meetingId: string,
    isEnough: (said: Event[]) => boolean,
  ): Promise<Event[]> {
    const answer = await fetch(`${apiUrl}/meeting/${meetingId}/events`);
    const { status, headers } = answer;
    const wrong = this.against('GET /meeting/{meetingId}/events', { status, headers, body: '' });
    if (status !== 200 || wrong.length > 0)
      throw new Error(`no stream as described: ${status} ${wrong.join()}`);
    let text = '';
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const said = [...text.matchAll(/^data: (.*)\n/gm)].map(([, data]) => JSON.parse(data!) as Event);
      if (isEnough(said)) return said;
    }
    throw new Error(`the stream ended: ${text}`);
  }
}
