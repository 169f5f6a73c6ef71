/** A pair that was renewed comes into force everywhere: on new connections, in what signs tokens, and in the metrics. */
import type {Access} from '../auth/access.ts';
import type {Metrics} from '../observability/metrics.ts';
import type {Certificates} from '../tls/certificates.ts';
import type {Servers} from './servers.ts';

interface Followers {
  readonly metrics: Pick<Metrics, 'certificateExpiry'>;
  readonly servers: Pick<Servers, 'useKeyPair'>;
  /** Absent: auth.mode none. */
  readonly access: Pick<Access, 'keys'> | undefined;
}

export function followCertificate(
  certificates: Certificates,
  {metrics, servers, access}: Followers,
): void {
  const note = ({expiresAt}: {readonly expiresAt: Date}): void => {
    metrics.certificateExpiry.set(expiresAt.getTime() / 1000);
  };
  note(certificates.current());
  certificates.onChange((pair) => {
    note(pair);
    servers.useKeyPair(pair);
    void access?.keys.refresh();
  });
}
