import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { NodeRun, Nodes } from './nodes.ts';

const SCRIPT = fileURLToPath(new URL('./events.js', import.meta.url));
/** Beside `node` itself: `node20`, `node-22`, as package managers call several of them. */
const NODE = /^node-?\d+$/;

export const nodeProcesses = (path = ''): Nodes => ({
  find: () => [process.execPath, ...others(path)],
  versionOf: (command) => {
    const { status, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' });
    return status === 0 && /^v\d+\./.test(stdout) ? stdout.trim().slice(1) : undefined;
  },
  eventsOn,
});

const others = (path: string): readonly string[] =>
  path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) =>
      namesIn(folder)
        .filter((name) => NODE.test(name))
        .map((name) => join(folder, name)),
    );

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // A PATH may well name folders that are not there.
    return [];
  }
}

async function* eventsOn(command: string, { argument, seed, release = '' }: NodeRun): AsyncGenerator<string> {
  const child = spawn(command, [SCRIPT, argument, seed, release], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  try {
    yield* createInterface({ input: child.stdout });
    const status = await ended;
    if (status !== 0) throw new Error(`${command} ended with status ${String(status)}`);
  } finally {
    child.kill();
  }
}
