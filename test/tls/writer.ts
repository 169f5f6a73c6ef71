/** A process that renews the pair in the directory argv[2] again and again, a line for each; or once opens it. */
import {openCertificates, ownPairContext} from '../../src/tls/open-certificates.ts';
import {securePair} from '../../src/tls/own-pair.ts';
import {tlsSettings} from './workbench.ts';

const [, , directory = '', task = ''] = process.argv;
const ignore = (): void => undefined;
const options = {
  tls: tlsSettings(),
  directory,
  log: {debug: ignore, info: ignore, warn: ignore, error: console.error},
  hostNames: () => ['node1.example.org'],
  pollInterval: 0,
};
if (task === 'open') {
  console.log('ready');
  await new Promise((resolve) => process.stdin.once('data', resolve));
  process.stdin.destroy();
  console.log((await openCertificates(options)).current().cert);
} else {
  for (;;) {
    const {pair} = await securePair(ownPairContext(options), 'forced');
    console.log(pair.certificate.fingerprint256);
  }
}
