/** Preloaded into a child: answers `usage` with what it used since it was asked last. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();

process.on('message', (message) => {
  if (message !== 'usage') return;
  const { rss } = process.memoryUsage();
  process.send?.({ rssMb: rss / 1024 ** 2, delayP99Ms: delay.percentile(99) / 1e6 - 10 });
  delay.reset();
});
// Asking must not keep a program alive that has stopped.
process.channel?.unref();
