import { isRead } from '../history.ts';
import type { PlacedOperation } from './zxid-order.ts';

/**
 * The same history on a clock on which those that were answered follow one another as their zxids do: these are part of the answers, and
 * say in which order things took effect, so the search is left with what got no answer. The n-th zxid's operation has the time from 2n to 2n + 1;
 * what got no answer begins behind the last that had been answered when it was invoked.
 *
 * Expects that zxids don't contradict real time: then nothing of it is lost.
 */
export function onZxidClock<Operation extends PlacedOperation>(
  answered: readonly Operation[],
  open: readonly Operation[],
): readonly Operation[] {
  const ranks = ranksOf(answered);
  const timed = answered.map((operation, index) => {
    const invoked = 2 * (ranks[index] ?? 0);
    return { ...operation, invoked, answered: invoked + 1 };
  });
  const byAnswer = answered
    .map((operation, index) => ({ at: operation.answered, rank: ranks[index] ?? 0 }))
    .sort((a, b) => a.at - b.at || a.rank - b.rank);
  let heard = 0;
  let rank = -1;
  const waiting = open
    .toSorted((a, b) => a.invoked - b.invoked)
    .map((operation) => {
      for (
        let next = byAnswer[heard];
        next !== undefined && next.at < operation.invoked;
        next = byAnswer[++heard]
      )
        rank = Math.max(rank, next.rank);
      return { ...operation, invoked: 2 * rank + 1.5 };
    });
  return [...timed, ...waiting];
}

/** Of operations by zxid. Those with the same one share a rank, but for reads, which come behind the write. */
function ranksOf(answered: readonly PlacedOperation[]): readonly number[] {
  let rank = 0;
  return answered.map((operation, index) => {
    const before = answered[index - 1];
    if (before !== undefined && !isTie(before, operation)) rank++;
    return rank;
  });
}

const isTie = (a: PlacedOperation, b: PlacedOperation): boolean =>
  a.zxid === b.zxid && isRead(a.request) === isRead(b.request);
