/** The access log, put away by logrotate as deploy/logrotate says. */
import {chmod, readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {run} from '../support/command.ts';
import {startInProcess} from '../support/in-process.ts';
import {until} from '../support/raw-request.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';

const delivered = join(import.meta.dirname, '../../deploy/logrotate/holdfast');

testWith(['logrotate'], 'logrotate puts the access log away, and no line is lost', async (t) => {
  const directory = await temporaryDirectory(t);
  // It refuses directories into which others may write.
  await chmod(directory, 0o700);
  const file = join(directory, 'access.log');
  const holdfast = await startInProcess(t, {log: {access: {file}}});
  const ask = async (word: string): Promise<void> => {
    await holdfast.api.get(`/v2/?n=${word}`).expect(200);
  };
  const text = async (name: string): Promise<string> =>
    readFile(join(directory, name), 'utf8').catch(() => '');
  await ask('first');
  await until(async () => (await text('access.log')).includes('n=first'));

  const rules = (await readFile(delivered, 'utf8'))
    .replaceAll('/var/log/holdfast', directory)
    // There is no such user here.
    .replace(/^\s*su .*\n/m, '');
  const config = join(directory, 'logrotate.conf');
  await writeFile(config, rules, {mode: 0o600});
  await run('logrotate', ['--force', '--state', join(directory, 'state'), config]);
  t.true((await readdir(directory)).includes('access.log.1'));

  let asked = 0;
  await until(async () => {
    asked += 1;
    await ask(`after-${asked}`);
    return (await text('access.log')).includes('n=after');
  });
  await holdfast.stop();
  const lines = `${await text('access.log.1')}${await text('access.log')}`;
  const words = [...lines.matchAll(/\?n=(\S+)/g)].map(([, word]) => word);
  t.deepEqual(words, ['first', ...Array.from({length: asked}, (_, index) => `after-${index + 1}`)]);
});
