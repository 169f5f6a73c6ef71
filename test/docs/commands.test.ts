/** Commands on the pages of docs/ print what the pages say. */
import {runningBench} from '../cli/administration-workbench.ts';
import {run} from '../support/command.ts';
import {entry} from '../support/serve-process.ts';
import {testWith} from '../support/test-with.ts';
import {blocksOf, dialoguesOf, fits, readPage} from '../support/page.ts';

const prelude = `exec 2>&1; holdfast() { '${process.execPath}' '${entry}' "$@"; }`;

for (const [name, env] of [
  ['accounts.md', {}],
  ['tokens.md', {HOLDFAST_TOKEN_KEY: 'ES256'}],
] as const) {
  testWith(
    ['openssl'],
    `the commands of docs/${name}, one after the other, print what stands there`,
    async (t) => {
      t.timeout(180_000);
      const {cwd} = await runningBench(t, env);
      const dialogues = blocksOf(await readPage(name), 'console').flatMap(dialoguesOf);
      t.true(dialogues.length > 1);
      for (const {command, output} of dialogues) {
        const {stdout} = await run('bash', ['-c', `${prelude}; ${command}`], {
          cwd,
          env,
          allowFailure: true,
        });
        t.true(fits(stdout, output), `${command}\n${stdout}\n--- the page says:\n${output}`);
      }
    },
  );
}
