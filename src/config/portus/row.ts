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
  /** Absent: they are told as lost where one is there. */
  readonly translate?: (draft: PortusDraft) => void;
}
