/**
 * `npm run detection [-- ISSUE…]`: for each defect of the museum, how many runs the fuzzer takes until the promise that the defect breaks is
 * broken for the first time: the median over 20 base seeds, for each strategy. `--cap 10000` runs, then a base seed is given up; `--jobs 2`; `--minutes 60`,
 * after which no further base seed is begun; `--strategy random`, once or more: these alone; `--fresh` forgets what was measured before, else only what is missing is measured. What was
 * measured is written to sim/fuzz/detection/results.json after each base seed, and as a table to sim/fuzz/README.md at the end.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { museumNames } from '../../../scenarios/library.ts';
import { detectionTables, inReadme } from '../../../reports/fuzz/detection-table.ts';
import { QUESTS } from '../../fuzz/detection/quests.ts';
import {
  BASES,
  isSettled,
  knownUpTo,
  withDetection,
  type Detection,
  type Results,
} from '../../fuzz/detection/results.ts';
import { STRATEGIES } from '../../fuzz/search/strategies.ts';
import type { Task } from './detect.ts';
import { libraryPlans } from './library-plans.ts';

const RESULTS = 'sim/fuzz/detection/results.json';
const README = 'sim/fuzz/README.md';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cap: { type: 'string', default: '10000' },
    jobs: { type: 'string', default: '2' },
    minutes: { type: 'string', default: '60' },
    strategy: { type: 'string', multiple: true, default: [...STRATEGIES] },
    fresh: { type: 'boolean', default: false },
  },
});
const cap = Number(values.cap);
const untilMs = performance.now() + Number(values.minutes) * 60_000;
const strategies = STRATEGIES.filter((name) => values.strategy.includes(name));
/** `3911` is ZOOKEEPER-3911. */
const named = positionals.map((name) => (/^\d+$/.test(name) ? `ZOOKEEPER-${name}` : name));
const wanted = QUESTS.map(({ issue }) => issue).filter(
  (issue) => named.length === 0 || named.includes(issue),
);

const promises = new Map(
  libraryPlans(museumNames()).flatMap(({ history }) =>
    history === undefined ? [] : [[history.issue, history.breaks]],
  ),
);
let results: Results = values.fresh ? {} : (JSON.parse(readFileSync(RESULTS, 'utf8')) as Results);

/** All first base seeds before all second ones: whenever it ends, as much is known of each defect. */
function* tasks(): Generator<Task, undefined> {
  for (let base = 1; base <= BASES; base++) {
    for (const issue of wanted)
      for (const strategy of strategies) {
        const known = knownUpTo(cap, results[issue]?.[strategy] ?? {});
        if (isSettled(known)) continue;
        if (!(base in known)) yield { issue, promise: promises.get(issue) ?? '', strategy, base, cap };
      }
  }
}

function note(task: Task, detection: Detection): void {
  results = withDetection(results, task, detection);
  writeFileSync(RESULTS, `${JSON.stringify(results, undefined, 2)}\n`);
  const runs = typeof detection === 'number' ? String(detection) : `not in ${detection.atLeast}`;
  const { issue, strategy, base } = task;
  process.stdout.write(
    `${issue.padEnd(15)} ${strategy.padEnd(7)} base ${String(base).padStart(2)}: ${runs}\n`,
  );
}

async function work(left: Iterator<Task, undefined>): Promise<void> {
  const thread = new Worker(new URL('./detection-thread.js', import.meta.url));
  const answer = (task: Task): Promise<Detection> =>
    new Promise((resolve) => {
      thread.once('message', resolve);
      thread.postMessage(task);
    });
  for (;;) {
    const task = performance.now() < untilMs ? left.next().value : undefined;
    if (task === undefined) break;
    note(task, await answer(task));
  }
  await thread.terminate();
}

const left = tasks();
await Promise.all(Array.from({ length: Number(values.jobs) }, () => work(left)));
writeFileSync(README, inReadme(readFileSync(README, 'utf8'), detectionTables(results, promises)));
