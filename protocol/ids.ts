/**
 * Branded identifiers. They are plain numbers and strings at run time, so they cost nothing, work as map keys and
 * print as themselves; the brand only stops one kind from being passed where another is meant.
 */
declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** A server's id: the number in its `myid` file and in `server.N=` of zoo.cfg. */
export type Sid = Branded<number, 'Sid'>;

/** A session's 64-bit id as ZooKeeper prints it: `0x` and lower-case hex without padding. */
export type SessionId = Branded<string, 'SessionId'>;

/**
 * One incarnation of a connection, unique within the process that names it. The two ends of a connection know it by
 * different ids. Positive ids are chosen by the process that dials, negative ones by the host for accepted connections.
 */
export type ConnectionId = Branded<number, 'ConnectionId'>;

export const sid = (value: number): Sid => value as Sid;
export const sessionId = (hex: string): SessionId => hex as SessionId;
export const connectionId = (value: number): ConnectionId => value as ConnectionId;

/** ConnectRequest.sessionId of a client that has no session yet, and of the answer "session expired". */
export const NO_SESSION = sessionId('0x0');
