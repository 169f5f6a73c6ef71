/** Addresses of pages. What names have in them that addresses have not is written as the API writes it: `~` for a slash. */
const idOf = (name: string): string => encodeURIComponent(name.replaceAll('/', '~'));

export const addresses = {
  namespace: (name: string): string =>
    name === '' ? '/namespaces/~' : `/namespaces/${idOf(name)}`,
  namespaceSettings: (name: string): string => `${addresses.namespace(name)}/settings`,
  webhooks: (name: string): string => `${addresses.namespace(name)}/webhooks`,
  repository: (name: string): string => `/repositories/${idOf(name)}`,
  tag: (repository: string, tag: string): string =>
    `/repositories/${idOf(repository)}/tags/${encodeURIComponent(tag)}`,
  manifest: (repository: string, digest: string): string =>
    `/repositories/${idOf(repository)}/manifests/${digest}`,
  files: (repository: string, digest: string): string =>
    `/repositories/${idOf(repository)}/manifests/${digest}/files`,
  compare: (repository: string, from: string, to: string): string =>
    `/repositories/${idOf(repository)}/compare?${new URLSearchParams({from, to}).toString()}`,
  team: (name: string): string => `/teams/${encodeURIComponent(name)}`,
  webhook: (id: string): string => `/webhooks/${encodeURIComponent(id)}`,
  robot: (name: string): string => `/robots/${encodeURIComponent(name)}`,
  user: (name: string): string => `/admin/users/${encodeURIComponent(name)}`,
} as const;

/** The name that an address has: `/` alone is the namespace of names without a slash. */
export const nameOf = (id: string): string => id.replaceAll('~', '/');
