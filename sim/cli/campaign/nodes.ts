/**
 * `npm run nodes`: the same fingerprints on Node 20, 22 and 24. Fetches each of them as the npm package `node` and compares what
 * fingerprints.ts prints. Status 1 when two differ.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const VERSIONS = process.argv.length > 2 ? process.argv.slice(2) : ['20', '22', '24'];
const SCRIPT = fileURLToPath(new URL('./fingerprints.js', import.meta.url));
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

interface Fingerprints {
  readonly version: string;
  readonly lines: readonly string[];
}

function fingerprintsOn(version: string): Fingerprints {
  const script = `console.log(process.version); await import(${JSON.stringify(SCRIPT)})`;
  const words = ['--yes', `--package=node@${version}`, '--', 'node', '--input-type=module', '--eval', script];
  const run = spawnSync('npx', words, { encoding: 'utf8', maxBuffer: MAX_OUTPUT_BYTES });
  if (run.status !== 0) throw new Error(`Node ${version} could not be run:\n${run.stderr}`);
  const [actual = version, ...lines] = run.stdout.trim().split('\n');
  return { version: actual, lines };
}

const [first, ...others] = VERSIONS.map(fingerprintsOn);
if (first === undefined) throw new Error('no version to run');
process.stdout.write(`${first.version}: ${first.lines.length} runs\n`);
for (const other of others) {
  const index = first.lines.findIndex((line, i) => line !== other.lines[i]);
  const isSame = index < 0 && first.lines.length === other.lines.length;
  process.stdout.write(
    isSame
      ? `${other.version}: the same fingerprints\n`
      : `${other.version}: differs first in ${other.lines[index] ?? 'nothing'} (${first.version}: ${first.lines[index] ?? 'nothing'})\n`,
  );
  if (!isSame) process.exitCode = 1;
}
