import { partsOf } from './parts.ts';
import { findOrder, type Limits } from './search.ts';
import { ZnodeModel } from './znode-model.ts';
import { onZxidClock } from './zxid-clock.ts';
import { byZxid, isRightInOrder, overtakingIn, type PlacedOperation } from './zxid-order.ts';

export type Judgement<Operation> =
  | { readonly kind: 'linearizable' }
  /** Their zxids, which are part of their answers, contradict real time: `second` was answered before `first` was invoked. */
  | { readonly kind: 'overtaken'; readonly first: Operation; readonly second: Operation }
  /** No order has room for it; `order` is the longest that fits the others. */
  | { readonly kind: 'misfit'; readonly operation: Operation; readonly order: readonly Operation[] }
  /** The search reached a limit. */
  | { readonly kind: 'unknown'; readonly operations: number; readonly steps: number };

/**
 * The shortcut if it will do; else the search, part by part, for where there is room for what got no answer between those that were. The
 * limits are for all parts together.
 */
export function judge<Operation extends PlacedOperation>(
  history: readonly Operation[],
  limits: Limits,
): Judgement<Operation> {
  const order = byZxid(history);
  if (overtakingIn(order) === undefined && isRightInOrder(order)) return { kind: 'linearizable' };
  const answered = order.filter((operation) => operation.answered !== Infinity);
  const overtaking = overtakingIn(answered);
  if (overtaking !== undefined) return { kind: 'overtaken', ...overtaking };
  const open = history.filter((operation) => operation.answered === Infinity);
  return search(onZxidClock(answered, open), limits);
}

/** What fits nowhere is found even behind a part that can't be decided. */
function search<Operation extends PlacedOperation>(
  history: readonly Operation[],
  limits: Limits,
): Judgement<Operation> {
  const undecided: number[] = [];
  let left = limits.steps;
  for (const part of partsOf(history)) {
    const { verdict, steps } = findOrder(new ZnodeModel(part), part, { ...limits, steps: left });
    left -= steps;
    if (verdict.kind === 'unknown') undecided.push(part.length);
    if (verdict.kind !== 'not linearizable') continue;
    const operation = part[verdict.misfit];
    const order = verdict.order.flatMap((index) => part[index] ?? []);
    if (operation !== undefined) return { kind: 'misfit', operation, order };
  }
  const [operations] = undecided;
  if (operations === undefined) return { kind: 'linearizable' };
  return { kind: 'unknown', operations, steps: limits.steps - left };
}
