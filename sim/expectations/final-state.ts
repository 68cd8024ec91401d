import type { Sid } from '../../protocol/ids.ts';
import type { ServerState } from '../../protocol/packets.ts';
import type { Expectation } from '../plan.ts';
import type { ExpectationResult, Liveness, PromiseResult } from '../result.ts';

/** How a run ended, as far as expectations ask. */
export interface FinalState {
  readonly servers: readonly FinalServer[];
  readonly promises: readonly PromiseResult[];
  readonly liveness: Liveness;
}

export interface FinalServer {
  readonly sid: Sid;
  readonly state: ServerState | 'DOWN';
  /** The znode in this server's tree: its data as UTF-8 text and the number of its children. */
  znode(path: string): { readonly data: string; readonly children: number } | undefined;
}

export type FinalExpectation = Extract<Expectation, { kind: 'znode' | 'state' | 'promise' | 'live' }>;

export const isFinal = (expectation: Expectation): expectation is FinalExpectation =>
  ['znode', 'state', 'promise', 'live'].includes(expectation.kind);

/** Judges an expectation about the end of the run. */
export function judgeFinal(expectation: FinalExpectation, final: FinalState): ExpectationResult {
  const seen = differenceIn(expectation, final);
  const { text } = expectation;
  return seen === undefined ? { text, met: true } : { text, met: false, seen };
}

/** What is there instead; `undefined` when all is as expected. */
function differenceIn(expectation: FinalExpectation, final: FinalState): string | undefined {
  switch (expectation.kind) {
    case 'state':
      return otherState(expectation, final);
    case 'znode':
      return otherZnode(expectation, final);
    case 'promise':
      return otherPromise(expectation, final);
    case 'live':
      return otherLiveness(expectation, final);
  }
}

function otherState(
  expectation: Extract<FinalExpectation, { kind: 'state' }>,
  final: FinalState,
): string | undefined {
  const server = final.servers.find((candidate) => candidate.sid === expectation.server);
  const state = server?.state ?? 'DOWN';
  return state === expectation.state ? undefined : `it is ${state}`;
}

function otherZnode(
  expectation: Extract<FinalExpectation, { kind: 'znode' }>,
  final: FinalState,
): string | undefined {
  const alive = final.servers.filter((server) => server.state !== 'DOWN');
  if (alive.length === 0) return 'no server is alive';
  const others = alive.flatMap((server) => {
    const difference = differenceOf(expectation, server.znode(expectation.path));
    return difference === undefined ? [] : [`server ${String(server.sid)}: ${difference}`];
  });
  return others.length === 0 ? undefined : others.join('; ');
}

function differenceOf(
  expectation: Extract<FinalExpectation, { kind: 'znode' }>,
  znode: { readonly data: string; readonly children: number } | undefined,
): string | undefined {
  if (!expectation.exists) return znode === undefined ? undefined : 'it is there';
  if (znode === undefined) return 'it is not there';
  const { data, children } = expectation;
  if (data !== undefined && znode.data !== data) return `it holds "${znode.data}"`;
  if (children !== undefined && znode.children !== children)
    return `it has ${String(znode.children)} children`;
  return undefined;
}

function otherPromise(
  { promise, is }: Extract<FinalExpectation, { kind: 'promise' }>,
  { promises }: FinalState,
): string | undefined {
  const result = promises.find(({ name }) => name === promise);
  if (result === undefined) return 'nobody has checked it';
  const became = outcomeOf(result);
  if (became === is) return undefined;
  return became === 'void' ? `it is void: ${result.voidedBy ?? ''}` : `it is ${became}`;
}

const outcomeOf = ({ kept, voidedBy }: PromiseResult): 'kept' | 'broken' | 'void' => {
  if (kept) return 'kept';
  return voidedBy === undefined ? 'broken' : 'void';
};

function otherLiveness(
  { live }: Extract<FinalExpectation, { kind: 'live' }>,
  { liveness }: FinalState,
): string | undefined {
  if (liveness.live === live) return undefined;
  if (liveness.live) return 'a write was answered';
  return liveness.excuse ?? 'no write was answered';
}
