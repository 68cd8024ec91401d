/**
 * `npm run shrink [-- ISSUE…]`: for each defect of the museum the first fuzzed run that breaks the promise it names, and what becomes of that run when it is
 * shrunk. `--seed 1`, `--runs 1000` to look for it, `--profile` else than that of the measurement, `--strategy random`; `--save FOLDER` writes the shrunk scenarios. Status 1 when
 * one of them is no page: more than 12 timed actions, more than 3 servers, or still not minimal after a minute.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { defined } from '../../../protocol/assert.ts';
import { museumNames } from '../../../scenarios/library.ts';
import { writeScenario } from '../../../scenarios/write/scenario.ts';
import { PROFILE, PROFILES, type Profile } from '../../fuzz/arbitrary/profiles.ts';
import { profileOf, QUESTS } from '../../fuzz/detection/quests.ts';
import { DEFAULT_STRATEGY, STRATEGIES } from '../../fuzz/search/strategies.ts';
import { FEW_FAULTS, shrinkFailure, type ShrunkFailure } from '../../fuzz/shrink/failure.ts';
import { FEW } from '../../fuzz/shrink/fewer-servers.ts';
import type { RunPlan } from '../../plan.ts';
import { firstFailure, type Found } from './first-failure.ts';
import { libraryPlans } from './library-plans.ts';

const SHRINK_MS = 60_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1000' },
    profile: { type: 'string' },
    strategy: { type: 'string', default: DEFAULT_STRATEGY },
    save: { type: 'string' },
  },
});

const named = <Name extends string>(names: readonly Name[], name: string): Name => {
  const found = names.find((one) => one === name);
  if (found === undefined) throw new Error(`${name} is none of ${names.join(', ')}`);
  return found;
};

const campaign = {
  seed: values.seed,
  runs: Number(values.runs),
  strategy: named(STRATEGIES, values.strategy),
};

function profileFor(issue: string): Profile {
  if (values.profile !== undefined) return PROFILE[named(PROFILES, values.profile)];
  return profileOf(
    defined(
      QUESTS.find((quest) => quest.issue === issue),
      issue,
    ),
  );
}

const COLUMNS = [
  ['issue', 15],
  ['promise', 23],
  ['found in', 8],
  ['servers', 7],
  ['clients', 7],
  ['operations', 10],
  ['actions', 7],
  ['attempts', 8],
  ['seconds', 7],
  ['minimal', 7],
  ['same shape', 10],
] as const;

const say = (cells: readonly string[]): void =>
  void process.stdout.write(
    `${COLUMNS.map(([, width], at) => (cells[at] ?? '').padEnd(width))
      .join('  ')
      .trimEnd()}\n`,
  );

const operationsOf = ({ clients }: RunPlan): number =>
  clients.reduce((sum, { activities }) => sum + activities.length, 0);

function tell(issue: string, promise: string, found: Found, shrunk: ShrunkFailure, seconds: number): void {
  const [before, after] = [found.plan, shrunk.plan];
  const both = (size: (plan: RunPlan) => number): string => `${size(before)} → ${size(after)}`;
  say([
    issue,
    promise,
    `${found.runs}`,
    both(({ ensemble }) => ensemble.servers.length),
    both(({ clients }) => clients.length),
    both(operationsOf),
    both(({ timeline }) => timeline.length),
    `${shrunk.attempts}`,
    seconds.toFixed(1),
    shrunk.isMinimal ? 'yes' : 'no',
    shrunk.keepsShape ? 'yes' : 'no',
  ]);
}

function save(folder: string, issue: string, { seed }: Found, { plan, evidence }: ShrunkFailure): void {
  mkdirSync(folder, { recursive: true });
  const header = [`${issue}, seed ${seed}`, ...evidence].join('\n');
  writeFileSync(join(folder, `${issue}.yaml`), writeScenario(plan, header));
}

function shrink(issue: string, promise: string): void {
  const found = firstFailure({ ...campaign, profile: profileFor(issue), release: issue, promise });
  if (found === undefined) {
    say([issue, promise, 'not']);
    return;
  }
  const startMs = performance.now();
  const passedMs = (): number => performance.now() - startMs;
  const shrunk = shrinkFailure({ ...found, promise, hasTime: () => passedMs() < SHRINK_MS });
  tell(issue, promise, found, shrunk, passedMs() / 1000);
  if (values.save !== undefined) save(values.save, issue, found, shrunk);
  const { ensemble, timeline } = shrunk.plan;
  if (!shrunk.isMinimal || ensemble.servers.length > FEW || timeline.length > FEW_FAULTS)
    process.exitCode = 1;
}

/** `3911` is ZOOKEEPER-3911. */
const issues = positionals.map((name) => (/^\d+$/.test(name) ? `ZOOKEEPER-${name}` : name));

say(COLUMNS.map(([title]) => title));
for (const { history } of libraryPlans(issues.length > 0 ? issues : museumNames()))
  if (history !== undefined) shrink(history.issue, history.breaks);
