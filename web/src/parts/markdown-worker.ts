/** Reads Markdown away from the page: some texts take for ever, and some become more than any page can show. */
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import {unified} from 'unified';
import {isShowable} from './markdown-bounds.ts';

// HTML in it is left for whoever shows the tree, who makes text of it.
const processor = unified()
  .use(remarkParse)
  .use(remarkGfm)
  .use(remarkRehype, {allowDangerousHtml: true});

export type MarkdownTree = ReturnType<typeof processor.runSync>;

globalThis.addEventListener('message', ({data}: MessageEvent<string>) => {
  const tree = processor.runSync(processor.parse(data));
  globalThis.postMessage(isShowable(tree) ? tree : null);
});
