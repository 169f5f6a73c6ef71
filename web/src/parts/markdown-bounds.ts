/** Of a tree that a page can show without harm. */
const deepest = 100;
const most = 20_000;

interface Node {
  readonly type: string;
  readonly children?: readonly Node[];
}

/** Level by level: what is nested without end ends a recursion, too. */
export function isShowable(root: Node): boolean {
  let level: readonly Node[] = [root];
  let count = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    count += level.length;
    if (depth > deepest || count > most) return false;
    level = level.flatMap(({children = []}) => children);
  }
  return true;
}
