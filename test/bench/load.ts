/** A closed loop of clients: each asks again as soon as it has its answer. */
import { Agent, get } from 'node:http';

export interface Load {
  perSecond: number;
  /** Of each answer, in milliseconds. */
  latenciesMs: number[];
}

/** @param urls - asked in turn */
export async function load(
  urls: readonly string[],
  { clients, forMs }: { clients: number; forMs: number },
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  let next = 0;
  const client = async () => {
    while (performance.now() - startedAt < forMs) {
      const sentAt = performance.now();
      await read(urls[next++ % urls.length]!, agent);
      latenciesMs.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  const seconds = (performance.now() - startedAt) / 1000;
  agent.destroy();
  return { perSecond: latenciesMs.length / seconds, latenciesMs };
}

/** Reads the answer to its end and forgets it. */
function read(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`));
      response.resume().once('end', resolve).once('error', reject);
    }).once('error', reject);
  });
}
