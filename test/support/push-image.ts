/** Pushes the smallest image, with the clients that people have. */
import type {ExecutionContext} from 'ava';
import type {Holdfast} from './holdfast.ts';
import {workbench} from './workbench.ts';

/** Answers what skopeo said when it failed. A login that is refused is thrown. */
export async function pushImage(
  t: ExecutionContext,
  {certDir, host}: Pick<Holdfast, 'certDir' | 'host'>,
  {name, password, to}: {readonly name: string; readonly password: string; readonly to: string},
): Promise<string | undefined> {
  const bench = await workbench(t);
  await bench.umoci('init', '--layout', bench.path('layout'));
  await bench.umoci('new', '--image', `${bench.path('layout')}:v1`);
  const login = ['login', '--username', name, '--password-stdin', '--cert-dir', certDir, host];
  await bench.skopeo.given(password)(...login);
  try {
    const image = `oci:${bench.path('layout')}:v1`;
    await bench.skopeo('copy', '--dest-cert-dir', certDir, image, `docker://${host}/${to}`);
    return undefined;
  } catch (error) {
    return String(error);
  }
}
