import { spawn } from 'node:child_process';

export interface Ended {
  /** null = the program could not be started, or was killed. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, without input. Never rejects: a program that isn't there ends with code null. */
export function runToEnd(program: string, args: string[], options: { timeoutMs: number }): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      // eslint-disable-next-line no-restricted-properties -- handed on to a program that is not ours
      env: process.env,
    });
    // Not spawn's own time limit: that keeps the process waiting when the program can't be started.
    setTimeout(() => child.kill('SIGKILL'), options.timeoutMs).unref();
    const out = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (out.stderr += text));
    child.on('error', (error) => resolve({ code: null, stdout: out.stdout, stderr: error.message }));
    child.on('close', (code) => resolve({ code, ...out }));
  });
}
