/** What a row of the table is, by which Docker Distribution's configuration becomes settings. */

/** What a row reads, and where it puts what it has found. Nothing is told twice. */
export interface Draft {
  /** As YAML has it; `undefined` for what is not there, or has no value. */
  value(key: string): unknown;
  /** A text that is not empty; anything but a text or a number is a fault. */
  text(key: string): string | undefined;
  /** Anything but true or false is a fault. */
  flag(key: string): boolean | undefined;
  /** In milliseconds; anything but a duration of Distribution's is a fault. */
  duration(key: string): number | undefined;
  /** Whether holdfast.yaml, a HOLDFAST_* variable or a flag has this setting, whatever is said here. */
  isDecided(setting: string): boolean;
  /** A value as one would write it into holdfast.yaml; `key` is what says so. */
  set(setting: string, value: unknown, key: string): void;
  /** The file of the key that must be the one that signs, as its token server is told. */
  signWith(path: string, key: string): void;
  fault(key: string, message: string): void;
  warn(key: string, message: string): void;
}

export interface Row {
  /** Paths of the file (`storage.delete.enabled`; `*` is any other key there), or variables of the token server. */
  readonly keys: readonly string[];
  /** What becomes of them, for the documentation. */
  readonly becomes: string;
  /** What it decides. Where all of it is decided elsewhere, the row has nothing to say, and finds nothing. */
  readonly settings?: readonly string[];
  /** Is called whether the keys are there or not; absent: they change nothing. */
  readonly translate?: (draft: Draft) => void;
}
