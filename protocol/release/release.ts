import { BEHAVIOUR_NAMES, behaviourOf, type Behaviour, type BehaviourName } from './behaviours.ts';
import { isAmong, VERSIONS } from './versions.ts';

/** What differs between releases of ZooKeeper (design: correct by default, wrong on request). */
export type Release = Readonly<Record<BehaviourName, boolean>>;

/** The newest release, with its known open defects repaired. */
export const DEFAULT_RELEASE: Release = releaseWith(() => false);

/** All that a version had. */
export const releaseOf = (version: string): Release =>
  releaseWith((behaviour) => behaviour.in.some((releases) => isAmong(version, releases)));

/** One thing that went wrong once, and nothing else. */
export const releaseWithIssue = (issue: string): Release =>
  releaseWith((behaviour) => behaviour.issue === issue);

/** The behaviours that are on, in the order of the table. */
export const behavioursOf = (release: Release): readonly BehaviourName[] =>
  BEHAVIOUR_NAMES.filter((name) => release[name]);

/** Every issue once, in the order of the table. */
export const ISSUES: readonly string[] = [...new Set(BEHAVIOUR_NAMES.map((name) => behaviourOf(name).issue))];

/** Every version that has something of it, oldest first. */
export function versionsWith(issue: string): readonly string[] {
  const ranges = BEHAVIOUR_NAMES.map(behaviourOf).flatMap((behaviour) =>
    behaviour.issue === issue ? behaviour.in : [],
  );
  return VERSIONS.filter((version) => ranges.some((releases) => isAmong(version, releases)));
}

/** Like the default, but for what is said of each behaviour. */
function releaseWith(isOn: (behaviour: Behaviour, name: BehaviourName) => boolean): Release {
  const entries = BEHAVIOUR_NAMES.map((name) => [name, isOn(behaviourOf(name), name)] as const);
  return Object.fromEntries(entries) as Release;
}

/** The part of a release's name that means nothing. */
export interface UnknownRelease {
  readonly unknown: string;
}

/**
 * What people call a release: a version (`3.4.13`), or issues whose behaviour is wanted alone (`ZOOKEEPER-1419`), or several
 * of these, separated by commas. `default` is the default.
 */
export function releaseNamed(text: string): Release | UnknownRelease {
  const parts = text.split(',').map((part) => part.trim());
  const unknown = parts.find((part) => !isRelease(part));
  if (unknown !== undefined) return { unknown };
  const releases = parts.map((part) => (VERSIONS.includes(part) ? releaseOf(part) : releaseWithIssue(part)));
  return releaseWith((_, name) => releases.some((release) => release[name]));
}

const isRelease = (text: string): boolean =>
  text === 'default' || VERSIONS.includes(text) || ISSUES.includes(text);
