/**
 * `npm run campaign [-- FIRST..LAST [SCENARIO…]]`: every library scenario with seeds 1 to 500, or as told. One line a scenario; status
 * 1 when a promise was broken, an expectation missed, or two seeds of one scenario gave the same run.
 */
import { runSimulation } from '../../simulation.ts';
import type { RunPlan } from '../../plan.ts';
import { parseSeedRange, type Seeds } from '../seeds.ts';
import { libraryPlans } from './library-plans.ts';

const [range = '1..500', ...names] = process.argv.slice(2);
const seeds = parseSeedRange(range);
if (seeds === undefined) throw new Error(`not a range of seeds: ${range}`);

interface Outcome {
  readonly red: readonly string[];
  readonly distinct: number;
}

function campaign(plan: RunPlan, seeds: Seeds): Outcome {
  const red: string[] = [];
  const fingerprints = new Set<string>();
  for (let i = 0; i < seeds.count; i++) {
    const { verdict, fingerprint } = runSimulation(plan, seeds.at(i));
    if (verdict !== 'kept') red.push(`${verdict}: npx zabsim run ${plan.name} --seed ${seeds.at(i)}`);
    fingerprints.add(fingerprint);
  }
  return { red, distinct: fingerprints.size };
}

for (const plan of libraryPlans(names)) {
  const startMs = performance.now();
  const { red, distinct } = campaign(plan, seeds);
  const { count } = seeds;
  const perRun = ((performance.now() - startMs) / count).toFixed(0);
  const kept = `${count - red.length} of ${count} kept`;
  process.stdout.write(
    `${plan.name.padEnd(20)} ${kept.padStart(18)} ${String(distinct).padStart(6)} different runs ${perRun.padStart(6)} ms a run\n`,
  );
  for (const line of red.slice(0, 5)) process.stdout.write(`  ${line}\n`);
  if (red.length > 0 || distinct < count) process.exitCode = 1;
}
