import { NO_SESSION, type SessionId } from '../../../protocol/ids.ts';
import type { Data } from '../../../protocol/database/txn.ts';
import { parentOf } from '../model/paths.ts';
import { CanonicalArrays } from './canonical-arrays.ts';
import type { SequentialModel } from './search.ts';
import { Touched } from './touched.ts';
import { changesBy, isWithoutEffect, type ZnodeOperation } from './znode-operation.ts';
import { FIRST_ZNODES, isSequential, operationsIn, type Znode, type ZnodeTree } from './znode-rules.ts';

/**
 * The znode tree for the search, which keeps many trees at once: paths and znodes are numbered as they come up, a tree is the array of its
 * znodes' numbers by path, and that array is a number itself. So equal trees are the same number.
 */
export class ZnodeModel implements SequentialModel<number, ZnodeOperation> {
  readonly init: number;
  readonly #trees: CanonicalArrays;
  readonly #touched: Touched;
  readonly #paths = new Numbers<string>();
  readonly #datas = new Numbers<Data>();
  readonly #znodes = new Numbers<string, Znode>();
  /** Paths that have ever been its ephemerals. */
  readonly #owned = new Map<SessionId, Set<string>>();

  constructor(history: readonly ZnodeOperation[]) {
    this.#touched = new Touched(history);
    this.#trees = new CanonicalArrays(namesOf(history));
    let tree = 0;
    for (const [path, znode] of FIRST_ZNODES) tree = this.#with(tree, path, znode);
    this.init = tree;
  }

  step(state: number, operation: ZnodeOperation): number | undefined {
    const changes = changesBy(this.#view(state), operation);
    if (changes === undefined) return undefined;
    let tree = state;
    for (const [path, znode] of changes) tree = this.#with(tree, path, znode);
    return tree;
  }

  key(state: number): number {
    return state;
  }

  changesNothing(operation: ZnodeOperation): boolean {
    return isWithoutEffect(operation);
  }

  touches(operation: ZnodeOperation): readonly string[] {
    return this.#touched.by(operation);
  }

  #view(state: number): ZnodeTree {
    return {
      get: (path) => {
        const index = this.#paths.known(path);
        return index === undefined ? undefined : this.#znodes.at(this.#trees.get(state, index));
      },
      ownedBy: (session) => this.#owned.get(session) ?? [],
    };
  }

  #with(tree: number, path: string, znode: Znode | undefined): number {
    if (znode !== undefined && znode.owner !== NO_SESSION) this.#own(znode.owner, path);
    return this.#trees.with(
      tree,
      this.#paths.of(path, path),
      znode === undefined ? 0 : this.#numberOf(znode),
    );
  }

  #own(session: SessionId, path: string): void {
    const owned = this.#owned.get(session);
    if (owned === undefined) this.#owned.set(session, new Set([path]));
    else owned.add(path);
  }

  #numberOf(znode: Znode): number {
    const { data, version, creates, children, owner } = znode;
    const key = `${this.#datas.of(data, data)} ${version} ${creates} ${children} ${owner}`;
    return this.#znodes.of(key, znode);
  }
}

/** Things by number, from 1 in the order in which they came up. */
class Numbers<Key, Thing = Key> {
  readonly #numbers = new Map<Key, number>();
  readonly #things: (Thing | undefined)[] = [undefined];

  of(key: Key, thing: Thing): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#things.length);
    return this.#things.push(thing) - 1;
  }

  known(key: Key): number | undefined {
    return this.#numbers.get(key);
  }

  at(number: number): Thing | undefined {
    return this.#things[number];
  }
}

/** More than the paths that can come up: those that are asked for, and as many numbers behind a sequential name as its parent sees creates. */
function namesOf(history: readonly ZnodeOperation[]): number {
  const literal = new Set(FIRST_ZNODES.keys());
  const sequential = new Set<string>();
  const creates = new Map<string, number>();
  for (const { request } of history) {
    for (const op of operationsIn(request)) {
      if (!('path' in op)) continue;
      literal.add(op.path);
      if (op.op !== 'create' && op.op !== 'create2') continue;
      creates.set(parentOf(op.path), (creates.get(parentOf(op.path)) ?? 0) + 1);
      if (isSequential(op)) sequential.add(op.path);
    }
  }
  let count = literal.size + 1;
  for (const path of sequential) count += (creates.get(parentOf(path)) ?? 0) + 1;
  return count;
}
