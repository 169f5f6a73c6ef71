/** Images that look like those people build: a base that several share, a layer of packages, one of the program. */
import {gzipSync} from 'node:zlib';
import {pack} from 'tar-stream';
import {type Content, contentOf, imageOf, indexOf, mediaTypes} from '../support/content.ts';
import {seededBytes} from '../support/seeded-bytes.ts';

interface File {
  readonly name: string;
  /** Text, or so many bytes that do not compress. */
  readonly content: string | number;
  readonly mode?: number;
}

/** In bytes: a gzipped tar of these files. */
async function layerOf(files: readonly File[], seed: number): Promise<Content> {
  const tar = pack();
  const mtime = new Date('2026-11-02T08:15:00Z');
  for (const {name, content, mode = 0o644} of files) {
    const bytes =
      typeof content === 'string' ? Buffer.from(content) : seededBytes(`${name} ${seed}`, content);
    tar.entry({name, mode, mtime}, bytes);
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return contentOf(gzipSync(Buffer.concat(chunks), {level: 1}));
}

const base: readonly File[] = [
  {name: 'bin/busybox', content: 812_000, mode: 0o755},
  {name: 'etc/os-release', content: 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.24.1\n'},
  {
    name: 'etc/passwd',
    content: 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n',
  },
  {name: 'lib/ld-musl-x86_64.so.1', content: 640_000, mode: 0o755},
  {name: 'lib/apk/db/installed', content: 21_000},
  {name: 'usr/bin/ssl_client', content: 14_000, mode: 0o755},
];

const packages: readonly File[] = [
  {name: 'etc/ssl/certs/ca-certificates.crt', content: 215_000},
  {name: 'usr/lib/libssl.so.3', content: 910_000, mode: 0o755},
  {name: 'usr/lib/libcrypto.so.3', content: 4_300_000, mode: 0o755},
  {name: 'usr/share/zoneinfo/Europe/Berlin', content: 2298},
];

/** What is pushed for one version: its blobs, and its manifests, the index last. */
export interface DemoImage {
  readonly blobs: readonly Content[];
  readonly manifests: readonly Content[];
}

const platforms = [
  {os: 'linux', architecture: 'amd64'},
  {os: 'linux', architecture: 'arm64', variant: 'v8'},
] as const;

export async function demoImage(name: string, version: string, seed: number): Promise<DemoImage> {
  const made = await Promise.all(
    platforms.map(async (platform, at) => imageFor(name, version, {platform, seed: seed + at * 7})),
  );
  const children = made.map(({image}, at) => ({
    ...image,
    descriptor: {...image.descriptor, platform: platforms[at]},
  }));
  return {
    blobs: made.flatMap(({blobs}) => blobs),
    manifests: [...children, indexOf(children)],
  };
}

async function imageFor(
  name: string,
  version: string,
  {platform, seed}: {readonly platform: (typeof platforms)[number]; readonly seed: number},
): Promise<{image: Content; blobs: readonly Content[]}> {
  const layers = await Promise.all([
    layerOf(base, platform.architecture.length),
    layerOf(packages, platform.architecture.length + 1),
    layerOf(
      [
        {name: `app/bin/${name}`, content: 2_600_000 + (seed % 90) * 11_000, mode: 0o755},
        {
          name: 'app/config.yaml',
          content: `listen: 0.0.0.0:8080\nversion: ${version}\nlog: json\n`,
        },
        {name: 'app/README.md', content: `# ${name} ${version}\n`},
      ],
      seed,
    ),
  ]);
  const created = '2026-11-02T08:15:00Z';
  const config = contentOf(
    JSON.stringify({
      ...platform,
      created,
      author: 'Build Team <build@example.org>',
      config: {
        User: '10001',
        Env: ['PATH=/app/bin:/usr/bin:/bin', `VERSION=${version}`, 'LANG=C.UTF-8'],
        Entrypoint: [`/app/bin/${name}`],
        Cmd: ['serve'],
        WorkingDir: '/app',
        ExposedPorts: {'8080/tcp': {}},
        Volumes: {'/var/lib/app': {}},
        Labels: {
          'org.opencontainers.image.source': `https://git.example.org/shop/${name}`,
          'org.opencontainers.image.version': version,
          'org.opencontainers.image.licenses': 'Apache-2.0',
        },
      },
      rootfs: {type: 'layers', diff_ids: layers.map(({digest}) => digest)},
      history: [
        {created, created_by: '/bin/sh -c #(nop) ADD file:alpine-minirootfs-3.24.1.tar.gz in /'},
        {created, created_by: 'RUN apk add --no-cache ca-certificates tzdata openssl'},
        {created, created_by: `COPY --from=build /out/${name} /app/bin/${name}`},
        {created, created_by: 'USER 10001', empty_layer: true},
        {created, created_by: `ENTRYPOINT ["/app/bin/${name}"]`, empty_layer: true},
      ],
    }),
    mediaTypes.config,
  );
  const image = imageOf(layers, {
    config: config.descriptor,
    annotations: {'org.opencontainers.image.revision': 'b1f7c09d4e'},
  });
  return {image, blobs: [...layers, config]};
}
