/** What to put where so that a client speaks plain HTTP with the registry; what crosses the network can be read there. */
import type {TrustStep} from './trust.ts';

/** `host` as `parseHost` gives it. */
export function plainSteps(host: string): readonly TrustStep[] {
  const registries = `/etc/containers/registries.conf.d/holdfast-${host.replace(/[^A-Za-z0-9.-]+/g, '-')}.conf`;
  const hosts = `/etc/containerd/certs.d/${host}/hosts.toml`;
  const daemon = `${JSON.stringify({'insecure-registries': [host]}, undefined, 2)}\n`;
  return [
    {
      client: 'docker',
      files: [{path: '/etc/docker/daemon.json', content: daemon}],
      commands: ['sudo systemctl restart docker'],
      notes: [
        'what the file has already must stay beside it; with localhost and 127.0.0.0/8 docker speaks plain HTTP by itself',
      ],
    },
    {
      client: 'podman, skopeo, buildah, CRI-O',
      files: [{path: registries, content: `[[registry]]\nlocation = "${host}"\ninsecure = true\n`}],
      commands: [],
      notes: [],
    },
    {
      client: 'containerd (ctr, nerdctl), Kubernetes nodes with containerd (on each node)',
      files: [
        {
          path: hosts,
          content: `server = "http://${host}"\n\n[host."http://${host}"]\n`,
        },
      ],
      commands: [],
      notes: ['config_path of containerd must name /etc/containerd/certs.d'],
    },
  ];
}
