import { fuzzCommand } from '../../../reports/reproduce.ts';
import type { FailureGroup } from '../../fuzz/campaign.ts';
import type { ProfileName } from '../../fuzz/fuzz-plan.ts';
import type { CommandLineDeps } from '../deps.ts';
import { saveFailure } from './failure-files.ts';
import type { HuntPlan } from './hunt.ts';
import { planOf } from './jobs.ts';
import type { ShrunkFailure } from './worker-jobs.ts';

interface Origin {
  readonly folder: string;
  readonly seed: string;
  readonly profile: ProfileName;
  readonly release: string | undefined;
}

/** Writes what a campaign finds: as small as it became, or as it was drawn. A folder that can't be written to costs the file, not the campaign. */
export function failureSaver(deps: CommandLineDeps, origin: Origin): HuntPlan['save'] {
  const { folder, profile, release } = origin;
  // What was found is written after an interrupt too.
  const patient = { ...deps, isInterrupted: () => false };
  return async (group: FailureGroup, shrunk: ShrunkFailure | undefined) => {
    const { seed, promise, index } = group;
    const drawn = planOf({ profile, seed, ...(release !== undefined && { release }) });
    const { plan, attempts, isMinimal } = shrunk ?? { plan: drawn, attempts: 0, isMinimal: false };
    const foundBy = fuzzCommand({ seed: origin.seed, only: index, profile, release });
    try {
      const failure = { plan, seed, promise, drawn, attempts, isMinimal, foundBy };
      return await saveFailure(patient, folder, failure);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      deps.stderr.write(`cannot save the failure of run ${seed}: ${why}\n`);
      return undefined;
    }
  };
}
