/** What a row of the table is, by which Portus' configuration becomes settings. */

/** What a row reads, and where it puts what it has found. */
export interface PortusDraft {
  /** `undefined`: it is not there, or empty. */
  text(key: string): string | undefined;
  /** `undefined`: it is not there; anything but true or false is told. */
  flag(key: string): boolean | undefined;
  /** `undefined`: it is not there; anything but a whole number is told. */
  number(key: string): number | undefined;
  /** `key` is what says so. */
  set(setting: string, value: unknown, key: string): void;
  lose(key: string, message: string): void;
}

export interface PortusRow {
  /** Paths of the file; `PORTUS_LDAP_BASE` is ldap.base. `*` is any other key there. */
  readonly keys: readonly string[];
  /** What becomes of them, for the documentation. */
  readonly becomes: string;
  /** Is called whether the keys are there or not; absent: they change nothing. */
  readonly translate?: (draft: PortusDraft) => void;
}

/** A text that is the setting as it is. */
export const text =
  (key: string, setting: string) =>
  (draft: PortusDraft): void => {
    const value = draft.text(key);
    if (value !== undefined) draft.set(setting, value, key);
  };

export const flag =
  (key: string, setting: string) =>
  (draft: PortusDraft): void => {
    const value = draft.flag(key);
    if (value !== undefined) draft.set(setting, value, key);
  };

/** What nothing becomes of is told where the flag stands like this. */
export const lostIf =
  (lost: boolean, key: string, message: string) =>
  (draft: PortusDraft): void => {
    if (draft.flag(key) === lost) draft.lose(key, message);
  };
