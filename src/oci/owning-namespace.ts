/** To which namespace a repository belongs: that with the longest name among those that it lies below, by whole components. */

/** Of names without a slash. */
export const rootNamespace = '';

/** What namespaces a repository may belong to, the longest first. A namespace holds what lies below it, and no repository of its own name. */
export function namespacesAbove(repository: string): string[] {
  const names: string[] = [];
  for (let end = repository.lastIndexOf('/'); end > 0; end = repository.lastIndexOf('/', end - 1)) {
    names.push(repository.slice(0, end));
  }
  return names.length === 0 ? [rootNamespace] : names;
}

/** `undefined`: it belongs to none of them. */
export function owningNamespace<T>(
  namespaces: ReadonlyMap<string, T>,
  repository: string,
): T | undefined {
  for (const name of namespacesAbove(repository)) {
    const found = namespaces.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The namespace that a first push would make; `undefined`: of a name without a slash, whose namespace always exists. */
export function namespaceToCreate(repository: string): string | undefined {
  const end = repository.indexOf('/');
  return end === -1 ? undefined : repository.slice(0, end);
}

/** Whether the repository lies in the namespace, or in one below it. */
export function liesIn(namespace: string, repository: string): boolean {
  return namespace === rootNamespace
    ? !repository.includes('/')
    : repository.startsWith(`${namespace}/`);
}
