import type { Password } from '../../protocol/client-packets.ts';
import { NO_SESSION, type SessionId } from '../../protocol/ids.ts';
import type { Packet } from '../../protocol/packets.ts';
import type { Party } from '../party.ts';
import type { Micros } from '../time.ts';

interface Attempt {
  readonly at: Micros;
  readonly sessionId: SessionId;
  readonly passwd: Password;
}

/** Who asked for which session, by which password, and who was given it. The password of a session is what its first holder was told. */
export class SessionPasswords {
  readonly #passwords = new Map<SessionId, Password>();
  /** The last attempt of each party at each server. */
  readonly #attempts = new Map<Party, Map<Party, Attempt>>();

  /** A server was asked for a session. */
  onRequest(at: Micros, server: Party, from: Party, packet: Packet & { type: 'connectRequest' }): void {
    const { sessionId, passwd } = packet;
    let attempts = this.#attempts.get(from);
    if (attempts === undefined) this.#attempts.set(from, (attempts = new Map<Party, Attempt>()));
    attempts.set(server, { at, sessionId, passwd });
  }

  /** A server answered. The attempt, if it had a wrong password and was granted all the same. */
  granted(server: Party, to: Party, packet: Packet & { type: 'connectResponse' }): Attempt | undefined {
    const { sessionId, passwd, timeOut } = packet;
    if (timeOut <= 0 || sessionId === NO_SESSION) return undefined;
    const known = this.#passwords.get(sessionId);
    if (known === undefined) this.#passwords.set(sessionId, passwd);
    const attempt = this.#attempts.get(to)?.get(server);
    const isWrong = attempt?.sessionId === sessionId && known !== undefined && attempt.passwd !== known;
    return isWrong ? attempt : undefined;
  }
}
