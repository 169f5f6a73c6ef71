/** `npm run conformance`: the official suite for each version of the specification, and its counts. */
import {relative} from 'node:path';
import {whyNoGo} from './go.ts';
import {conformanceVersion} from './program.ts';
import {runSuite, specifications} from './suite.ts';

const reason = await whyNoGo();
if (reason === undefined) {
  console.log(`OCI distribution conformance ${conformanceVersion}`);
  for (const specification of specifications) {
    const outcome = await runSuite(specification);
    const {passed, failed, skipped, disabled, problems, good} = outcome;
    for (const problem of problems) console.log(`  ${problem}`);
    console.log(
      `${specification}: ${passed} passed, ${failed} failed, ${skipped} skipped, ${disabled} disabled` +
        ` (${relative(process.cwd(), outcome.directory)}/report.html)`,
    );
    if (!good) process.exitCode = 1;
  }
} else {
  console.error(`The OCI conformance suite did NOT run: ${reason}`);
  process.exitCode = 1;
}
