/** Holds answers of the api against its own document. */
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { TestApi } from './api';

type Answer = Awaited<ReturnType<TestApi['send']>>;

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
    const [method, path] = operation.split(' ') as [string, string];
    const told = this.document.paths[path]?.[method.toLowerCase()];
    if (!told) return [`${operation} is not in the document`];
    const key = status in told.responses ? String(status) : 'default';
    this.seen.add(`${operation} ${key}`);
    const type = headers.get('Content-Type')?.split(';')[0] ?? null;
    const { content = {}, headers: promised = {} } =
      key === 'default' ? this.document.components.responses.Problem : told.responses[key];
    const missing = ['Location', 'ETag'].filter((name) => name in promised && !headers.has(name));
    if (type === null) return [...missing, ...Object.keys(content)];
    if (!(type in content)) return [`${operation} ${status}: ${type} is not promised`];
    if (!type.endsWith('json') || !content[type].schema) return missing;
    const where =
      key === 'default'
        ? ['components', 'responses', 'Problem']
        : ['paths', path, method.toLowerCase(), 'responses', key];
    return [...missing, ...this.violations([...where, 'content', type, 'schema'], body)];
  }

  /** What a value has against the schema at a place of the document. */
  violations(place: string[], value: unknown): string[] {
    const pointer = place.map((key) => encodeURIComponent(key.replace(/~/g, '~0').replace(/\//g, '~1')));
    const check = this.ajv.compile({ $ref: `api#/${pointer.join('/')}` });
    if (check(value)) return [];
    return check.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
  }
}
