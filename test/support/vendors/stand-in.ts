/** A vendor on loopback: checks every request against the vendor's contract and misbehaves on command. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

export interface SeenRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** `performance.now()` when the whole request was there. */
  atMs: number;
  /** The status that it was answered with; null = none was. */
  status: number | null;
}

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/** What happens to the next request instead of the ordinary answer. */
export type Misbehaviour =
  | { answer: Answer }
  /** The ordinary answer, later. */
  | { delayMs: number }
  /** The ordinary answer, one byte at a time. */
  | { dripMs: number }
  /** The ordinary answer, cut off after so many bytes of its body although its length was promised. */
  | { cutAfterBytes: number }
  /** The request is taken and acted upon; then the connection is reset. */
  | { reset: true }
  /** Nothing ever comes. */
  | { hang: true }
  /** A body without end. */
  | { flood: true };

export interface Vendor {
  /** What the vendor would say; it acts upon the request here. */
  answer(request: SeenRequest): Answer | Promise<Answer>;
  /** Everything about the request that the vendor's contract forbids. */
  check(request: SeenRequest): string[];
}

/** Chosen per request; undefined = behaves. */
export type Choose = (request: SeenRequest) => Misbehaviour | undefined;

export class StandIn {
  readonly ledger: SeenRequest[] = [];
  readonly violations: string[] = [];
  /** Asked when nothing is queued with `next`. */
  choose: Choose = () => undefined;
  private queue: Misbehaviour[] = [];
  private readonly server = createServer((req, res) => {
    this.serve(req, res).catch((error: unknown) => {
      // A client that goes away in the middle of its request has stopped; anything else is our own mistake.
      if (req.complete) this.violations.push(`the stand-in failed: ${String(error)}`);
      res.destroy();
    });
  });

  constructor(private readonly vendor: Vendor) {}

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  /** How the requests to come are treated, first first. */
  next(...misbehaviours: Misbehaviour[]): void {
    this.queue.push(...misbehaviours);
  }

  /** Forgets what was seen and what was ordered. */
  clear(): void {
    this.ledger.length = 0;
    this.violations.length = 0;
    this.queue = [];
    this.choose = () => undefined;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const request = await readRequest(req);
    this.ledger.push(request);
    this.violations.push(...this.vendor.check(request));
    const order = this.queue.shift() ?? this.choose(request) ?? {};
    const answer = 'answer' in order ? (order.answer as Answer) : await this.vendor.answer(request);
    if ('reset' in order) return void req.socket.resetAndDestroy();
    if ('hang' in order) return;
    if ('delayMs' in order) await pause(order.delayMs as number);
    request.status = answer.status;
    await send(res, answer, order);
  }
}

async function readRequest(req: IncomingMessage): Promise<SeenRequest> {
  const url = new URL(req.url ?? '/', 'http://loopback');
  const body = await buffer(req);
  return {
    method: req.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: req.headers,
    body,
    atMs: performance.now(),
    status: null,
  };
}

type Nothing = Record<never, never>;

async function send(res: ServerResponse, answer: Answer, order: Misbehaviour | Nothing): Promise<void> {
  const body = Buffer.from(answer.body ?? '');
  const length = { 'content-length': String(body.length) };
  res.writeHead(answer.status, { ...('flood' in order ? {} : length), ...answer.headers });
  if ('flood' in order) return flood(res);
  if ('dripMs' in order) return drip(res, body, order.dripMs);
  if ('cutAfterBytes' in order) {
    res.write(body.subarray(0, order.cutAfterBytes), () => res.destroy());
    return;
  }
  res.end(body);
}

async function drip(res: ServerResponse, body: Buffer, everyMs: number): Promise<void> {
  for (const byte of body) {
    if (res.destroyed) return;
    res.write(Buffer.of(byte));
    await pause(everyMs);
  }
  res.end();
}

async function flood(res: ServerResponse): Promise<void> {
  const chunk = Buffer.alloc(256 * 1024, ' ');
  const left = gone(res);
  while (!res.destroyed) {
    if (!res.write(chunk)) await Promise.race([drained(res), left]);
  }
}

const drained = (res: ServerResponse) => new Promise<void>((resolve) => res.once('drain', resolve));
const gone = (res: ServerResponse) => new Promise<void>((resolve) => res.once('close', resolve));
