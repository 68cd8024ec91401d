/**
 * exp, log and cosine from additions, multiplications and divisions, which IEEE 754 rounds exactly. `Math.exp` and its like may
 * differ in the last bit between engines and versions, and one bit is enough to make two runs differ (law 7). Good to about
 * 1e-15 relative to the result.
 */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const SQRT_HALF = 0.7071067811865476;
const TURN = 6.283185307179586;

/** 2ᵏ for whole k in the range of doubles. */
function powerOfTwo(k: number): number {
  let power = 1;
  const step = k < 0 ? 0.5 : 2;
  for (let i = Math.abs(k); i > 0; i--) power *= step;
  return power;
}

/** eˣ: x = k·ln 2 + r with |r| ≤ ln 2 / 2, then the Taylor series of eʳ by Horner. */
export function exp(x: number): number {
  const k = Math.round(x / LN2_HIGH);
  if (k > 1023) return Infinity;
  if (k < -1070) return 0;
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let sum = 1;
  for (let n = 16; n >= 1; n--) sum = 1 + (sum * r) / n;
  return sum * powerOfTwo(k);
}

/** Natural logarithm of a finite x > 0: x = m·2ᵏ with m near 1, then ln m = 2·artanh((m − 1) / (m + 1)). */
export function log(x: number): number {
  if (x === 0) return -Infinity;
  let m = x;
  let k = 0;
  for (; m < SQRT_HALF; k--) m *= 2;
  for (; m >= 2 * SQRT_HALF; k++) m /= 2;
  const s = (m - 1) / (m + 1);
  let sum = 0;
  for (let n = 23; n >= 1; n -= 2) sum = sum * s * s + 1 / n;
  return k * LN2_HIGH + (2 * s * sum + k * LN2_LOW);
}

/** cos(2πu) for u in [0, 1): folded to an eighth of a turn, then the Taylor series of cosine or sine. */
export function cosTurn(u: number): number {
  const half = u > 0.5 ? 1 - u : u;
  if (half > 0.375) return -cosSmall(0.5 - half);
  if (half > 0.125) return sinSmall(0.25 - half);
  return cosSmall(half);
}

function cosSmall(u: number): number {
  const x = TURN * u;
  let sum = 1;
  for (let n = 18; n >= 2; n -= 2) sum = 1 - (sum * x * x) / (n * (n - 1));
  return sum;
}

function sinSmall(u: number): number {
  const x = TURN * u;
  let sum = 1;
  for (let n = 19; n >= 3; n -= 2) sum = 1 - (sum * x * x) / (n * (n - 1));
  return sum * x;
}
