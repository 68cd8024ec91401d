import type { ExpectationResult, PromiseResult, RunResult } from '../../result.ts';

/** Of the events that lead to a broken promise, so many: the last ones. */
const MOST_EVENTS = 25;

/** A promise that is not simply kept: what was seen, and the events that lead there. */
export function promiseText(promise: PromiseResult): string {
  const { name, evidence = [], slice = [], unknown } = promise;
  const head = unknown === undefined ? `${name} is broken` : `${name} can't be told: ${unknown}`;
  const left = slice.slice(-MOST_EVENTS);
  const more = slice.length > left.length ? [`… ${slice.length - left.length} events before`] : [];
  return [
    head,
    ...indented(evidence, 2),
    ...(slice.length > 0 ? ['  how it came:'] : []),
    ...indented([...more, ...left], 4),
  ].join('\n');
}

/** Why a promise does not count as broken. */
export function keptText({ checked, voidedBy, unknown }: PromiseResult): string {
  if (unknown !== undefined) return `it can't be told: ${unknown}`;
  if (voidedBy !== undefined) return `nobody answers for it after ${voidedBy}`;
  return checked === 0 ? 'nothing in this run could have broken it' : `it was kept, in ${checked} checks`;
}

export function expectationsText(expectations: readonly ExpectationResult[]): string {
  if (expectations.length === 0) return 'the scenario has no expectations';
  const missed = expectations.filter(({ met }) => !met);
  if (missed.length === 0) return `all ${expectations.length} expectations were met`;
  return missed
    .map(({ text, seen }) => `missed: ${text}${seen === undefined ? '' : ` (${seen})`}`)
    .join('\n');
}

export function livenessText({ liveness: { live, atMs, excuse }, servers }: RunResult): string {
  if (live) return `live: a write was answered after all faults had ended, at ${String(atMs)} ms`;
  const states = servers.map(({ name, state }) => `${name} ${state}`).join(', ');
  return `not live: no write was answered after all faults had ended${excuse === undefined ? '' : ` (${excuse})`}\n  ${states}`;
}

const indented = (texts: readonly string[], by: number): readonly string[] =>
  texts.flatMap((text) => text.split('\n')).map((line) => ' '.repeat(by) + line);
