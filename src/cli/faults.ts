/** Faults of the configuration as a person reads them. */
import {type Fault, describeOrigin} from '../config/fault.ts';

export function describeFault({path, message, origin, remedy}: Fault): string {
  const from =
    origin === undefined || origin.kind === 'default'
      ? ''
      : `\n    given by ${describeOrigin(origin)}`;
  const mend = remedy === undefined ? '' : `\n    mend it with: ${remedy}`;
  return `  ${path}: ${message}${from}${mend}\n`;
}

/** All faults under one heading. */
export function describeFaults(faults: readonly Fault[]): string {
  const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
  return `holdfast: ${count} in the configuration\n${faults.map(describeFault).join('')}`;
}
