import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { StandIn } from './stand-in';

/**
 * Lets clients of a stand-in go away in the middle of a request, as stopped uploads do: the base has no answer to that
 * and the rejection would fail whichever test runs. What else goes wrong in the stand-in becomes a violation.
 */
export function toleratingCuts<T extends StandIn>(standIn: T): T {
  const inner = standIn as unknown as {
    server: Server;
    serve(req: IncomingMessage, res: ServerResponse): Promise<void>;
  };
  inner.server.removeAllListeners('request');
  inner.server.on('request', (req, res) => {
    inner.serve(req, res).catch((error: unknown) => {
      if (req.complete) standIn.violations.push(`the stand-in failed: ${String(error)}`);
      res.destroy();
    });
  });
  return standIn;
}
