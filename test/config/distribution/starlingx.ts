/** The registry's configuration as StarlingX's management writes it, in the place of a test. */

interface Place {
  readonly isReadOnly?: boolean;
  readonly root?: string;
  readonly address?: string;
  readonly certificate?: string;
  readonly key?: string;
}

/** runtime_config.yml, or readonly_config.yml. */
export const runtimeConfig = ({
  isReadOnly = false,
  root = '/var/lib/docker-distribution',
  address = 'registry.local:9001',
  certificate = '/etc/ssl/private/registry-cert.crt',
  key = '/etc/ssl/private/registry-cert.key',
}: Place = {}): string => `version: 0.1
log:
  level: warn
  accesslog:
    disabled: true
  fields:
    service: registry
storage:
  cache:
    blobdescriptor: inmemory
  filesystem:
    rootdirectory: ${root}
  maintenance:
    readonly:
      enabled: ${isReadOnly}
http:
  addr: "${address}"
  tls:
    certificate: ${certificate}
    key: ${key}
    minimumtls: tls1.2
    ciphersuites:
      - TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
  headers:
    X-Content-Type-Options: [nosniff]
health:
  storagedriver:
    enabled: true
    interval: 10s
    threshold: 3
auth:
  token:
    realm: "https://registry.local:9002/token/"
    service: "registry.local:9001"
    issuer: bird-token-server
    rootcertbundle: ${certificate}
`;
