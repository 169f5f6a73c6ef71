import type {MarkdownTree} from './markdown-worker.ts';

/** In milliseconds: what is written to be read takes a few. */
const patience = 3000;

/** As HTML; null: it would take for ever, or be more than a page can show. */
export async function parseMarkdown(text: string): Promise<MarkdownTree | null> {
  const {promise, resolve} = Promise.withResolvers<MarkdownTree | null>();
  const giveUp = (event?: Event): void => {
    // It is no fault of the page.
    event?.preventDefault();
    resolve(null);
  };
  const worker = new Worker(new URL('markdown-worker.ts', import.meta.url), {type: 'module'});
  worker.addEventListener('message', ({data}: MessageEvent<MarkdownTree | null>) => {
    resolve(data);
  });
  worker.addEventListener('error', giveUp);
  const timer = setTimeout(giveUp, patience);
  worker.postMessage(text);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}
