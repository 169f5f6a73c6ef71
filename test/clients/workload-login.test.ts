/** Clients with an ID token of a CI as the password, as pipelines use them. */
import {readFile, writeFile} from 'node:fs/promises';
import {dockerAt, startDockerDaemon, trustForDocker} from '../support/dockerd.ts';
import {type Lifetime, shared} from '../support/lifetime.ts';
import {rootFilesystem, umociImage} from '../support/images.ts';
import {startIssuer} from '../support/issuer.ts';
import {networkNamespace} from '../support/network-namespace.ts';
import {startWithPeople, tellOnFailure} from '../support/people.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';
import {workbench} from '../support/workbench.ts';

const start = async (life: Lifetime, address = '127.0.0.1') => {
  const issuer = await startIssuer(life);
  const rule = {audience: 'registry', claims: {project_path: 'acme/*'}, robot: 'ci'};
  const workloads = [{...rule, issuer: issuer.url, caFile: issuer.caFile}];
  const settings = {auth: {mode: 'accounts' as const, workloads}};
  const holdfast = await startWithPeople(life, {settings, address});
  await holdfast.command('robot create ci --team makers --role contributor');
  return {issuer, holdfast};
};

const place = shared(async (life) => start(life));

testWith(
  ['skopeo', 'podman', 'umoci', 'busybox'],
  'skopeo and podman log in with an ID token, and push with it',
  async (t) => {
    const {issuer, holdfast} = await place(t);
    tellOnFailure(t, holdfast);
    const bench = await workbench(t);
    await umociImage(bench, await rootFilesystem(bench), 'made');
    // As large as those of a CI with many claims.
    const token = await issuer.sign({
      aud: 'registry',
      project_path: 'acme/app',
      groups: Array.from({length: 100}, (_, index) => `group number ${index}`),
    });
    const {host, certDir} = holdfast;
    const words = ['login', '--cert-dir', certDir, '-u', 'ci', '--password-stdin', host];
    t.regex(await bench.skopeo.given(token)(...words), /Login Succeeded/);
    const to = `docker://${host}/tools/app:v1`;
    await bench.skopeo('copy', '--dest-cert-dir', certDir, 'oci:made:v1', to);
    t.regex(await bench.podman.given(token)(...words), /Login Succeeded/);
    const wrong = await issuer.sign({aud: 'registry', project_path: 'evil/app'});
    await bench.refuses(bench.skopeo.given(wrong)(...words), /invalid username\/password/);
  },
);

testWith(
  ['docker', 'dockerd', 'containerd', 'runc', 'ip', 'tar'],
  'docker login keeps an ID token and no refresh token, and pushes with it',
  async (t) => {
    const bench = await workbench(t);
    const network = await networkNamespace(t);
    const directory = await temporaryDirectory(t);
    const {issuer, holdfast} = await start(t, network.hostAddress);
    const docker = dockerAt(bench, await startDockerDaemon(t, directory, network));
    await trustForDocker(t, holdfast);
    const token = await issuer.sign({aud: 'registry', project_path: 'acme/app'});
    const words = ['login', '-u', 'ci', '--password-stdin', holdfast.host];
    t.regex(await docker.given(`${token}\n`)(...words), /Login Succeeded/);
    const kept = await readFile(bench.path('home/.docker/config.json'), 'utf8');
    t.true(kept.includes(Buffer.from(`ci:${token}`).toString('base64')));
    t.notRegex(kept, /identitytoken/);
    const image = `${holdfast.host}/tools/app:v1`;
    await writeFile(bench.path('content'), 'of a layer');
    await bench.client('tar')('-c', '-f', 'layer.tar', 'content');
    await docker('import', bench.path('layer.tar'), image);
    await docker('push', image);
  },
);
