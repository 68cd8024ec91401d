import type { SessionId } from '../../../protocol/ids.ts';
import { isRead } from '../history.ts';
import { parentOf } from '../model/paths.ts';
import type { ZnodeOperation } from './znode-operation.ts';
import { isEphemeral, isSequential, operationsIn, type TreeRequest } from './znode-rules.ts';

/**
 * A history that is made of histories of independent objects is linearizable if each of them is (Herlihy and Wing: it is a local property),
 * and what the search costs depends on how much overlaps. Here an object is a znode below the root with all that is under it, or several
 * of them that some operation touches together: a multi, the end of a session with ephemerals in both.
 *
 * The root is shared: its numbers of creates and of children change with every znode right below it. Nobody can tell as long as nobody
 * looks at them. Where somebody reads the root, or takes a sequential name below it, the history is one part.
 */
export function partsOf<Operation extends ZnodeOperation>(
  history: readonly Operation[],
): readonly (readonly Operation[])[] {
  if (history.some(looksAtRoot)) return [history];
  const objects = new Objects();
  const ephemerals = ephemeralsOf(history);
  const touched = history.map((operation) => objects.join(touchedBy(operation, ephemerals)));
  const parts = new Map<number, Operation[]>();
  history.forEach((operation, index) => {
    const part = objects.find(touched[index] ?? 0);
    const operations = parts.get(part);
    if (operations === undefined) parts.set(part, [operation]);
    else operations.push(operation);
  });
  return [...parts.values()];
}

const namesIn = ({ request }: ZnodeOperation): readonly string[] => pathsIn(request).map(topOf);

const pathsIn = (request: TreeRequest): readonly string[] =>
  operationsIn(request).flatMap((op) => ('path' in op ? [op.path] : []));

/** `/a/b` → `a`. */
const topOf = (path: string): string => path.split('/', 2)[1] ?? '';

function looksAtRoot({ request }: ZnodeOperation): boolean {
  return operationsIn(request).some((op) => {
    if (op.op === 'closeSession') return false;
    if (op.op === 'create' || op.op === 'create2') return isSequential(op) && parentOf(op.path) === '/';
    return topOf(op.path) === '';
  });
}

/** Session → where its ephemerals are. */
function ephemeralsOf(history: readonly ZnodeOperation[]): ReadonlyMap<SessionId, ReadonlySet<string>> {
  const owned = new Map<SessionId, Set<string>>();
  for (const { request, session } of history) {
    if (isRead(request)) continue;
    for (const op of operationsIn(request)) {
      if ((op.op !== 'create' && op.op !== 'create2') || !isEphemeral(op)) continue;
      const names = owned.get(session);
      if (names === undefined) owned.set(session, new Set([topOf(op.path)]));
      else names.add(topOf(op.path));
    }
  }
  return owned;
}

const touchedBy = (
  operation: ZnodeOperation,
  ephemerals: ReadonlyMap<SessionId, ReadonlySet<string>>,
): readonly string[] =>
  operation.request.op === 'closeSession'
    ? [...(ephemerals.get(operation.session) ?? [])]
    : namesIn(operation);

/** Union-find: names that belong together have the same number at the end of their way. */
class Objects {
  readonly #numbers = new Map<string, number>();
  readonly #parents: number[] = [];

  /** From now on they belong together. Returns one of their numbers; of nothing, a number of its own. */
  join(names: readonly string[]): number {
    const [first, ...others] = names;
    if (first === undefined) return this.#add();
    const number = this.#of(first);
    for (const name of others) this.#parents[this.find(this.#of(name))] = this.find(number);
    return number;
  }

  find(number: number): number {
    let at = number;
    for (let parent = this.#parents[at] ?? at; parent !== at; parent = this.#parents[at] ?? at) at = parent;
    return at;
  }

  #of(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#add();
    this.#numbers.set(name, number);
    return number;
  }

  #add(): number {
    return this.#parents.push(this.#parents.length) - 1;
  }
}
