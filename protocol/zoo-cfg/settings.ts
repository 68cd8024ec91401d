import { parseJavaInt } from './numbers.ts';
import { type Complaints, FILE_START, type Place } from './problem.ts';
import { placeIn, type Property } from './properties.ts';

/**
 * The `key=value` lines of a zoo.cfg by key, the last of equal keys winning as in java.util.Properties. Two
 * strictnesses, as in ZooKeeper: what QuorumPeerConfig parses must be right, what the JVM's Integer.getInteger reads
 * silently falls back.
 */
export class Settings {
  readonly #byKey = new Map<string, Property>();
  readonly #complaints: Complaints;

  constructor(properties: readonly Property[], complaints: Complaints) {
    this.#complaints = complaints;
    for (const property of properties) this.#add(property);
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  /** Where the key stands, or the start of the file. */
  keyPlace(key: string): Place {
    return this.#byKey.get(key)?.keyAt ?? FILE_START;
  }

  text(key: string): string | undefined {
    return this.#byKey.get(key)?.value.trim();
  }

  /** A key of QuorumPeerConfig: anything but a whole number refuses the file. */
  int(key: string, fallback: number, what = 'a whole number'): number {
    const value = this.#number(key);
    if (value === undefined) return fallback;
    if (Number.isNaN(value)) {
      this.#refuse(key, `\`${this.text(key) ?? ''}\` is not a whole number`, what);
      return fallback;
    }
    return value;
  }

  /** As `int`, but must be above zero: ZooKeeper's own check for zero, and sense for what is below. */
  positive(key: string, fallback: number, what: string): number {
    const value = this.#number(key) ?? fallback;
    if (value > 0) return value;
    const text = this.text(key);
    this.#refuse(key, text === undefined ? `${key} is not set` : `${key} is \`${text}\``, what);
    return 1;
  }

  /** parseBoolean: `true` or `false` in any case. */
  boolean(key: string, fallback: boolean): boolean {
    const text = this.text(key)?.toLowerCase();
    if (text === undefined) return fallback;
    if (text !== 'true' && text !== 'false')
      this.#refuse(key, `\`${text}\` is no boolean`, '`true` or `false`');
    return text === 'true';
  }

  /** A JVM property: what can't be read is ignored, and what is below `min` becomes `min`. */
  property(key: string, fallback: number, min: number): number {
    const value = this.#number(key);
    if (value === undefined) return fallback;
    if (Number.isNaN(value)) {
      this.#warn(
        key,
        `\`${this.text(key) ?? ''}\` is not a whole number: ZooKeeper uses ${String(fallback)}`,
      );
      return fallback;
    }
    if (value < min) this.#warn(key, `${key} is below ${String(min)}: ZooKeeper uses ${String(min)}`);
    return Math.max(value, min);
  }

  #number(key: string): number | undefined {
    const text = this.text(key);
    return text === undefined ? undefined : (parseJavaInt(text) ?? Number.NaN);
  }

  #add(property: Property): void {
    const earlier = this.#byKey.get(property.key);
    this.#byKey.set(property.key, property);
    if (earlier === undefined) return;
    const message = `\`${property.key}\` is set a second time (first in line ${String(earlier.keyAt.line)}); the last one counts`;
    this.#complaints.warning(property.keyAt, message, 'each key once');
  }

  #refuse(key: string, message: string, expected: string): void {
    this.#complaints.problem(this.#valuePlace(key), message, expected);
  }

  #warn(key: string, message: string): void {
    this.#complaints.warning(this.#valuePlace(key), message, 'a whole number in range');
  }

  #valuePlace(key: string): Place {
    const property = this.#byKey.get(key);
    return property === undefined ? FILE_START : placeIn(property, 0);
  }
}
