/** A process that tells which packages are in what it has loaded. */

/** At its end, on its standard error; and whether its own HTTP is among them: that takes as long as the largest. */
const teller = `
  import {readFileSync} from 'node:fs';
  import {registerHooks} from 'node:module';
  const loaded = new Set();
  registerHooks({
    load(url, context, next) {
      if (url === 'node:http') loaded.add(url);
      if (url.startsWith('file:')) {
        const text = url + readFileSync(new URL(url), 'utf8');
        for (const [, name] of text.matchAll(/node_modules\\/((?:@[^/\\n]+\\/)?[^/\\n]+)\\//g)) loaded.add(name);
      }
      return next(url, context);
    },
  });
  process.on('exit', () => process.stderr.write('loaded: ' + [...loaded].sort().join(' ') + '\\n'));
`;

/** For its environment. */
export const tellLoaded = {NODE_OPTIONS: `--import=data:text/javascript;base64,${btoa(teller)}`};

/** What it said of that; throws where it did not. */
export function loadedIn(output: string): readonly string[] {
  const [, names] = /loaded: (.*)/.exec(output) ?? [];
  if (names === undefined) throw new Error(`nothing was told of what is loaded:\n${output}`);
  return names.split(' ').filter((name) => name !== '');
}
