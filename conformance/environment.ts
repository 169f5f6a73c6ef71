/** The environment without any setting of a program that somebody may have left in it. */
export function environmentWithout(prefix: string): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith(prefix)),
  );
}
