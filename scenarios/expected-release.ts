import { nearestWord } from '../protocol/nearest-word.ts';
import { ISSUES } from '../protocol/release/release.ts';
import { VERSIONS } from '../protocol/release/versions.ts';

/** What to say about a release that does not exist. */
export function expectedRelease(unknown: string): string {
  const nearest = nearestWord(unknown, [...VERSIONS, ...ISSUES]);
  const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
  return `a version of ZooKeeper such as 3.4.13, or issues such as ZOOKEEPER-1419, not \`${unknown}\`${hint}`;
}
