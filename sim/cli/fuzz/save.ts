import { fuzzCommand } from '../../../reports/reproduce.ts';
import type { FailureGroup } from '../../fuzz/campaign.ts';
import type { Lot } from '../../fuzz/search/search.ts';
import type { StrategyName } from '../../fuzz/search/strategies.ts';
import type { CommandLineDeps } from '../deps.ts';
import { saveFailure } from './failure-files.ts';
import type { HuntPlan } from './hunt.ts';
import type { ShrunkFailure } from '../../fuzz/shrink/failure.ts';
import { planOfLot } from './jobs.ts';

const NOT_SHRUNK = { attempts: 0, isMinimal: false, keepsShape: true };

interface Origin {
  readonly folder: string;
  readonly seed: string;
  readonly profile: string;
  readonly strategy: StrategyName;
  readonly release: string | undefined;
}

/** Writes what a campaign finds: as small as it became, or as it was drawn. A folder that can't be written to costs the file, not the campaign. */
export function failureSaver(deps: CommandLineDeps, origin: Origin): HuntPlan['save'] {
  const { folder, profile, strategy, release } = origin;
  // What was found is written after an interrupt too.
  const patient = { ...deps, isInterrupted: () => false };
  return async (group: FailureGroup, lot: Lot, shrunk: ShrunkFailure | undefined) => {
    const { seed, promise, index } = group;
    const drawn = planOfLot(lot, release);
    const { plan, attempts, isMinimal, keepsShape } = shrunk ?? { plan: drawn, ...NOT_SHRUNK };
    const foundBy = fuzzCommand({ seed: origin.seed, index, profile, strategy, release });
    try {
      const failure = { plan, seed, promise, drawn, attempts, isMinimal, keepsShape, foundBy };
      return await saveFailure(patient, folder, failure);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      deps.stderr.write(`cannot save the failure of run ${seed}: ${why}\n`);
      return undefined;
    }
  };
}
