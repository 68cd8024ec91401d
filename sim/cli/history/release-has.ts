import { behaviourOf } from '../../../protocol/release/behaviours.ts';
import { behavioursOf, releaseNamed } from '../../../protocol/release/release.ts';
import type { Exhibit } from '../../../reports/history/exhibit.ts';
import type { ReleaseHas } from '../../../reports/history/list-text.ts';
import { expectedRelease } from '../../../scenarios/expected-release.ts';
import { UsageError } from '../errors.ts';

/** What of the museum can happen to somebody who runs this release. */
export function whatItHas(museum: readonly Exhibit[], name: string): ReleaseHas {
  const release = releaseNamed(name);
  if ('unknown' in release) throw new UsageError(`--release: expected ${expectedRelease(release.unknown)}`);
  const behaviours = behavioursOf(release).map(behaviourOf);
  const has = ({ id }: Exhibit): boolean => behaviours.some(({ issue }) => issue === id);
  const isShown = (issue: string): boolean => museum.some(({ id }) => id === issue);
  return {
    release: name,
    here: museum.filter(has),
    elsewhere: museum.filter((exhibit) => !has(exhibit)),
    others: behaviours
      .filter(({ issue }) => !isShown(issue))
      .map(({ issue, does }) => [issue, does] as const),
  };
}
