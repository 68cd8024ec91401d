import { FOR_EVER } from '../../sim/plan-defaults.ts';
import type { Activity, DataPlan, OperationPlan, Repeat } from '../../sim/client-plan.ts';
import type { Distribution } from '../../sim/world-plan.ts';
import type { WrittenActivity, WrittenOperation } from '../schema/clients.ts';
import { timeText } from '../../sim/plan-text/quantities.ts';
import type { Path } from '../yaml-source.ts';
import type { Report } from './report.ts';

/** When a client starts and when the story ends, ms from the start of the run. */
export interface Story {
  readonly startMs: number;
  readonly durationMs: number;
}

/** A request longer than jute.maxbuffer (1 MiB) loses its connection; 1 KiB of it is left for path and headers. */
const MAX_DATA_BYTES = 1024 * 1024 - 1024;

/** One item of a client's `does:`. */
export function compileActivity(
  written: WrittenActivity,
  path: Path,
  story: Story,
  report: Report,
): Activity {
  const repeat = compileRepeat(written, path, story, report);
  const startMs = (repeat.kind === 'once' ? written.at : written.from) ?? story.startMs;
  const at = [...path, repeat.kind === 'once' ? 'at' : 'from'];
  if (startMs < story.startMs) {
    report.vain(
      at,
      `${timeText(startMs)} is before the client starts`,
      `${timeText(story.startMs)} or later`,
    );
  } else if (startMs >= story.durationMs) {
    report.problem(
      at,
      `${timeText(startMs)} is after the story's end`,
      `before ${timeText(story.durationMs)}`,
    );
  }
  if (repeat.kind !== 'once' && repeat.untilMs <= startMs) {
    report.problem([...path, 'until'], 'it ends before it begins', `a time after ${timeText(startMs)}`);
  }
  return { startMs, repeat, operation: compileOperation(written, path, report) };
}

function compileRepeat(written: WrittenActivity, path: Path, story: Story, report: Report): Repeat {
  const { every, backToBack } = written;
  const untilMs = Math.min(written.until ?? story.durationMs, story.durationMs);
  const times = written.times ?? FOR_EVER;
  if (every !== undefined) {
    refuse(written, ['at', 'backToBack'], '`every`', path, report);
    if (neverPasses(every))
      report.problem([...path, 'every'], 'no time passes in between', 'an interval above zero');
    return { kind: 'every', interval: every, untilMs, times };
  }
  if (backToBack !== undefined) {
    refuse(written, ['at'], '`backToBack`', path, report);
    return { kind: 'backToBack', inFlight: backToBack, untilMs, times };
  }
  refuse(written, ['from', 'until', 'times'], 'an operation without `every` or `backToBack`', path, report);
  return { kind: 'once' };
}

type TimingKey = 'at' | 'from' | 'until' | 'times' | 'backToBack';

function refuse(
  written: WrittenActivity,
  keys: readonly TimingKey[],
  besides: string,
  path: Path,
  report: Report,
): void {
  for (const key of keys) {
    if (written[key] === undefined) continue;
    report.keyProblem([...path, key], `\`${key}\` does not go with ${besides}`, TIMINGS);
  }
}

const TIMINGS = '`at`; or `every` or `backToBack`, with `from`, `until` and `times`';

export function neverPasses(interval: Distribution): boolean {
  switch (interval.kind) {
    case 'constant':
      return interval.ms === 0;
    case 'uniform':
      return interval.maxMs === 0;
    case 'exponential':
      return interval.minMs + interval.meanMs === 0;
    case 'logNormal':
      return interval.medianMs === 0;
    case 'bimodal':
      return neverPasses(interval.fast) && neverPasses(interval.slow);
    case 'recorded':
      return interval.ms.every((ms) => ms === 0);
  }
}

function compileOperation(written: WrittenOperation, path: Path, report: Report): OperationPlan {
  if ('create' in written) return compileCreate(written, path, report);
  if ('set' in written) {
    const data = compileData(written, path, report);
    checkPath(written.set, [...path, 'set'], report);
    return { op: 'setData', path: written.set, data, version: written.version ?? -1 };
  }
  if ('delete' in written) {
    checkPath(written.delete, [...path, 'delete'], report);
    checkNotRoot(written.delete, [...path, 'delete'], report);
    return { op: 'delete', path: written.delete, version: written.version ?? -1 };
  }
  if ('check' in written) {
    checkPath(written.check, [...path, 'check'], report);
    return { op: 'check', path: written.check, version: written.version };
  }
  if ('multi' in written) {
    const ops = written.multi.map((op, index) => compileOperation(op, [...path, 'multi', index], report));
    return { op: 'multi', ops };
  }
  return 'close' in written ? { op: 'close' } : compileRead(written, path, report);
}

type WrittenCreate = Extract<WrittenOperation, { create: string }>;
type WrittenRead = Extract<
  WrittenActivity,
  { get: string } | { exists: string } | { children: string } | { sync: string }
>;

function compileCreate(written: WrittenCreate, path: Path, report: Report): OperationPlan {
  const { create, ephemeral = false, sequential = false } = written;
  if (sequential) checkWords(create, [...path, 'create'], report);
  else checkPath(create, [...path, 'create'], report);
  checkNotRoot(create, [...path, 'create'], report);
  return { op: 'create', path: create, data: compileData(written, path, report), ephemeral, sequential };
}

function compileRead(written: WrittenRead, path: Path, report: Report): OperationPlan {
  if ('sync' in written) {
    checkPath(written.sync, [...path, 'sync'], report);
    return { op: 'sync', path: written.sync };
  }
  const watch = written.watch ?? false;
  if ('get' in written) {
    checkPath(written.get, [...path, 'get'], report);
    return { op: 'getData', path: written.get, watch };
  }
  if ('exists' in written) {
    checkPath(written.exists, [...path, 'exists'], report);
    return { op: 'exists', path: written.exists, watch };
  }
  checkPath(written.children, [...path, 'children'], report);
  return { op: 'getChildren', path: written.children, watch };
}

/**
 * PathUtils.validatePath, as the client library checks before it sends. Only a sequential create may end in a slash.
 */
function checkPath(znode: string, path: Path, report: Report): void {
  checkWords(znode, path, report);
  if (znode.length > 1 && znode.endsWith('/')) {
    report.problem(path, `\`${znode}\` ends in a slash`, 'a path without it', znode.slice(0, -1));
  }
}

function checkWords(znode: string, path: Path, report: Report): void {
  if (znode.split('/').some((name) => name === '.' || name === '..')) {
    report.problem(path, `\`${znode}\` has \`.\` or \`..\` in it`, 'an absolute path');
  }
  for (const [template, word = ''] of znode.matchAll(/\{([^/{}]*)\}/g)) {
    if (word === 'n' || word === 'client') continue;
    report.problem(
      path,
      `\`${template}\` stands for nothing`,
      '`{n}`, the repetition, or `{client}`, the name',
    );
  }
}

function checkNotRoot(znode: string, path: Path, report: Report): void {
  if (znode === '/') report.problem(path, 'the root is always there', 'a path below it, such as /app');
}

function compileData(
  written: { readonly data?: string | undefined; readonly size?: number | undefined },
  path: Path,
  report: Report,
): DataPlan {
  const { data, size } = written;
  if (data !== undefined && size !== undefined) {
    report.keyProblem(
      [...path, 'size'],
      '`size` does not go with `data`',
      'either the text or how long it is',
    );
  }
  if ((size ?? 0) > MAX_DATA_BYTES) {
    report.problem(
      [...path, 'size'],
      'ZooKeeper takes no request above 1MiB (jute.maxbuffer)',
      'at most 1023KiB',
    );
  }
  if (size !== undefined) return { kind: 'size', bytes: size };
  return data === undefined ? { kind: 'none' } : { kind: 'text', text: data };
}
