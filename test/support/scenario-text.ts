import type { RunPlan } from '../../sim/plan.ts';
import { loadText, type Problem } from '../../scenarios/loader.ts';
import { memoryFiles } from './memory-files.ts';

/** A small scenario, with lines put in by a test. */
export const HEAD = `name: test
description: A test.
duration: 20s
ensemble:
  servers: [zk1, zk2, zk3]
`;

export const FILE = 'story.yaml';

export function planOf(text: string, files: Readonly<Record<string, string>> = {}): RunPlan {
  const result = loadText(FILE, text, memoryFiles(files));
  if (!result.ok) throw new Error(JSON.stringify(result.problems, undefined, 1));
  return result.plan;
}

export function problemsOf(text: string, files: Readonly<Record<string, string>> = {}): readonly Problem[] {
  const result = loadText(FILE, text, memoryFiles(files));
  return result.ok ? [] : result.problems;
}

/** The line and column, from 1, at which `part` first stands in `text`. */
export function placeOf(text: string, part: string): { line: number; column: number } {
  const offset = text.indexOf(part);
  if (offset < 0) throw new Error(`no ${part} in the text`);
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
