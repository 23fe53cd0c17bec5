/** A TCP proxy on loopback that cuts, swallows, or loses the one answer that says "committed". */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export type Weather = 'fair' | 'blackhole';

interface Pair {
  client: Socket;
  /** null = not connected to the server yet: there is nothing on the other side of a black hole. */
  server: Socket | null;
}

export class FaultProxy {
  /** Asked of every chunk from the server; true = the connection ends before the client sees it. */
  loses: (fromServer: Buffer) => boolean = () => false;
  private weather: Weather = 'fair';
  private readonly pairs = new Set<Pair>();
  private readonly listener: Server = createServer((client) => this.accept(client));

  constructor(private readonly targetPort: number) {}

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.listener.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get port(): number {
    return (this.listener.address() as AddressInfo).port;
  }

  /** `blackhole`: packets go nowhere and nobody is told, as with a cut cable; mended, they arrive late. */
  set(weather: Weather): void {
    this.weather = weather;
    for (const pair of this.pairs) this.expose(pair);
  }

  /** Fair weather, nothing is lost. */
  heal(): void {
    this.loses = () => false;
    this.set('fair');
  }

  /** Resets every connection. */
  cut(): void {
    for (const { client, server } of this.pairs) {
      client.resetAndDestroy();
      server?.destroy();
    }
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.listener.close(resolve));
  }

  private accept(client: Socket): void {
    const pair: Pair = { client, server: null };
    this.pairs.add(pair);
    client.on('close', () => {
      this.pairs.delete(pair);
      pair.server?.destroy();
    });
    client.on('error', () => client.destroy());
    this.expose(pair);
  }

  private expose(pair: Pair): void {
    const { client } = pair;
    if (this.weather === 'blackhole') {
      client.pause();
      pair.server?.pause();
    } else if (pair.server) {
      client.resume();
      pair.server.resume();
    } else this.join(pair);
  }

  private join(pair: Pair): void {
    const { client } = pair;
    const server = connect({ port: this.targetPort, host: '127.0.0.1', noDelay: true });
    client.setNoDelay(true);
    pair.server = server;
    server.on('error', () => server.destroy());
    server.on('close', () => client.destroy());
    client.on('data', (chunk) => this.forward(server, chunk));
    server.on('data', (chunk) => {
      if (!this.loses(chunk)) return this.forward(client, chunk);
      client.resetAndDestroy();
      server.destroy();
    });
  }

  private forward(to: Socket, chunk: Buffer): void {
    if (!to.destroyed) to.write(chunk);
  }
}

/** PostgreSQL's "done, and nothing is open": CommandComplete of a write or of COMMIT, then ReadyForQuery, idle. */
const ACKNOWLEDGED = /C....(?:COMMIT|INSERT 0 [1-9]\d*|UPDATE [1-9]\d*|DELETE [1-9]\d*)\0Z\0\0\0\x05I/s;

export const isCommitReply = (fromServer: Buffer): boolean =>
  ACKNOWLEDGED.test(fromServer.toString('latin1'));
