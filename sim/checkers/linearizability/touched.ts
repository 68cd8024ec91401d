import type { SessionId } from '../../../protocol/ids.ts';
import { parentOf } from '../model/paths.ts';
import type { ZnodeOperation } from './znode-operation.ts';
import { isEphemeral, operationsIn } from './znode-rules.ts';

/**
 * Which znodes operations look at or change, by name. What is behind a sequential name is not known before it is decided, so paths that
 * differ only in that number have one name.
 */
export class Touched {
  /** Session → its ephemerals and their parents: what its end touches. */
  readonly #owned = new Map<SessionId, Set<string>>();
  readonly #names = new Map<ZnodeOperation, readonly string[]>();

  constructor(history: readonly ZnodeOperation[]) {
    for (const { request, session } of history) {
      for (const op of operationsIn(request)) {
        if ((op.op !== 'create' && op.op !== 'create2') || !isEphemeral(op)) continue;
        const owned = this.#owned.get(session) ?? new Set();
        this.#owned.set(session, owned.add(nameOf(op.path)).add(nameOf(parentOf(op.path))));
      }
    }
    for (const operation of history) this.#names.set(operation, this.#namesIn(operation));
  }

  by(operation: ZnodeOperation): readonly string[] {
    return this.#names.get(operation) ?? [];
  }

  #namesIn({ request, session }: ZnodeOperation): readonly string[] {
    if (request.op === 'closeSession') return [...(this.#owned.get(session) ?? [])];
    return operationsIn(request).flatMap((op) => {
      if (!('path' in op)) return [];
      const path = nameOf(op.path);
      return changesParent(op.op) ? [path, nameOf(parentOf(op.path))] : [path];
    });
  }
}

const changesParent = (op: string): boolean => op === 'create' || op === 'create2' || op === 'delete';

/** `''` is another name of the root. */
const nameOf = (path: string): string => (path === '' ? '/' : path.replace(SEQUENCE, ''));
const SEQUENCE = /-?\d{10,}$/;
