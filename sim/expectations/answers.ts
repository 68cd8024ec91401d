import type { ClientEvent } from '../../protocol/client-events.ts';
import type { OpName } from '../../protocol/client-packets.ts';
import { ErrorCode, errorName } from '../../protocol/errors.ts';
import type { Party } from '../party.ts';

type Answered = Extract<ClientEvent, { type: 'answered' }>;

/** Which operation an answer is for: 'answered' events only have its number. */
export class OpenOperations {
  readonly #byParty = new Map<Party, Map<number, OpName>>();

  onInvoked(party: Party, op: number, name: OpName): void {
    const open = this.#byParty.get(party);
    if (open === undefined) this.#byParty.set(party, new Map([[op, name]]));
    else open.set(op, name);
  }

  /** `undefined` for an operation that was never seen. */
  nameOf(party: Party, op: number): OpName | undefined {
    return this.#byParty.get(party)?.get(op);
  }

  onAnswered(party: Party, op: number): void {
    this.#byParty.get(party)?.delete(op);
  }
}

/**
 * Whether an answer counts as `wanted`: ok, failed (a definite error), unknown (connection loss) or an error's name.
 */
export function isResult(wanted: string, answer: Answered): boolean {
  const err = errorOf(answer);
  switch (wanted) {
    case 'ok':
      return err === ErrorCode.OK;
    case 'failed':
      return err !== ErrorCode.OK && err !== ErrorCode.CONNECTIONLOSS;
    case 'unknown':
      return err === ErrorCode.CONNECTIONLOSS;
    default:
      return errorName(err) === wanted;
  }
}

/**
 * The error that the application gets. A multi that failed has no error in its header: the client library finds the
 * culprit among the results, where the operations before it say OK and those after it RUNTIMEINCONSISTENCY
 * (ZooKeeper.multi).
 */
function errorOf(answer: Answered): number {
  if (answer.err !== ErrorCode.OK) return answer.err;
  for (const result of answer.body?.results ?? []) {
    const isCulprit =
      result.type === 'error' && result.err !== ErrorCode.OK && result.err !== ErrorCode.RUNTIMEINCONSISTENCY;
    if (isCulprit) return result.err;
  }
  return ErrorCode.OK;
}
