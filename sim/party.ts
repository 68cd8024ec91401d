import type { Sid } from '../protocol/ids.ts';

/**
 * Who an event happened to: a server (its sid, 0 or more), a client (−2, −3, … in the order of the scenario), the world, or an outsider:
 * a machine that only a fault brings in. A number, because every traced event and every message key carries one.
 */
export type Party = number;

export const WORLD: Party = -1;
/** The machine that floods servers with connections. */
export const FLOOD: Party = -1_000_000;
/** Somebody who takes up another client's session. */
export const STRANGER: Party = -1_000_001;
export const serverParty = (sid: Sid): Party => sid;
export const clientParty = (index: number): Party => -2 - index;
export const isServer = (party: Party): boolean => party >= 0;
export const isClient = (party: Party): boolean => party <= -2 && !isOutsider(party);
export const clientIndex = (party: Party): number => -2 - party;
export const partySid = (party: Party): Sid => party as Sid;
export const isOutsider = (party: Party): boolean => party <= FLOOD;
export const outsiderName = (party: Party): string => (party === FLOOD ? 'the flood' : 'a stranger');
