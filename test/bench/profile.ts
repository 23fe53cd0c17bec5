/** Reads what `--cpu-prof` has written: where a child's time went. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

const MOST = 15;
/** Waiting is no work. */
const IDLE = new Set(['(idle)', '(program)', '(root)']);

/** The functions that ran longest by themselves, a line each, for every profile in `directory`. */
export function hottest(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.cpuprofile'))
    .flatMap((name) => {
      const profile = JSON.parse(readFileSync(path.join(directory, name), 'utf8')) as Profile;
      return [name, ...linesOf(profile)];
    });
}

function linesOf({ nodes, samples, timeDeltas }: Profile): string[] {
  const nameOf = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
      id,
      `${functionName || '(anonymous)'} ${url.split('/').slice(-3).join('/')}:${lineNumber + 1}`.replace(
        / :0$/,
        '',
      ),
    ]),
  );
  const selfMs = new Map<string, number>();
  samples.forEach((id, at) => {
    const name = nameOf.get(id) ?? '?';
    selfMs.set(name, (selfMs.get(name) ?? 0) + timeDeltas[at]! / 1000);
  });
  const busy = [...selfMs].filter(([name]) => !IDLE.has(name));
  const total = busy.reduce((sum, [, ms]) => sum + ms, 0);
  return busy
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST)
    .map(([name, ms]) => `  ${((ms / total) * 100).toFixed(1).padStart(5)} %  ${name}`);
}
