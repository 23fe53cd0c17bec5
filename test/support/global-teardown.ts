import { removeRunDirectory } from './run-directory';
import { testStack } from './stack';

export default async function globalTeardown(): Promise<void> {
  const { directory, processes } = testStack();
  await removeRunDirectory(directory, processes);
}
