import type { OpName } from '../../protocol/client-packets.ts';
import { FOR_EVER } from '../../sim/plan-defaults.ts';
import { fieldWords } from '../../sim/plan-text/events.ts';
import { flowText } from '../../sim/plan-text/flow.ts';
import type { NameOf } from '../../sim/plan-text/names.ts';
import { timeText } from '../../sim/plan-text/quantities.ts';
import type { ExpectationPlan } from './expectation-plan.ts';

/**
 * An expectation as a sentence, for reports: `bob sees NodeDeleted of /live/alice at least once between 4s and 20s`.
 */
export function expectationText(expectation: ExpectationPlan, nameOf: NameOf): string {
  switch (expectation.kind) {
    case 'leader': {
      const who = expectation.server === undefined ? 'a leader' : nameOf(expectation.server);
      return `${who} is established${expectation.server === undefined ? '' : ' as leader'} ${howOften(expectation)}`;
    }
    case 'event': {
      const where = expectation.server === undefined ? '' : ` on ${nameOf(expectation.server)}`;
      const fields = fieldWords(expectation.event, expectation.fields, nameOf);
      const which = fields === undefined ? '' : ` ${flowText(fields)}`;
      return `${expectation.event}${which}${where} ${howOften(expectation)}`;
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
      return `${nameOf(expectation.server)} is ${expectation.state} at the end`;
    case 'promise':
      return `${expectation.promise} is ${expectation.is}`;
    case 'live':
      return expectation.live ? 'the ensemble lives on' : 'the ensemble can not live on';
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
  if (untilMs === FOR_EVER) return fromMs === 0 ? '' : ` after ${timeText(fromMs)}`;
  if (fromMs === 0) return ` before ${timeText(untilMs)}`;
  return ` between ${timeText(fromMs)} and ${timeText(untilMs)}`;
}

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
