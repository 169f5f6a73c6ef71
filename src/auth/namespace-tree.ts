/** Finds the owning namespace of many names: walks down from the first component, and no farther than namespaces are nested. */
import {rootNamespace} from '../oci/owning-namespace.ts';

interface Node<T> {
  readonly below: Map<string, Node<T>>;
  value?: T;
}

/** Answers as `owningNamespace()`, without a look at every prefix of every name. */
export function namespaceFinder<T>(
  namespaces: Iterable<readonly [name: string, value: T]>,
): (repository: string) => T | undefined {
  const top: Node<T> = {below: new Map()};
  let root: T | undefined;
  for (const [name, value] of namespaces) {
    if (name === rootNamespace) root = value;
    else nodeOf(top, name).value = value;
  }
  return (repository) => (repository.includes('/') ? findBelow(top, repository) : root);
}

function nodeOf<T>(top: Node<T>, name: string): Node<T> {
  let node = top;
  for (const component of name.split('/')) {
    let next = node.below.get(component);
    if (!next) {
      next = {below: new Map()};
      node.below.set(component, next);
    }
    node = next;
  }
  return node;
}

function findBelow<T>(top: Node<T>, repository: string): T | undefined {
  let found: T | undefined;
  let node: Node<T> | undefined = top;
  let start = 0;
  // The last component is that of the repository itself.
  for (let end = repository.indexOf('/'); end !== -1; end = repository.indexOf('/', start)) {
    node = node.below.get(repository.slice(start, end));
    if (!node) break;
    found = node.value ?? found;
    start = end + 1;
  }
  return found;
}
