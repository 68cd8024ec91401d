import { checkText, isClean, tallyOf, type Tally } from '../../../reports/history/check-text.ts';
import type { BothSides, Exhibit } from '../../../reports/history/exhibit.ts';
import { checkJson } from '../../../reports/history/history-json.ts';
import type { CommandLineDeps } from '../deps.ts';
import { ExitStatus } from '../exit-status.ts';
import { tableStyle } from '../outputs.ts';
import { Progress } from '../progress.ts';
import type { Seeds } from '../seeds.ts';
import { runBothSides } from './both-sides.ts';

/** `zabsim history --check`: every exhibit on both sides. Interrupted, it tells what was done so far. */
export async function checkMuseum(
  deps: CommandLineDeps,
  exhibits: readonly Exhibit[],
  seeds: Seeds,
  isJson: boolean,
): Promise<ExitStatus> {
  const tallies = await tallyAll(deps, exhibits, seeds);
  deps.stdout.write(isJson ? checkJson(tallies) : checkText(tallies, tableStyle(deps)));
  if (tallies.length < exhibits.length) return ExitStatus.INTERRUPTED;
  return tallies.every(isClean) ? ExitStatus.GREEN : ExitStatus.RED;
}

async function tallyAll(
  deps: CommandLineDeps,
  exhibits: readonly Exhibit[],
  seeds: Seeds,
): Promise<readonly Tally[]> {
  const simulator = await deps.simulator();
  const progress = new Progress(deps);
  const tallies: Tally[] = [];
  try {
    for (const exhibit of exhibits) {
      const runs: BothSides[] = [];
      for (let index = 0; index < seeds.count; index++) {
        const sides = await runBothSides({ deps, simulator, exhibit, seed: seeds.at(index) });
        if (sides === undefined) return tallies;
        runs.push(sides);
        progress.update(
          'history',
          tallies.length * seeds.count + index + 1,
          exhibits.length * seeds.count,
          'pair',
        );
        await deps.breathe();
        if (deps.isInterrupted()) return tallies;
      }
      tallies.push(tallyOf(exhibit, runs));
    }
    return tallies;
  } finally {
    progress.clear();
  }
}
