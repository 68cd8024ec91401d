import type { RunPlan } from '../sim/plan.ts';
import type { FaultResult, RunResult } from '../sim/result.ts';
import { fromMs } from '../sim/time.ts';
import type { Palette } from './colours.ts';
import { printable, wrap } from './display-width.ts';
import { clockTime, counted, duration, grouped, listed } from './numbers.ts';
import { partyNames } from './party-names.ts';
import { BROKEN, KEPT } from './verdict-text.ts';
import { isBroken, type RunRecord } from './run-record.ts';

/** The last lines of a report: how much ran, and what it proved, in plain words. */
const LEADERS_NAMED = 6;
const FAULTS_NAMED = 3;

export function summaryText(
  { plan, result, timeline }: RunRecord,
  width: number,
  palette: Palette,
): string[] {
  const [mark, colour] = result.verdict === 'kept' ? [KEPT, palette.good] : [BROKEN, palette.bad];
  return [
    ...wrap(amounts(result), width),
    ...wrap(leaders(result, plan), width),
    ...missed(result).flatMap((line) => wrap(line, width).map(palette.warning)),
    ...outside(result).flatMap((line) => wrap(line, width).map(palette.warning)),
    ...wrap(`${mark} ${proven(result, timeline.faults)}`, width).map(colour),
  ];
}

function amounts({ virtualMs, wallMs, events, messages, operations }: RunResult): string {
  const { ok, failed, unknown } = operations;
  return (
    `Ran ${duration(virtualMs)} of virtual time in ${duration(wallMs)}: ${counted(events, 'event')}, ` +
    `${counted(messages, 'message')}; the clients saw ${grouped(ok)} ok, ${grouped(failed)} failed, ${grouped(unknown)} unknown.`
  );
}

function leaders({ leaders: established }: RunResult, plan: RunPlan): string {
  if (established.length === 0) return 'No leader was ever established.';
  const nameOf = partyNames(plan);
  const named = established
    .slice(0, LEADERS_NAMED)
    .map(({ epoch, sid, atMs }) => `${nameOf(sid)} for epoch ${String(epoch)} at ${clockTime(fromMs(atMs))}`);
  const more = established.length - named.length;
  return `Leaders: ${listed(more > 0 ? [...named, `${grouped(more)} more`] : named)}.`;
}

/** Faults that struck nobody: nothing was wrong, but they proved nothing. */
function missed({ faults }: RunResult): string[] {
  const idle = faults.filter(({ kind, struck }) => kind !== 'heal' && struck.length === 0);
  if (idle.length === 0) return [];
  const named = idle.slice(0, FAULTS_NAMED).map(faultText);
  const more = idle.length - named.length;
  return [`Struck nobody: ${listed(more > 0 ? [...named, `${grouped(more)} more`] : named)}.`];
}

const faultText = ({ text, atMs }: FaultResult): string => `${printable(text)} at ${clockTime(fromMs(atMs))}`;

/** Faults that are more than ZooKeeper promises to survive. */
function outside({ outsideModel }: RunResult): string[] {
  if (outsideModel.length === 0) return [];
  const named = outsideModel
    .slice(0, FAULTS_NAMED)
    .map(({ fault, atMs }) => `${printable(fault)} at ${clockTime(fromMs(atMs))}`);
  const more = outsideModel.length - named.length;
  const all = listed(more > 0 ? [...named, `${grouped(more)} more`] : named);
  return [`Outside of what ZooKeeper promises to survive: ${all}.`];
}

function proven(result: RunResult, faults: number): string {
  switch (result.verdict) {
    case 'kept':
      return keptSentence(result, faults);
    case 'broken':
      return brokenSentence(result);
    case 'failed':
      return failedSentence(result);
  }
}

function keptSentence({ seed, promises, expectations, servers }: RunResult, faults: number): string {
  const tested = promises.filter(({ checked }) => checked > 0).length;
  const checks = promises.reduce((sum, { checked }) => sum + checked, 0);
  const share =
    tested === promises.length
      ? `all ${grouped(tested)}`
      : `${grouped(tested)} of ${grouped(promises.length)}`;
  const through = faults === 0 ? '' : ` through ${counted(faults, 'fault')}`;
  return [
    `With seed ${seed} ${kept(promises, through)}: ${share} put to the test, in ${counted(checks, 'check')}.`,
    ...(expectations.length === 0 ? [] : [metSentence(expectations.length)]),
    ...(haveEqualTrees(servers) ? ['The servers ended with the same tree.'] : []),
  ].join(' ');
}

/** A void promise is not held against ZooKeeper; of one that is unknown nothing is said. */
function kept(promises: RunResult['promises'], through = ''): string {
  const voided = promises.filter(({ voidedBy }) => voidedBy !== undefined).length;
  const unknown = promises.filter((promise) => promise.unknown !== undefined).length;
  const aside = [
    ...(voided === 0 ? [] : [counted(voided, 'void one')]),
    ...(unknown === 0 ? [] : [counted(unknown, 'unknown one')]),
  ];
  return `every promise was kept${through}${aside.length === 0 ? '' : `, ${listed(aside)} aside`}`;
}

function metSentence(count: number): string {
  if (count === 1) return 'The one expectation was met.';
  return count === 2 ? 'Both expectations were met.' : `All ${grouped(count)} expectations were met.`;
}

function brokenSentence({ seed, promises }: RunResult): string {
  const broken = promises.filter(isBroken).map(({ name }) => name);
  return `With seed ${seed} ZooKeeper broke ${counted(broken.length, 'promise')} of ${grouped(promises.length)}: ${listed(broken)}. The evidence is above.`;
}

function failedSentence({ seed, promises, expectations }: RunResult): string {
  const unknown = promises.filter((promise) => promise.unknown !== undefined).map(({ name }) => name);
  const missed = expectations.filter(({ met }) => !met).length;
  const but = [
    ...(unknown.length === 0 ? [] : [`it can't be told whether ${listed(unknown)} held`]),
    ...(missed === 0 ? [] : [`${counted(missed, 'expectation')} of ${grouped(expectations.length)} missed`]),
  ];
  return `With seed ${seed} ${kept(promises)}, but ${listed(but)}.`;
}

function haveEqualTrees(servers: RunResult['servers']): boolean {
  const alive = servers.filter(({ state }) => state !== 'DOWN');
  return alive.length > 1 && new Set(alive.map(({ digest }) => digest)).size === 1;
}
