/** The promises by name, in the order in which results list them. A test holds the list to the checkers. */
export const PROMISES = [
  'one-leader-per-epoch',
  'quorum-commits',
  'committed-logs-agree',
  'nothing-committed-lost',
  'atomicity',
  'linearizable-writes',
  'session-reads',
  'synced-reads',
  'requests-answered',
  'servers-equal',
  'liveness',
  'crash-recovery',
  'legal-packets',
  'sessions-and-ephemerals',
  'watches',
] as const;

/** Short and stable: it is the `name` in results. */
export type PromiseName = (typeof PROMISES)[number];

export const isPromise = (name: string): name is PromiseName => PROMISES.some((promise) => promise === name);
