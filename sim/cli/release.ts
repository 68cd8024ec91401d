import { releaseNamed } from '../../protocol/release/release.ts';
import { expectedRelease } from '../../scenarios/expected-release.ts';
import { UsageError } from './errors.ts';
import type { PlanSource } from './load.ts';

/** The same plans with another release in the place of what they say; servers that have one of their own keep it. */
export function runningRelease(release: string): (source: PlanSource) => PlanSource {
  checkRelease(release);
  return (source) => ({
    ...source,
    planOf: (seed) => {
      const drawn = source.planOf(seed);
      return { ...drawn, plan: { ...drawn.plan, release } };
    },
  });
}

/** UsageError where there is no such release. */
export function checkRelease(release: string): void {
  const found = releaseNamed(release);
  if ('unknown' in found) throw new UsageError(`--release: expected ${expectedRelease(found.unknown)}`);
}
