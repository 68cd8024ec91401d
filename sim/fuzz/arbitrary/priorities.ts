import type { ServerSpec } from '../../../protocol/config.ts';
import { exp, log } from '../../exact-math.ts';
import { faultText } from '../../faults/fault-text.ts';
import type { NameOf } from '../../plan-text/names.ts';
import type { Fault, Target, TimelineEntry, Trigger } from '../../fault-plan.ts';
import type { Distribution } from '../../world-plan.ts';
import type { Dice } from '../dice.ts';
import { diceOf } from './dice-of.ts';

/** What one way takes at most for who comes last, ms. */
export const LAST_WAY_MS = 60;
/** What it takes for who comes first. */
const FIRST_WAY_MS = 0.2;
/** What comes last takes so much longer than a message: a disk, and a process whose stages take turns. */
const DISK_TIMES = 3;
const CPU_TIMES = 0.2;
/** Of messages between servers: where in a run priorities change. */
const MOST_MESSAGES = 400;
const MOST_CHANGES = 3;

/** Something that can go before or after all others: what one server sends to another, a server's disk, a server's threads. */
type Track = (ms: number) => Fault;

/**
 * Priorities, after PCT ("A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs", ASPLOS '10): every link, disk and process has a
 * rank of its own, drawn at the beginning, by which what is to be done there is done before or after what is to be done elsewhere; and at a
 * few moments, counted in messages, one of them falls behind all others. In virtual time a rank is a delay.
 */
export function prioritiesOf(
  details: number,
  servers: readonly ServerSpec[],
  nameOf: NameOf,
): readonly TimelineEntry[] {
  const dice = diceOf('priorities', details);
  const tracks = dice.shuffled(tracksAmong(servers));
  const entry = (trigger: Trigger, fault: Fault): TimelineEntry => ({
    trigger,
    fault,
    ending: undefined,
    text: faultText(fault, undefined, nameOf),
    source: 'fuzz',
  });
  const ranks = tracks.map((track, rank) =>
    entry({ kind: 'at', atMs: 0 }, track(wayMs(rank / tracks.length))),
  );
  const changes = Array.from({ length: dice.int(1, MOST_CHANGES) }, () =>
    entry(afterSomeMessages(dice), dice.oneOf(tracks)(LAST_WAY_MS)),
  );
  return [...ranks, ...changes];
}

/** From the first to half of the last, evenly over the logarithm: nobody falls behind who is behind anyway. */
const wayMs = (share: number): number => FIRST_WAY_MS * exp(share * log(LAST_WAY_MS / 2 / FIRST_WAY_MS));

const afterSomeMessages = (dice: Dice): Trigger => ({
  kind: 'when',
  event: 'delivered',
  fields: {},
  on: undefined,
  count: dice.int(1, MOST_MESSAGES),
  afterMs: 0,
  afterPrevious: false,
  delayMs: 0,
});

const constant = (ms: number): Distribution => ({ kind: 'constant', ms });
const named = ({ sid }: ServerSpec): readonly Target[] => [{ kind: 'server', sid }];

function tracksAmong(servers: readonly ServerSpec[]): readonly Track[] {
  return servers.flatMap((server) => [
    ...servers.filter((other) => other !== server).map((other) => linkTrack(server, other)),
    (ms: number): Fault => ({
      kind: 'slowDisk',
      target: named(server),
      fsync: constant(ms * DISK_TIMES),
      throughput: undefined,
    }),
    (ms: number): Fault => ({ kind: 'slowCpu', target: named(server), stage: constant(ms * CPU_TIMES) }),
  ]);
}

const linkTrack =
  (from: ServerSpec, to: ServerSpec): Track =>
  (ms) => ({
    kind: 'link',
    between: [named(from), named(to)],
    oneWay: true,
    change: { latency: constant(ms) },
  });
