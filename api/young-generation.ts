/**
 * Imported first by the api's entry point. V8 lets its young generation grow to 32 MB while programs load; the packets of an
 * upload then wait long to be collected, and 1 GB costs 60 to 95 MB of memory. At 1 MB it costs 10 to 20, but an answer of
 * 200 kB, which is written several times on its way out, costs a sixth more CPU. At 4 MB both are near their best
 * (`npm run bench read upload`). V8 can be told how fast it grows, not where it stops: so it is made to grow to there,
 * and then to stay.
 */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Of both halves. */
const WANTED_BYTES = 2 * 4 * 1024 ** 2;
/** What survives makes it grow; far fewer do. */
const MOST_OBJECTS = 1_000_000;
const LOOK_EVERY = 10_000;

const youngBytes = (): number =>
  getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? WANTED_BYTES;

function grow(): void {
  const alive: object[] = [];
  while (alive.length % LOOK_EVERY > 0 || (youngBytes() < WANTED_BYTES && alive.length < MOST_OBJECTS)) {
    alive.push({});
  }
}

setFlagsFromString('--semi-space-growth-factor=4');
grow();
setFlagsFromString('--semi-space-growth-factor=1');
