/** Backups of a registry whose accounts lie on a server of databases: into SQLite, and from SQLite back onto the server. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {onEachServer} from '../contract/engines.ts';
import {basic, startWithAccounts} from '../support/accounts.ts';
import {urlOf} from '../support/database-server.ts';
import {backupBench} from './backup-workbench.ts';
import {holdfast} from './holdfast.ts';

onEachServer(
  'a backup is put back into a file, and that one onto the server, and everybody logs in',
  async (t, engine) => {
    t.timeout(120_000);
    const databases = await engine.server(t);
    const first = await databases.fresh();
    const server = await startWithAccounts(t, {metadata: {url: urlOf(first)}});
    await server.person('anna', {admin: 'yes'});
    await server.team('makers', {anna: 'owner'});
    const {cwd, backups} = await backupBench(t, server.dataDir);
    const settings = join(cwd, 'server.yaml');
    const dataDir = {dataDir: server.dataDir};
    await writeFile(settings, JSON.stringify({...dataDir, metadata: {url: urlOf(first)}}));
    const run = async (words: readonly string[], input?: string) => {
      const ended = await holdfast(words, {cwd, ...(input === undefined ? {} : {input})});
      t.is(ended.code, 0, ended.stderr);
    };
    await run(['backup', backups, '--config', settings]);
    await server.stop();

    const inFile = join(cwd, 'in-file');
    await run(['restore', backups, '--data-dir', inFile]);
    const onFile = await startWithAccounts(t, {dataDir: inFile});
    await onFile.api.get('/auth/token').set('Authorization', basic('anna')).expect(200);
    await onFile.person('bert');
    await run(['backup', backups, '--data-dir', inFile]);
    await onFile.stop();

    const second = await databases.fresh();
    const url = urlOf({...second, password: undefined});
    const back = join(cwd, 'back');
    const words = ['restore', backups, '--data-dir', back, '--database', url, '--password-stdin'];
    await run(words, second.password);
    const again = await holdfast(
      ['restore', backups, '--data-dir', join(cwd, 'third'), ...words.slice(4)],
      {
        cwd,
        ...(second.password === undefined ? {} : {input: second.password}),
      },
    );
    t.is(again.code, 1);
    t.regex(again.stderr, /holds accounts: name an empty database/);
    const restored = await startWithAccounts(t, {dataDir: back, metadata: {url: urlOf(second)}});
    for (const name of ['anna', 'bert']) {
      await restored.api.get('/auth/token').set('Authorization', basic(name)).expect(200);
    }
  },
);
