/** What is wrong between us and somebody whom we ask, and what an operator would change. */
export interface Diagnosis {
  /** What failed, as a sentence without its end. */
  readonly finding: string;
  /** What to change. */
  readonly advice?: string;
  /** Whether it stays so until somebody changes a setting: to try again does not help. */
  readonly isOfSetup?: boolean;
}

/** How a diagnosis names the settings of whom is asked. */
export interface SettingWords {
  /** Such as `auth.keystone.url`, or `its issuer`. */
  readonly address: string;
  /** In front of caFile and timeout: `auth.keystone.`, or `its `. */
  readonly others: string;
  /** The usual ones, where they are not known to everybody. */
  readonly ports?: string;
}
