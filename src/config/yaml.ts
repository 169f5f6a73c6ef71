/** The library of YAML, loaded with the first text there is: most commands find none, and it is a third of what they would load. */
import {createRequire} from 'node:module';
import type * as Yaml from 'yaml';

const require = createRequire(import.meta.url);

/** At once and not by a promise, as all that reads settings works. */
export const yaml = (): typeof Yaml => require('yaml') as typeof Yaml;
