/** A self-signed certificate for those registries that make none themselves. */
import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {requireProgram} from '../programs.ts';

export type Pair = {readonly certificate: string; readonly key: string};

const execute = promisify(execFile);

/** P-256, as Holdfast's own. */
export async function makePair(directory: string): Promise<Pair> {
  const pair = {certificate: join(directory, 'server.crt'), key: join(directory, 'server.key')};
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'];
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', pair.key, '-out', pair.certificate];
  await execute(requireProgram('openssl'), [
    'req',
    '-x509',
    ...curve,
    ...names,
    ...files,
    '-days',
    '2',
  ]);
  return pair;
}
