import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {readReport} from '../../conformance/report.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';

test('a report tells how many checks passed, failed and were left out, and why', async (t) => {
  const directory = await reportOf(
    t,
    `<testsuites time="3.4" tests="9" failures="1" errors="1" skipped="2" disabled="1">
  <testsuite name="OCI Conformance Test" tests="9">
    <testcase name="all/ping" classname="" time="0.001" status="passed"></testcase>
    <testcase name="all/range" classname="" time="0.001" status="skipped">
      <system-out>answered &#34;200&#34;&#xA;without a range</system-out>
      <system-err>GET /v2/</system-err>
    </testcase>
  </testsuite>
</testsuites>`,
  );

  t.deepEqual(await readReport(directory), {
    passed: 4,
    failed: 2,
    skipped: 2,
    disabled: 1,
    problems: ['skipped: all/range: answered "200"\nwithout a range'],
  });
});

test('a run that left no report is no success', async (t) => {
  const directory = await temporaryDirectory(t);

  await t.throwsAsync(readReport(directory), {code: 'ENOENT'});
});

for (const [what, xml] of [
  ['is empty', ''],
  ['is cut off', '<testsuites time="3.4" tes'],
  ['holds no check', '<testsuites tests="0"></testsuites>'],
] as const) {
  test(`a report that ${what} is no success`, async (t) => {
    const directory = await reportOf(t, xml);

    await t.throwsAsync(readReport(directory), {message: /no result|no sense/});
  });
}

async function reportOf(t: ExecutionContext, xml: string): Promise<string> {
  const directory = await temporaryDirectory(t);
  await writeFile(join(directory, 'junit.xml'), xml);
  return directory;
}
