/** What is wrong with a configuration, in a form that can be printed and sent as JSON. */

/** Where a value comes from; `detail` is `FILE:LINE`, the variable's name or the flag. */
export interface Origin {
  readonly kind: 'default' | 'file' | 'environment' | 'flag';
  readonly detail?: string;
}

/** `path` is a setting (`http.listen[0]`), a variable, or a path in the file system. */
export interface Fault {
  readonly path: string;
  readonly message: string;
  readonly origin?: Origin;
  /** The command that mends it. */
  readonly remedy?: string;
}

/** Everything that is wrong, told at once; nothing may be started after it. */
export class ConfigError extends Error {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[], options?: ErrorOptions) {
    super(faults.map(({path, message}) => `${path}: ${message}`).join('\n'), options);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** Several rows of a table may look at one key. */
export const once = (faults: readonly Fault[]): readonly Fault[] => [
  ...new Map(faults.map((fault) => [`${fault.path} ${fault.message}`, fault])).values(),
];

export const describeOrigin = ({kind, detail}: Origin): string => {
  if (detail === undefined) return kind;
  return kind === 'environment' ? `variable ${detail}` : `${kind} ${detail}`;
};
