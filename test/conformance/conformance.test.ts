import {whyNoGo} from '../../conformance/go.ts';
import {runs, runSuite} from '../../conformance/suite.ts';
import {testUnless} from '../support/test-with.ts';

const reason = await whyNoGo();
if (reason !== undefined) {
  console.error(`\n  The OCI conformance suite does NOT run: ${reason}\n`);
}

const whoAsks = {none: 'everybody', accounts: 'an account below its own name'};

/** Each specification and each kind of asker once; `npm run conformance` has all that they make together. */
const tried = runs.filter(
  ({specification, mode}) => (specification === 'dev') === (mode === 'none'),
);

for (const run of tried) {
  testUnless(
    reason === undefined ? [] : [reason],
    `every check of the official conformance suite passes for ${whoAsks[run.mode]}, OCI_VERSION=${run.specification}`,
    async (t) => {
      t.timeout(170_000);
      const {passed, failed, skipped, disabled, tokens, problems, good} = await runSuite(run);
      t.log(
        `${passed} passed, ${failed} failed, ${skipped} skipped, ${disabled} disabled, ${tokens} tokens`,
      );
      t.deepEqual(problems, []);
      t.true(good);
    },
  );
}
