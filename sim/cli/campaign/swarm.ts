/**
 * `npm run swarm [-- FIRST..LAST]`: swarm runs with seeds 1 to 1000, or as told: verdicts, what excused the runs that could not be live, and
 * how often each fault struck and each situation of the protocol came up. Status 1 when a promise was broken or a run ended neither live nor
 * excused. `--fingerprints`: one line `seed fingerprint` a run instead; `--backwards`: the last seed first.
 */
import { parseArgs } from 'node:util';
import { Coverage } from '../../fuzz/coverage.ts';
import { FAULT_KINDS } from '../../fault-kinds.ts';
import { drawSwarm } from '../../fuzz/swarm.ts';
import { SWARM_KINDS } from '../../fuzz/swarm/fault-kinds.ts';
import type { RunResult } from '../../result.ts';
import { Simulation } from '../../simulation.ts';
import { parseSeedRange } from '../seeds.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { fingerprints: { type: 'boolean' }, backwards: { type: 'boolean' } },
});
const [range = '1..1000'] = positionals;
const seeds = parseSeedRange(range);
if (seeds === undefined) throw new Error(`not a range of seeds: ${range}`);

/** Kinds that the swarm leaves out, as they lie outside of the fault model. */
const OUTSIDE = new Set(
  FAULT_KINDS.filter((kind) => !SWARM_KINDS.some((other) => other === kind)).map((kind) => `fault: ${kind}`),
);

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const reproduce = (seed: string): string => `npx zabsim run --swarm --seed ${seed}`;

interface Tally {
  runs: number;
  live: number;
  events: number;
  virtualMs: number;
  readonly excuses: Map<string, number>;
  readonly red: string[];
  readonly coverage: Coverage;
}

const tally: Tally = {
  runs: 0,
  live: 0,
  events: 0,
  virtualMs: 0,
  excuses: new Map(),
  red: [],
  coverage: new Coverage(),
};

function count(seed: string, result: RunResult): void {
  tally.runs++;
  tally.events += result.events;
  tally.virtualMs += result.virtualMs;
  const { live, excuse } = result.liveness;
  if (live) tally.live++;
  else if (excuse !== undefined) tally.excuses.set(excuse, (tally.excuses.get(excuse) ?? 0) + 1);
  if (result.verdict !== 'kept' || (!live && excuse === undefined)) {
    const broken = result.promises.filter((promise) => !promise.kept).map((promise) => promise.name);
    tally.red.push(`${result.verdict} (${broken.join(', ')}): ${reproduce(seed)}`);
  }
}

function run(seed: string): void {
  try {
    const { plan } = drawSwarm(seed);
    const simulation = new Simulation(plan, seed, { sinks: [tally.coverage] });
    const result = simulation.advance(Infinity);
    if (result === undefined) throw new Error('the run did not end');
    if (values.fingerprints === true) say(`${seed} ${result.fingerprint}`);
    count(seed, result);
  } catch (error) {
    tally.red.push(`failed (${error instanceof Error ? error.message : String(error)}): ${reproduce(seed)}`);
  }
}

function report(seconds: number): void {
  const { runs, live, events, virtualMs, excuses, red } = tally;
  say(
    `${runs} runs in ${seconds.toFixed(1)} s: ${(runs / seconds).toFixed(1)} runs/s, ${(events / seconds).toFixed(0)} events/s`,
  );
  say(`${(virtualMs / 3_600_000).toFixed(1)} virtual hours, ${(events / runs).toFixed(0)} events a run`);
  say(`${runs - red.length} kept, ${live} ended live, ${runs - live} excused:`);
  for (const [excuse, times] of [...excuses].sort((a, b) => b[1] - a[1]))
    say(`  ${String(times).padStart(6)}  ${excuse}`);
  say('How often, all runs together:');
  for (const [name, times] of tally.coverage.counts)
    if (times > 0 || !OUTSIDE.has(name)) say(`  ${String(times).padStart(9)}  ${name}`);
  for (const line of red) say(line);
  const heapMb = process.memoryUsage().heapUsed / 2 ** 20;
  say(`${heapMb.toFixed(0)} MB of heap in the end`);
}

const isWatched = process.stderr.isTTY && (process.env.CI ?? '') === '';
const startMs = performance.now();
for (let i = 0; i < seeds.count; i++) {
  run(seeds.at(values.backwards === true ? seeds.count - 1 - i : i));
  if (isWatched) process.stderr.write(`\r${i + 1} of ${seeds.count}, ${tally.red.length} red `);
}
if (values.fingerprints !== true) report((performance.now() - startMs) / 1000);
if (tally.red.length > 0) process.exitCode = 1;
