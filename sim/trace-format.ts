import { formatZxid, type Zxid } from '../protocol/zxid.ts';
import { clientIndex, isClient, isOutsider, isServer, outsiderName, type Party } from './party.ts';
import type { PartyNames } from './party-names.ts';
import { type Micros, toMs } from './time.ts';
import type { TraceEvent } from './trace-events.ts';

/**
 * A trace record as one line of plain text: time, who, what, and its fields by name. For people, on demand: `--trace`, assertion
 * failures, evidence. Never while a run goes on unasked.
 *
 *     12.004210s server 2  elected leader=3 round=1 zxid=0x100000003 peerEpoch=1 path=looking
 */
export function formatTraceEvent(
  at: Micros,
  party: Party,
  event: TraceEvent,
  nameOf: PartyNames = formatParty,
): string {
  const fields = formatFields(event, nameOf);
  const line = `${(toMs(at) / 1000).toFixed(6)}s ${nameOf(party).padEnd(9)} ${event.type}`;
  return fields === '' ? line : `${line} ${fields}`;
}

export function formatParty(party: Party): string {
  if (isServer(party)) return `server ${party}`;
  if (isOutsider(party)) return outsiderName(party);
  if (isClient(party)) return `client ${clientIndex(party)}`;
  return 'world';
}

const ZXID_FIELDS = /zxid$|CommittedLog$/i;
const PARTY_FIELDS = /^(?:from|to|struck)$/;
/** What would not fit on a line, or says nothing. */
const HIDDEN = new Set(['type', 'acl', 'passwd']);

const formatFields = (value: object, nameOf: PartyNames): string =>
  Object.entries(value)
    .filter(([name, field]) => !HIDDEN.has(name) && field !== undefined)
    .map(([name, field]) => `${name}=${formatField(name, field, nameOf)}`)
    .join(' ');

function formatField(name: string, field: unknown, nameOf: PartyNames): string {
  if (typeof field === 'number') return formatNumber(name, field, nameOf);
  if (typeof field === 'string') return /[\s=]|^$/.test(field) ? `'${field}'` : field;
  if (field instanceof Uint8Array) return `<${field.length} bytes>`;
  if (field instanceof Map) return `<${field.size} entries>`;
  if (Array.isArray(field)) return formatList(name, field, nameOf);
  if (typeof field === 'object' && field !== null) return formatObject(field, nameOf);
  return String(field);
}

function formatNumber(name: string, value: number, nameOf: PartyNames): string {
  if (ZXID_FIELDS.test(name)) return formatZxid(value as Zxid);
  return PARTY_FIELDS.test(name) ? nameOf(value).replaceAll(' ', '/') : String(value);
}

const formatList = (name: string, list: readonly unknown[], nameOf: PartyNames): string =>
  name === 'nodes'
    ? `<${list.length} nodes>`
    : `[${list.map((item) => formatField(name, item, nameOf)).join(',')}]`;

/** `create2{path=/a data=<3 bytes>}`: nested packets, txns and bodies begin with what they are. */
function formatObject(value: object, nameOf: PartyNames): string {
  const { type, op } = value as { readonly type?: unknown; readonly op?: unknown };
  const fields = formatFields(value, nameOf);
  if (typeof type === 'string') return `${type}{${fields}}`;
  return typeof op === 'string' ? fields.replace(/^op=(\S+) ?(.*)$/s, '$1{$2}') : `{${fields}}`;
}
