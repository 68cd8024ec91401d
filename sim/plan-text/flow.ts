/** Data as a scenario file has it; what is undefined is left out. */
export type Flow = string | number | boolean | readonly Flow[] | FlowMap;
export interface FlowMap {
  readonly [key: string]: Flow | undefined;
}

/** Data in one line of YAML (flow style): `[zk1, { name: zk2, role: observer }]`. Reading the line gives the data again. */
export function flowText(value: Flow): string {
  if (typeof value === 'string') return scalarText(value);
  if (typeof value !== 'object') return String(value);
  if (isList(value)) return `[${value.map(flowText).join(', ')}]`;
  const pairs = flowPairs(value);
  return pairs === '' ? '{}' : `{ ${pairs} }`;
}

/** The pairs of a mapping, as `flowText` has them between its braces. */
export const flowPairs = (map: FlowMap): string =>
  Object.entries(map)
    .flatMap(([key, value]) => (value === undefined ? [] : [`${scalarText(key)}: ${flowText(value)}`]))
    .join(', ');

const isList = (value: Flow): value is readonly Flow[] => Array.isArray(value);

/** Words that mean themselves wherever they stand; everything else goes between quotes. */
const PLAIN = /^-?[A-Za-z0-9/][A-Za-z0-9_./%+-]*([: ][A-Za-z0-9_./%+-]+)*$/;
const NUMBER = /^[-+]?(0x[0-9a-f]+|0o[0-7]+|(\.[0-9]+|[0-9]+(\.[0-9]*)?)(e[-+]?[0-9]+)?|\.inf|\.nan)$/i;
const WORDS_OF_YAML = /^(true|false|null)$/i;

/** Text as YAML: plain, in single quotes, or in double ones where something must be escaped. */
export function scalarText(text: string): string {
  if (isPlain(text)) return text;
  return /^[\x20-\x7e]*$/.test(text) && !text.includes("'") ? `'${text}'` : JSON.stringify(text);
}

const isPlain = (text: string): boolean =>
  PLAIN.test(text) && !NUMBER.test(text) && !WORDS_OF_YAML.test(text);
