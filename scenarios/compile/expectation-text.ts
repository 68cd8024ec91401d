import type { OpName } from '../../protocol/client-packets.ts';
import { formatTime } from '../schema/quantities.ts';
import { type ExpectationPlan, FOR_EVER } from './expectation-plan.ts';
import { inline } from './inline.ts';
import type { Names } from './names.ts';

/**
 * An expectation as a sentence, for reports: `bob sees NodeDeleted of /live/alice at least once between 4s and 20s`.
 */
export function expectationText(expectation: ExpectationPlan, names: Names): string {
  switch (expectation.kind) {
    case 'leader': {
      const who = expectation.server === undefined ? 'a leader' : names.nameOf(expectation.server);
      return `${who} is established${expectation.server === undefined ? '' : ' as leader'} ${howOften(expectation)}`;
    }
    case 'event': {
      const where = expectation.server === undefined ? '' : ` on ${names.nameOf(expectation.server)}`;
      return `${expectation.event}${fieldsText(expectation.fields)}${where} ${howOften(expectation)}`;
    }
    case 'answers':
      return `${expectation.client ?? 'a client'} gets ${expectation.result} for ${opsText(expectation.ops)} ${howOften(expectation)}`;
    case 'watch': {
      const what = expectation.eventType ?? 'a watch event';
      const where = expectation.path === undefined ? '' : ` of ${expectation.path}`;
      return `${expectation.client ?? 'a client'} sees ${what}${where} ${howOften(expectation)}`;
    }
    case 'session':
      return `${expectation.client} sees its session ${expectation.state} ${howOften(expectation)}`;
    case 'znode':
      return znodeText(expectation);
    case 'state':
      return `${names.nameOf(expectation.server)} is ${expectation.state} at the end`;
  }
}

interface WindowAndCount {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly min: number;
  readonly max: number;
}

function howOften(expectation: WindowAndCount): string {
  return `${countText(expectation)}${windowText(expectation)}`;
}

function countText({ min, max }: WindowAndCount): string {
  if (max === 0) return 'never';
  if (min === max) return timesText(min);
  if (max === FOR_EVER) return `at least ${timesText(min)}`;
  return min === 0 ? `at most ${timesText(max)}` : `${String(min)} to ${timesText(max)}`;
}

const timesText = (count: number): string => (count === 1 ? 'once' : `${String(count)} times`);

function windowText({ fromMs, untilMs }: WindowAndCount): string {
  if (untilMs === FOR_EVER) return fromMs === 0 ? '' : ` after ${formatTime(fromMs)}`;
  if (fromMs === 0) return ` before ${formatTime(untilMs)}`;
  return ` between ${formatTime(fromMs)} and ${formatTime(untilMs)}`;
}

const fieldsText = (fields: Readonly<Record<string, unknown>>): string =>
  Object.keys(fields).length === 0 ? '' : ` ${inline(fields)}`;

function opsText(ops: readonly OpName[]): string {
  if (ops.includes('closeSession') && ops.length > 1) return 'an operation';
  const words = ops.filter((op) => op !== 'create2' && op !== 'getChildren2');
  return words.join(' or ');
}

function znodeText(expectation: Extract<ExpectationPlan, { kind: 'znode' }>): string {
  if (!expectation.exists) return `${expectation.path} is on no server at the end`;
  const parts = [
    ...(expectation.data === undefined ? [] : [`holds "${expectation.data}"`]),
    ...(expectation.children === undefined ? [] : [`has ${String(expectation.children)} children`]),
  ];
  const what = parts.length === 0 ? 'is there' : parts.join(' and ');
  return `${expectation.path} ${what} on every server at the end`;
}
