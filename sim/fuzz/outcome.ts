/** What became of one run of a campaign: plain data that a worker can send. */
export interface FuzzOutcome {
  /** Its place in the campaign, from 0. */
  readonly index: number;
  /** Draws the plan, and is the seed of the run. */
  readonly seed: string;
  readonly kind: 'kept' | 'broken' | 'threw' | 'hung' | 'outOfMemory';
  /** Promises that were broken, not counting those that a fault had voided, with the first contradiction of each. */
  readonly broken: readonly { readonly promise: string; readonly evidence: readonly string[] }[];
  /** Named situations, and how often the run came into each; zeros left out. */
  readonly coverage: Readonly<Record<string, number>>;
  /** Situations by their numbers, each with the time at which the run first came into it, ms: `[situation, atMs, …]`; where a search learns. */
  readonly situations?: readonly number[];
  readonly events: number;
  readonly virtualMs: number;
  readonly wallMs: number;
  /** Of a run that threw: the message. */
  readonly error?: string;
}
