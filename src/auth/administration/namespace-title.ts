/** How a namespace is called where it is shown: the root namespace has no name. */
export const namespaceTitle = (name: string): string => (name === '' ? '/' : name);
