/** Numbers as Java reads them: Integer.parseInt and Long.parseLong take no blanks, no fraction and no other base. */
export function parseJavaInt(text: string): number | undefined {
  return parseWithin(text, -(2 ** 31), 2 ** 31 - 1);
}

/** Long.parseLong, as far as a number of ours is exact. */
export function parseJavaLong(text: string): number | undefined {
  return parseWithin(text, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
}

function parseWithin(text: string, min: number, max: number): number | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value : undefined;
}

export function parsePort(text: string): number | undefined {
  const port = parseJavaInt(text);
  return port !== undefined && port >= 0 && port <= 65_535 ? port : undefined;
}
