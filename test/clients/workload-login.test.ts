/** Clients with an ID token of a CI as the password, as pipelines use them. */
import {shared} from '../support/lifetime.ts';
import {rootFilesystem, umociImage} from '../support/images.ts';
import {startIssuer} from '../support/issuer.ts';
import {startWithPeople, tellOnFailure} from '../support/people.ts';
import {testWith} from '../support/test-with.ts';
import {workbench} from '../support/workbench.ts';

const place = shared(async (life) => {
  const issuer = await startIssuer(life);
  const rule = {audience: 'registry', claims: {project_path: 'acme/*'}, robot: 'ci'};
  const workloads = [{...rule, issuer: issuer.url, caFile: issuer.caFile}];
  const holdfast = await startWithPeople(life, {settings: {auth: {mode: 'accounts', workloads}}});
  await holdfast.command('robot create ci --team makers --role contributor');
  return {issuer, holdfast};
});

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
