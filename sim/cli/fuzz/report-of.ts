import type { FuzzReport, Remembered } from '../../../reports/fuzz/fuzz-report.ts';
import { fuzzCommand, replayCommand } from '../../../reports/reproduce.ts';
import type { CommandLineDeps } from '../deps.ts';
import type { Hunt } from './hunt.ts';
import type { FuzzOptions } from './options.ts';

interface Ended {
  readonly options: FuzzOptions;
  readonly seed: string;
  readonly asked: FuzzReport['asked'];
  readonly remembered: readonly Remembered[];
  readonly interrupted: boolean;
  readonly seconds: number;
}

/** What is told of a campaign that has ended. */
export function reportOf({ version }: CommandLineDeps, hunt: Hunt, ended: Ended): FuzzReport {
  const { options, seed, asked, remembered, interrupted, seconds } = ended;
  const { profile, release, shard, only } = options;
  const { campaign } = hunt;
  const again = (index: number): string => fuzzCommand({ seed, only: index, profile, release });
  return {
    version,
    seed,
    profile,
    ...(release !== undefined && { release }),
    asked,
    ...(only !== undefined && { only }),
    ...(shard !== undefined && { shard }),
    interrupted,
    runs: campaign.runs,
    seconds: rounded(seconds),
    runsPerSecond: seconds > 0 ? rounded(campaign.runs / seconds) : 0,
    events: campaign.events,
    virtualMs: campaign.virtualMs,
    coverage: campaign.coverage,
    failures: campaign.failures.map((group) => {
      const file = hunt.fileOf(group);
      if (file === undefined) return { ...group, reproduce: again(group.index) };
      return { ...group, file, reproduce: replayCommand(file) };
    }),
    troubles: campaign.troubles.map((trouble) => ({ ...trouble, reproduce: again(trouble.index) })),
    remembered,
  };
}

export const rounded = (value: number): number => Math.round(value * 10) / 10;
