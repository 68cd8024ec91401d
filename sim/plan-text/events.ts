import { fieldsOfEvent } from '../event-fields.ts';
import type { FieldValues } from '../event-match.ts';
import type { When } from '../fault-plan.ts';
import type { TraceEventType } from '../trace-events.ts';
import type { FlowMap } from './flow.ts';
import type { NameOf } from './names.ts';
import { timeText } from './quantities.ts';
import { targetWord } from './targets.ts';

/** The event that something waits for, as scenario files write it. */
export const whenWords = ({ event, fields, on, count, afterMs }: When, nameOf: NameOf): FlowMap => ({
  event,
  with: fieldWords(event, fields, nameOf),
  on: on && targetWord(on, nameOf),
  count: count === 1 ? undefined : count,
  since: afterMs === 0 ? undefined : timeText(afterMs),
});

/** The fields that an event must have, its servers and clients by name; undefined where any event will do. */
export function fieldWords(event: TraceEventType, fields: FieldValues, nameOf: NameOf): FlowMap | undefined {
  const kinds = fieldsOfEvent(event);
  const words = Object.entries(fields).map(([field, value]) => {
    const kind = kinds.get(field);
    const isParty = (kind === 'server' || kind === 'party') && typeof value === 'number';
    return [field, isParty ? nameOf(value) : value] as const;
  });
  return words.length === 0 ? undefined : Object.fromEntries(words);
}
