/**
 * `npm run bench`: what a run costs on this machine, each figure next to a bare event kernel in the same process. `--long` adds the
 * cost per event from 10⁵ to 10⁷ events, which takes a minute or so.
 */
import { bareKernel } from './bare-kernel.ts';
import { defined } from '../../../protocol/assert.ts';
import { Measured, type Rates } from './measure.ts';
import { idlePlan, loadedPlan } from './plans.ts';
import { swarmRates } from './swarm.ts';

const HOUR_MS = 3_600_000;
const WARM_UP = 500_000;
const MEASURED = 1_000_000;
/** Stretches of a run that are measured; the middle one counts. */
const STRETCHES = 3;
const SWARM_RUNS = 400;

const nowMs = (): number => performance.now();
const count = (value: number): string => Math.round(value).toLocaleString('en-US');
const row = (...cells: readonly string[]): string =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(44) : cell.padStart(14))).join('');
const print = (line: string): void => void process.stdout.write(`${line}\n`);

function typicalRates(servers: number, checkers: boolean): Rates {
  const run = new Measured(loadedPlan(servers), nowMs, { checkers });
  run.over(WARM_UP);
  const stretches = Array.from({ length: STRETCHES }, () => run.over(MEASURED / 2));
  const sorted = stretches.sort((a, b) => a.eventsPerSecond - b.eventsPerSecond);
  return defined(sorted[Math.floor(STRETCHES / 2)], 'a measured stretch');
}

function loaded(kernel: number): void {
  print(row('', 'events/s', 'messages/s', 'writes/s', 'of the kernel'));
  for (const servers of [3, 5]) {
    for (const checkers of [true, false]) {
      const { eventsPerSecond, messagesPerSecond, writesPerSecond } = typicalRates(servers, checkers);
      const share = `1/${(kernel / eventsPerSecond).toFixed(1)}`;
      const title = `${servers} servers under load, checkers ${checkers ? 'on' : 'off'}`;
      print(row(title, count(eventsPerSecond), count(messagesPerSecond), count(writesPerSecond), share));
    }
  }
}

function idle(): void {
  new Measured(idlePlan(3), nowMs, { checkers: true }).virtualTime(HOUR_MS / 10);
  const seconds = new Measured(idlePlan(3), nowMs, { checkers: true }).virtualTime(HOUR_MS);
  print(
    row(
      '3 servers, an idle hour',
      `${seconds.toFixed(2)} s`,
      `${count(HOUR_MS / 1000 / seconds)} × real time`,
    ),
  );
}

function flat(): void {
  print(row('cost per event, 3 servers under load', 'µs/event', 'writes/s', 'MB'));
  const run = new Measured(loadedPlan(3), nowMs, { checkers: true });
  let done = 0;
  for (const until of [1e5, 1e6, 2e6, 4e6, 6e6, 8e6, 1e7]) {
    const { eventsPerSecond, writesPerSecond } = run.over(until - done);
    done = until;
    const megabytes = process.memoryUsage().rss / 1e6;
    print(
      row(
        `  up to ${count(until)} events`,
        (1e6 / eventsPerSecond).toFixed(2),
        count(writesPerSecond),
        count(megabytes),
      ),
    );
  }
}

function swarm(kernel: number): void {
  const heapBytes = (): number => process.memoryUsage().heapUsed;
  swarmRates(1, SWARM_RUNS / 2, nowMs, heapBytes);
  const { runsPerSecond, eventsPerRun, heapMb } = swarmRates(1001, SWARM_RUNS, nowMs, heapBytes);
  const share = `1/${(kernel / (runsPerSecond * eventsPerRun)).toFixed(1)}`;
  print(row('', 'runs/s', 'events/run', 'most heap, MB', 'of the kernel'));
  const figures = [runsPerSecond.toFixed(1), count(eventsPerRun), count(heapMb), share];
  print(row('swarm: a minute, 5 servers, 5 clients', ...figures));
}

bareKernel(MEASURED, nowMs);
const kernel = bareKernel(5 * MEASURED, nowMs);
print(row('bare event kernel', count(kernel)));
loaded(kernel);
idle();
swarm(kernel);
if (process.argv.includes('--long')) flat();
