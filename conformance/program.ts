/** The conformance program of the OCI distribution specification. */
import {installGoProgram} from './go.ts';

export const conformanceVersion = 'v0.0.0-20260831232431-97274622c111';

/** The path of the program, at the pinned version; installs it where it is not there yet. */
export function installConformance(): Promise<string> {
  return installGoProgram({
    name: 'conformance',
    module: 'github.com/opencontainers/distribution-spec/conformance',
    version: conformanceVersion,
  });
}
