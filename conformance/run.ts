/** `npm run conformance`: the official suite for each version of the specification, without accounts and with them, and its counts. */
import {relative} from 'node:path';
import {whyNoGo} from './go.ts';
import {conformanceVersion} from './program.ts';
import {runs, runSuite} from './suite.ts';

const reason = await whyNoGo();
if (reason === undefined) {
  console.log(`OCI distribution conformance ${conformanceVersion}`);
  for (const run of runs) {
    const outcome = await runSuite(run);
    const {passed, failed, skipped, disabled, tokens, problems, good} = outcome;
    for (const problem of problems) console.log(`  ${problem}`);
    console.log(
      `${run.specification}, auth.mode ${run.mode}: ${passed} passed, ${failed} failed, ${skipped} skipped, ${disabled} disabled, ${tokens} tokens given out` +
        ` (${relative(process.cwd(), outcome.directory)}/report.html)`,
    );
    if (!good) process.exitCode = 1;
  }
} else {
  console.error(`The OCI conformance suite did NOT run: ${reason}`);
  process.exitCode = 1;
}
