import type { TraceEvent } from './trace-events.ts';

/** The values that a scenario file can compare an event's fields with. */
export type FieldValues = Readonly<Record<string, string | number | boolean>>;

/**
 * Whether the event has all of these fields with these values. `packet` compares the type of the packet in it; a txn's or a request's
 * field `txn` or `body` compares its type or operation.
 */
export function matchesFields(event: TraceEvent, fields: FieldValues): boolean {
  return Object.entries(fields).every(([name, wanted]) => comparable(fieldOf(event, name)) === wanted);
}

const fieldOf = (event: TraceEvent, name: string): unknown =>
  (event as unknown as Readonly<Record<string, unknown>>)[name];

function comparable(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('type' in value) return value.type;
  if ('op' in value) return value.op;
  if ('body' in value) return comparable(value.body);
  return value;
}
