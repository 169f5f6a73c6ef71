/** What is typed into each tool to log in, push and pull. */
interface Place {
  /** As it stands before the names of images. */
  readonly host: string;
  /** Who logs in; absent: nobody has to. */
  readonly user: string | undefined;
  /** Where he may push; empty: names without a slash. */
  readonly namespace: string;
  readonly trust: 'needed' | 'by-issuer' | 'none';
}

interface Step {
  readonly kind: 'login' | 'push' | 'pull' | 'secret' | 'pod';
  readonly lines: string;
}

export interface Tool {
  readonly id: string;
  /** As it calls itself. */
  readonly title: string;
  /** By which the steps of trust are found that are for it; absent: it is told with each command. */
  readonly trusted?: RegExp;
  readonly steps: (place: Place) => readonly Step[];
}

const below = ({host, namespace}: Place): string =>
  namespace === '' ? host : `${host}/${namespace}`;

const login = (command: string, {host, user}: Place): readonly Step[] =>
  user === undefined ? [] : [{kind: 'login', lines: `${command} ${host} -u ${user}`}];

const taggingSteps =
  (program: string, source: string) =>
  (place: Place): readonly Step[] => {
    const image = `${below(place)}/alpine:latest`;
    return [
      ...login(`${program} login`, place),
      {
        kind: 'push',
        lines: `${program} pull ${source}\n${program} tag ${source} ${image}\n${program} push ${image}`,
      },
      {kind: 'pull', lines: `${program} pull ${image}`},
    ];
  };

/** Of programs that are told with each command what to trust. */
const trustOption = ({trust}: Place): string =>
  ({needed: ' --ca-file ca.crt', 'by-issuer': '', none: ' --plain-http'})[trust];

export const tools: readonly Tool[] = [
  {
    id: 'docker',
    title: 'docker',
    trusted: /^docker\b/,
    steps: taggingSteps('docker', 'alpine:latest'),
  },
  {
    id: 'podman',
    title: 'podman',
    trusted: /\bpodman\b/,
    steps: taggingSteps('podman', 'docker.io/library/alpine:latest'),
  },
  {
    id: 'skopeo',
    title: 'skopeo',
    trusted: /\bskopeo\b/,
    steps: (place) => {
      const image = `docker://${below(place)}/alpine:latest`;
      return [
        ...login('skopeo login', place),
        {
          kind: 'push',
          lines: `skopeo copy --all docker://docker.io/library/alpine:latest ${image}`,
        },
        {kind: 'pull', lines: `skopeo copy ${image} oci:alpine:latest`},
      ];
    },
  },
  {
    id: 'helm',
    title: 'helm',
    steps: (place) => {
      const [option, charts] = [trustOption(place), `oci://${below(place)}`];
      return [
        ...login(`helm registry login${option}`, place),
        {
          kind: 'push',
          lines: `helm create mychart\nhelm package mychart\nhelm push mychart-0.1.0.tgz ${charts}${option}`,
        },
        {kind: 'pull', lines: `helm pull ${charts}/mychart --version 0.1.0${option}`},
      ];
    },
  },
  {
    id: 'oras',
    title: 'oras',
    steps: (place) => {
      const [option, name] = [trustOption(place), `${below(place)}/notes:v1`];
      return [
        ...login(`oras login${option}`, place),
        {kind: 'push', lines: `oras push${option} ${name} notes.txt:text/plain`},
        {kind: 'pull', lines: `oras pull${option} ${name}`},
      ];
    },
  },
  {
    id: 'kubernetes',
    title: 'Kubernetes',
    trusted: /\bKubernetes\b/,
    steps: (place) => {
      const {host, user} = place;
      const secret = `kubectl create secret docker-registry holdfast --docker-server=${host} --docker-username=${user ?? ''} --docker-password=TOKEN`;
      const secrets = user === undefined ? '' : '\n  imagePullSecrets:\n    - name: holdfast';
      const pod = `apiVersion: v1\nkind: Pod\nmetadata:\n  name: example\nspec:${secrets}\n  containers:\n    - name: example\n      image: ${below(place)}/alpine:latest\n      command: [sleep, "3600"]`;
      return [
        ...(user === undefined ? [] : [{kind: 'secret' as const, lines: secret}]),
        {kind: 'pod', lines: pod},
      ];
    },
  },
  {
    id: 'containerd',
    title: 'containerd',
    trusted: /^containerd\b/,
    steps: (place) => {
      const image = `${below(place)}/alpine:latest`;
      const user = place.user === undefined ? '' : ` -u ${place.user}:TOKEN`;
      return [
        ...login('nerdctl login', place),
        {
          kind: 'pull',
          lines: `sudo ctr images pull --hosts-dir /etc/containerd/certs.d${user} ${image}`,
        },
      ];
    },
  },
];
