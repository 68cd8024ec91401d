/**
 * `npm run twice [-- FIRST..LAST]`: swarm seeds 1 to 200, or as told, in two processes, the second from the last seed to the first. Status 1 when
 * one seed has two fingerprints.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('./swarm.js', import.meta.url));
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
const [range = '1..200'] = process.argv.slice(2);

function fingerprints(...options: readonly string[]): ReadonlyMap<string, string> {
  const words = [SCRIPT, range, '--fingerprints', ...options];
  const run = spawnSync(process.execPath, words, { encoding: 'utf8', maxBuffer: MAX_OUTPUT_BYTES });
  if (run.error !== undefined) throw run.error;
  const lines = run.stdout.trim().split('\n');
  return new Map(lines.map((line) => line.split(' ') as [string, string]));
}

const forwards = fingerprints();
const backwards = fingerprints('--backwards');
const different = [...forwards].filter(([seed, fingerprint]) => backwards.get(seed) !== fingerprint);
process.stdout.write(`${forwards.size} seeds, ${different.length} with two fingerprints\n`);
for (const [seed] of different.slice(0, 10))
  process.stdout.write(`  npx zabsim run --swarm --seed ${seed}\n`);
if (different.length > 0 || forwards.size !== backwards.size) process.exitCode = 1;
