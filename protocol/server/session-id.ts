/**
 * Session ids and passwords (SessionTrackerImpl.initializeNextSessionId, ZooKeeperServer.generatePasswd). Both are computed,
 * never stored: every server can check every password.
 */
import { sessionId, type SessionId, type Sid } from '../ids.ts';

const LONG = 64;
const CONTAINER_EPHEMERAL_OWNER = 0x8000000000000000n;

/** Ids of one server, from the moment its tracker was made: the sid in the top byte, then 40 bits of ms, then a count. */
export class SessionIds {
  #next: bigint;

  constructor(sid: Sid, elapsedMs: number) {
    const time = BigInt.asUintN(LONG, BigInt(elapsedMs) << 24n) >> 8n;
    this.#next = BigInt.asUintN(LONG, time | (BigInt(sid) << 56n));
    if (this.#next === CONTAINER_EPHEMERAL_OWNER) this.#next++;
  }

  next(): SessionId {
    const id = sessionId(`0x${this.#next.toString(16)}`);
    this.#next++;
    return id;
  }
}

const SUPER_SECRET = 0xb3415c00n;
const MULTIPLIER = 0x5deece66dn;
const MASK_48 = (1n << 48n) - 1n;

/** 16 bytes of java.util.Random(sessionId XOR secret), as 32 hex digits. */
export function passwordOf(id: SessionId): string {
  let seed = (BigInt(id) ^ SUPER_SECRET ^ MULTIPLIER) & MASK_48;
  let hex = '';
  for (let word = 0; word < 4; word++) {
    seed = (seed * MULTIPLIER + 0xbn) & MASK_48;
    hex += littleEndian(Number(seed >> 16n));
  }
  return hex;
}

/** nextBytes hands out each int least significant byte first. */
function littleEndian(int: number): string {
  const bytes = [int, int >>> 8, int >>> 16, int >>> 24];
  return bytes.map((byte) => (byte & 0xff).toString(16).padStart(2, '0')).join('');
}
