import {entry} from '../support/serve-process.ts';
import {onTerminal} from '../support/terminal.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';

testWith(['script'], 'on a terminal the log is for people, and not JSON', async (t) => {
  const cwd = await temporaryDirectory(t);
  const words = 'serve --auth none --listen 127.0.0.1:0 --tls off';
  const {output} = await onTerminal(
    t,
    `${process.execPath} ${entry} ${words}`,
    [{after: /listens on /, type: '\u0003'}],
    {cwd, env: {PATH: process.env['PATH'], HOLDFAST_LOG_LEVEL: 'debug'}},
  );
  t.regex(output, /DEBUG[^\n]*routes/);
  t.false(output.includes('{"level"'), output.slice(0, 500));
});
