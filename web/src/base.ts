/** Where the pages lie: behind a proxy not always at the root. */
const {pathname} = new URL('.', document.baseURI);

/** Without a slash at the end, as `/registry`; of the root it is empty. */
export const basePath = pathname.replace(/\/$/, '');

/** The whole address of a path below the pages, as `https://host/registry/api/v1`. */
export const addressOf = (path: string): string => new URL(path, document.baseURI).href;
