import { ErrorCode, errorName } from '../../../protocol/errors.ts';
import { formatZxid, NO_TXNS } from '../../../protocol/zxid.ts';
import type { About, Contradiction } from '../checker.ts';
import { isRead } from '../history.ts';
import { type Names, when } from '../names.ts';
import type { ClientOperation } from './client-operations.ts';
import { applyWrite, Draft, type Outcome, operationsIn } from './znode-rules.ts';
import { PlainTree } from './zxid-order.ts';

/** `second` was answered before `first` was invoked, and has the later zxid. */
export const overtaken = (names: Names, first: ClientOperation, second: ClientOperation): Contradiction => ({
  about: aboutBoth(first, second),
  evidence: [
    `${whose(names, second)} was answered ${answerOf(second)}`,
    `but ${whose(names, first)} was invoked only ${invocationOf(first)}, and answered ${answerOf(first)}`,
  ],
});

/** `order` is the longest that fits, and its answer is not to be had behind it. */
export function misfit(
  names: Names,
  operation: ClientOperation,
  order: readonly ClientOperation[],
): Contradiction {
  const paths = pathsOf(operation);
  const other = order.findLast((before) => pathsOf(before).some((path) => paths.includes(path)));
  const place =
    other === undefined
      ? 'nothing that was asked for before it explains that'
      : `it can come no earlier than behind ${whose(names, other)}, answered ${answerOf(other)}`;
  return {
    about: other === undefined ? aboutBoth(operation, operation) : aboutBoth(other, operation),
    evidence: [
      `${whose(names, operation)}, invoked ${invocationOf(operation)}, was answered ${answerOf(operation)}`,
      `but ${place}`,
      `there the answer would be ${answerAfter(order, operation)}`,
    ],
  };
}

const whose = (names: Names, { asked, session }: ClientOperation): string =>
  asked === undefined ? `the end of session ${session}` : names.operation(asked);

/** `OK, version 2, at 3.000 ms as 0x100000002`. */
function answerOf({ answer, answeredAt, zxid }: ClientOperation): string {
  const place = zxid === NO_TXNS ? '' : ` as ${formatZxid(zxid)}`;
  if (answer === undefined || answeredAt === undefined) return `never${place}`;
  const { err, body } = answer;
  const version = body?.stat === undefined ? '' : `, version ${String(body.stat.version)},`;
  return `${errorName(err)}${version} ${when(answeredAt)}${place}`;
}

const invocationOf = ({ asked }: ClientOperation): string => when(asked?.invokedAt ?? 0);

const pathsOf = ({ request }: ClientOperation): readonly string[] =>
  operationsIn(request).flatMap((op) => ('path' in op ? [op.path] : []));

function answerAfter(order: readonly ClientOperation[], { request, session }: ClientOperation): string {
  const tree = new PlainTree();
  for (const operation of order) tree.take(operation);
  if (isRead(request)) {
    const node = tree.get(request.path);
    return node === undefined ? errorName(ErrorCode.NONODE) : `OK, version ${String(node.version)}`;
  }
  return textOf(applyWrite(new Draft(tree), request, session, tree));
}

function textOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'failed':
      return errorName(outcome.err);
    case 'created':
      return `OK, ${outcome.path}`;
    case 'set':
      return `OK, version ${String(outcome.node.version)}`;
    case 'deleted':
    case 'checked':
    case 'closed':
      return 'OK';
    case 'multi':
      return outcome.results.map(textOf).join('; ');
  }
}

function aboutBoth(one: ClientOperation, other: ClientOperation): About {
  const both = [one, other];
  const times = both.flatMap(({ asked, answeredAt }) => [asked?.invokedAt ?? [], answeredAt ?? []].flat());
  return {
    from: Math.min(...times),
    until: Math.max(...times),
    zxids: both.flatMap(({ zxid }) => (zxid === NO_TXNS ? [] : [zxid])),
    sessions: both.map(({ session }) => session),
    paths: both.flatMap(pathsOf),
    parties: both.flatMap(({ asked }) => (asked === undefined ? [] : [asked.client])),
  };
}
