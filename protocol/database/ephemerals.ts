import { NO_SESSION, type SessionId } from '../ids.ts';

const NONE: ReadonlySet<string> = new Set();

/** Which ephemeral nodes each session owns, oldest first. Derived from the nodes, so a snapshot doesn't hold it. */
export class Ephemerals {
  readonly #paths = new Map<SessionId, Set<string>>();

  get sessions(): readonly SessionId[] {
    return [...this.#paths.keys()];
  }

  of(session: SessionId): ReadonlySet<string> {
    return this.#paths.get(session) ?? NONE;
  }

  /** Does nothing for a node without an owner. */
  add(owner: SessionId, path: string): void {
    if (owner === NO_SESSION) return;
    const paths = this.#paths.get(owner);
    if (paths === undefined) this.#paths.set(owner, new Set([path]));
    else paths.add(path);
  }

  remove(owner: SessionId, path: string): void {
    const paths = this.#paths.get(owner);
    if (paths === undefined) return;
    paths.delete(path);
    if (paths.size === 0) this.#paths.delete(owner);
  }

  removeSession(session: SessionId): void {
    this.#paths.delete(session);
  }
}
