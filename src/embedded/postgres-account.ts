/** PostgreSQL refuses to run as root; this finds somebody else for it to be. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import type { Command } from './processes';

export interface Account {
  uid: number;
  gid: number;
}

function accountNamed(name: string): Account | null {
  const ask = (flag: string) =>
    Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: ask('-u'), gid: ask('-g') };
  } catch {
    return null; // `id` fails exactly when there is no such account
  }
}

/**
 * Null unless we are root. Else the owner of the data that is there, or the account `postgres`, or `nobody`: an
 * existing account, because a start must not add one to the machine.
 */
export function postgresAccount(dataDir: string): Account | null {
  if (process.getuid?.() !== 0) return null;
  const owner = existsSync(dataDir) ? statSync(dataDir) : null;
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = accountNamed('postgres') ?? accountNamed('nobody');
  if (account) return account;
  throw new Error('PostgreSQL does not run as root: add an account named postgres, or start as another user');
}

function canReach(directory: string, { uid, gid }: Account): boolean {
  return spawnSync('test', ['-x', directory], { uid, gid, cwd: '/' }).status === 0;
}

/**
 * The command as that account. Where the account can't reach the files (a project under `/root`, which is closed to
 * others), it gets one capability of root, to pass through directories, by `setpriv` of util-linux.
 */
export function asAccount(command: Command, account: Account | null, directories: string[]): Command {
  if (!account) return command;
  if (directories.every((directory) => canReach(directory, account))) return { ...command, ...account };
  const { uid, gid } = account;
  const identity = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  // The secure bit lets the capability count for access(2) too, by which initdb looks for its companion.
  const capability = [
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
    '--securebits=+no_setuid_fixup',
  ];
  return {
    ...command,
    file: 'setpriv',
    args: [...identity, ...capability, '--', command.file, ...command.args],
  };
}
