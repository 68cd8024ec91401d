import type { RequestBody } from '../../protocol/client-packets.ts';
import { OPEN_ACL_UNSAFE } from '../../protocol/database/txn.ts';
import type { TraceEvent } from '../../sim/trace-events.ts';

/** Requests as an application would make them, with text for data. */
const encoder = new TextEncoder();
const decoder = new TextDecoder();

const EPHEMERAL = 1;

export const createNode = (path: string, data: string | Uint8Array = ''): RequestBody => ({
  op: 'create2',
  path,
  data: typeof data === 'string' ? encoder.encode(data) : data,
  acl: OPEN_ACL_UNSAFE,
  flags: 0,
});

export const createEphemeral = (path: string): RequestBody => ({
  op: 'create2',
  path,
  data: null,
  acl: OPEN_ACL_UNSAFE,
  flags: EPHEMERAL,
});

export const writeNode = (path: string, data: string): RequestBody => ({
  op: 'setData',
  path,
  data: encoder.encode(data),
  version: -1,
});

export const readNode = (path: string): RequestBody => ({ op: 'getData', path, watch: false });
export const syncNode = (path: string): RequestBody => ({ op: 'sync', path });

export const textOf = (data: Uint8Array | null | undefined): string =>
  decoder.decode(data ?? new Uint8Array());

/** What a getData answered. */
export const readText = ({ body }: Extract<TraceEvent, { type: 'answered' }>): string => textOf(body?.data);
