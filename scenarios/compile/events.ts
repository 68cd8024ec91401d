import { serverParty, clientParty } from '../../sim/party.ts';
import { type FieldKind, eventTypes, fieldsOfEvent, isEventType } from '../../sim/event-fields.ts';
import type { FieldValues } from '../../sim/event-match.ts';
import type { TraceEventType } from '../../sim/trace-events.ts';
import { nearestWord } from '../../protocol/nearest-word.ts';
import type { Path } from '../yaml-source.ts';
import { listOf, type Names } from './names.ts';
import type { Report } from './report.ts';

type Scalar = string | number | boolean;

/** An event's name; complains when there is no such event. */
export function readEventType(word: string, path: Path, report: Report): TraceEventType | undefined {
  if (isEventType(word)) return word;
  const known = eventTypes();
  report.problem(path, `there is no event \`${word}\``, listOf(known), nearestWord(word, known));
  return undefined;
}

/** The `with:` of an event: its fields and the values they must have, servers by name or number. */
export function readFields(
  type: TraceEventType,
  written: Readonly<Record<string, Scalar>> | undefined,
  path: Path,
  names: Names,
  report: Report,
): FieldValues {
  const kinds = fieldsOfEvent(type);
  const values: [string, Scalar][] = [];
  for (const [field, value] of Object.entries(written ?? {})) {
    const kind = kinds.get(field);
    const at = [...path, field];
    if (kind === undefined) complainAboutField(type, field, [...kinds.keys()], at, report);
    else values.push([field, readValue(kind, value, at, names, report)]);
  }
  return Object.fromEntries(values);
}

function complainAboutField(
  type: TraceEventType,
  field: string,
  known: readonly string[],
  path: Path,
  report: Report,
): void {
  const expected = known.length === 0 ? `no \`with\`: ${type} has no fields` : listOf(known);
  report.keyProblem(path, `${type} has no field \`${field}\``, expected, nearestWord(field, known));
}

function readValue(kind: FieldKind, value: Scalar, path: Path, names: Names, report: Report): Scalar {
  switch (kind) {
    case 'server':
      return names.readServer(wordOf(value), path, report) ?? value;
    case 'party':
      return readParty(wordOf(value), path, names, report) ?? value;
    case 'number':
    case 'boolean':
      if (typeof value !== kind) report.problem(path, `\`${String(value)}\` is no ${kind}`, NOUNS[kind]);
      return value;
    case 'text':
    case 'kind':
      return String(value);
    default:
      if (!kind.includes(String(value))) {
        const suggestion = nearestWord(String(value), kind);
        report.problem(path, `\`${String(value)}\` does not occur there`, listOf(kind), suggestion);
      }
      return value;
  }
}

const NOUNS = { number: 'a number (a zxid as 0x100000001)', boolean: '`true` or `false`' } as const;
const wordOf = (value: Scalar): string | number => (typeof value === 'boolean' ? String(value) : value);

function readParty(word: string | number, path: Path, names: Names, report: Report): number | undefined {
  const index = names.clients.indexOf(String(word));
  if (index >= 0) return clientParty(index);
  const sid = names.readServer(word, path, report);
  return sid === undefined ? undefined : serverParty(sid);
}
