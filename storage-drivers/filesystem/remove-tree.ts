/** Removes what nobody looks for any more. */
import type {System} from './system.ts';

/** A file, or a directory with all that is in it; a link goes, and what it leads to stays. Rejects at the first that can't be removed. */
export async function removeTree(system: System, path: string): Promise<void> {
  if (!(await system.lstat(path)).isDirectory()) {
    await system.unlink(path);
    return;
  }
  for (const entry of await system.readdir(path)) {
    const inner = `${path}/${entry.name}`;
    if (entry.isDirectory()) await removeTree(system, inner);
    else await system.unlink(inner);
  }
  await system.rmdir(path);
}
