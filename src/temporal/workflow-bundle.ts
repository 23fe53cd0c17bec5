/** Builds the workflows into the one file that workers run: once per change, not at each start of a worker. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import sdk from '@temporalio/worker/package.json';

/** All that workflow code may import from, beside the SDK; the import rules see to that. */
const INPUTS = ['workflows', 'src/domain', 'src/temporal'];

function inputFiles(root: string): string[] {
  return INPUTS.flatMap((input) => {
    const directory = path.join(root, input);
    if (!existsSync(directory)) return [];
    return readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter((file) => /(?<!\.test|\.d)\.[tj]s$/.test(file))
      .sort()
      .map((file) => path.join(directory, file));
  });
}

function fingerprint(root: string): string {
  const hash = createHash('sha256').update(sdk.version);
  for (const file of inputFiles(root)) hash.update(path.relative(root, file)).update(readFileSync(file));
  return hash.digest('hex');
}

/**
 * Bundles `<root>/workflows` (sources or built files) into `output`; does nothing when that was made of the same
 * inputs. Returns whether it was built. A reader never sees half a file.
 */
export async function buildWorkflowBundle(root: string, output: string): Promise<boolean> {
  const inputs = fingerprint(root);
  const stamp = `${output}.inputs`;
  if (existsSync(output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) return false;
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(root, 'workflows'),
    logger: new DefaultLogger('WARN'),
  });
  mkdirSync(path.dirname(output), { recursive: true });
  writeFileSync(`${output}.${process.pid}`, code);
  renameSync(`${output}.${process.pid}`, output);
  writeFileSync(stamp, inputs);
  return true;
}
