import { type Flow, type FlowMap, flowText, scalarText } from '../../sim/plan-text/flow.ts';

/** YAML as lines, in the two styles that scenario files have: blocks outside, and flow within a line. */
export type Lines = readonly string[];

export const pair = (key: string, value: Flow): string => `${scalarText(key)}: ${flowText(value)}`;

/** What is undefined is left out. */
export const pairs = (map: FlowMap): Lines =>
  Object.entries(map).flatMap(([key, value]) => (value === undefined ? [] : [pair(key, value)]));

export const item = (value: Flow): string => `- ${flowText(value)}`;

/** A key with lines below it; nothing where there are none. */
export const block = (key: string, lines: Lines): Lines =>
  lines.length === 0 ? [] : [`${scalarText(key)}:`, ...lines.map((line) => `  ${line}`)];
