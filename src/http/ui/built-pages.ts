/** Where the build has put the pages of the web interface. */
import {fileURLToPath} from 'node:url';
import {readText} from '../../config/file.ts';
import {openReadOnlyTree, type ReadOnlyTree} from '../../host/read-only-tree.ts';

export interface BuiltPages {
  readonly files: ReadOnlyTree;
  /** That loads all others. */
  readonly document: string;
}

export const documentName = 'index.html';

/** Compiled or not, this file stands beside or in front of it. Throws where the build is not there. */
export function findPages(): BuiltPages {
  const place = import.meta.url.endsWith('.ts') ? '../../../dist/web' : '../web';
  const directory = fileURLToPath(new URL(place, import.meta.url));
  const found = readText(`${directory}/${documentName}`);
  if (found === undefined || 'failure' in found) {
    throw new Error(
      `the pages of the web interface are not in ${directory}: npm run build makes them, and ui.enabled false does without`,
    );
  }
  return {files: openReadOnlyTree(directory), document: found.text};
}
