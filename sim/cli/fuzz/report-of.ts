import type { FuzzReport, Remembered } from '../../../reports/fuzz/fuzz-report.ts';
import { fuzzCommand, replayCommand, reproduceCommand } from '../../../reports/reproduce.ts';
import type { Hunt } from './hunt.ts';
import type { Begun } from './journal.ts';
import type { TroubleFiles } from './trouble-files.ts';

interface Ended {
  readonly begun: Begun;
  readonly only: number | undefined;
  readonly troubleFiles: TroubleFiles;
  readonly remembered: readonly Remembered[];
  readonly interrupted: boolean;
  readonly seconds: number;
}

/** What is told of a campaign that has ended. */
export function reportOf(hunt: Hunt, ended: Ended): FuzzReport {
  const { begun, only, troubleFiles, remembered, interrupted, seconds } = ended;
  const { version, seed, profile, strategy, release, shard, asked } = begun;
  const { campaign } = hunt;
  const again = (index: number): string => fuzzCommand({ seed, index, profile, strategy, release });
  return {
    version,
    seed,
    profile,
    strategy,
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
    troubles: campaign.troubles.map((trouble) => {
      const file = troubleFiles.fileOf(trouble);
      if (file === undefined) return { ...trouble, reproduce: again(trouble.index) };
      return { ...trouble, file, reproduce: reproduceCommand({ scenario: file, seed: trouble.seed }) };
    }),
    remembered,
  };
}

export const rounded = (value: number): number => Math.round(value * 10) / 10;
