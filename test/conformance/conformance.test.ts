import {whyNoGo} from '../../conformance/go.ts';
import {runSuite, specifications} from '../../conformance/suite.ts';
import {testUnless} from '../support/test-with.ts';

const reason = await whyNoGo();
if (reason !== undefined) {
  console.error(`\n  The OCI conformance suite does NOT run: ${reason}\n`);
}

for (const specification of specifications) {
  testUnless(
    reason === undefined ? [] : [reason],
    `every check of the official conformance suite passes, OCI_VERSION=${specification}`,
    async (t) => {
      t.timeout(170_000);
      const {passed, failed, skipped, disabled, problems, good} = await runSuite(specification);
      t.log(`${passed} passed, ${failed} failed, ${skipped} skipped, ${disabled} disabled`);
      t.deepEqual(problems, []);
      t.true(good);
    },
  );
}
