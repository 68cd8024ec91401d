/** The promises by name, in the order in which results list them. A test holds the list to the checkers. */
export const PROMISES: readonly string[] = [
  'one-leader-per-epoch',
  'quorum-commits',
  'committed-logs-agree',
  'nothing-committed-lost',
  'atomicity',
  'session-reads',
  'servers-equal',
  'liveness',
  'sessions-and-ephemerals',
  'watches',
];
