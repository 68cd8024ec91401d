/** The released versions of ZooKeeper, oldest first. */
export const VERSIONS: readonly string[] = [
  ...['3.0.0', '3.0.1', '3.1.0', '3.1.1', '3.1.2', '3.2.0', '3.2.1', '3.2.2'],
  ...['3.3.0', '3.3.1', '3.3.2', '3.3.3', '3.3.4', '3.3.5', '3.3.6'],
  ...['3.4.0', '3.4.1', '3.4.2', '3.4.3', '3.4.4', '3.4.5', '3.4.6', '3.4.7', '3.4.8', '3.4.9'],
  ...['3.4.10', '3.4.11', '3.4.12', '3.4.13', '3.4.14'],
  ...['3.5.0', '3.5.1', '3.5.2', '3.5.3', '3.5.4', '3.5.5', '3.5.6', '3.5.7', '3.5.8', '3.5.9', '3.5.10'],
  ...['3.6.0', '3.6.1', '3.6.2', '3.6.3', '3.6.4', '3.7.0', '3.7.1', '3.7.2'],
  ...['3.8.0', '3.8.1', '3.8.2', '3.8.3', '3.8.4', '3.8.5', '3.8.6'],
  ...['3.9.0', '3.9.1', '3.9.2', '3.9.3', '3.9.4', '3.9.5'],
];

/** Releases that had something: from one to another of the same branch, both included, or to the newest of that branch. */
export interface Releases {
  readonly first: string;
  readonly last: string;
}

/** Negative: `a` is older than `b`. Branches live side by side, but their numbers have an order. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (const [at, number] of left.entries()) {
    const difference = number - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export const isAmong = (version: string, { first, last }: Releases): boolean =>
  compareVersions(first, version) <= 0 && compareVersions(version, last) <= 0;
