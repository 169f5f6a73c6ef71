/**
 * What `npm test` loads goes quickly: every file is a process that loads a thousand modules. Threads of Node, which such a process starts, do not
 * look at NODE_COMPILE_CACHE, and would strip the types of their modules anew. And where a module lies is looked for in the file system and in
 * package.json, at half of what its loading costs, though all of ours are named as they are.
 */
import {enableCompileCache, registerHooks} from 'node:module';

enableCompileCache();

/** Those that are made of many, and in which a name with a dot is always that of another. */
const ofPackage = /\/node_modules\/(?:kysely|zod|jose)\/.*\.js$/;

registerHooks({
  resolve(specifier, context, next) {
    const {parentURL, conditions} = context;
    if (parentURL === undefined || !specifier.startsWith('.') || !conditions.includes('import')) {
      return next(specifier, context);
    }
    const {href: url} = new URL(specifier, parentURL);
    if (url.endsWith('.ts')) return {url, format: 'module-typescript', shortCircuit: true};
    if (ofPackage.test(url)) return {url, format: 'module', shortCircuit: true};
    return next(specifier, context);
  },
});
