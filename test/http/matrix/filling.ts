/** How what is sent to a route is written down. */
import type {Caller, Way} from './callers.ts';
import type {Login} from './world.ts';

export interface Filling {
  /** Of the path, beside the name of the repository. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** With its question mark. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Who sends it, for the routes that are told so in the body. */
export interface Sender {
  readonly caller: Caller;
  readonly way: Way;
  readonly login: Login | undefined;
  readonly refreshToken: string | undefined;
}

export type Fill<T> = Readonly<Record<string, (about: T) => Filling>>;

export const json = (fields: object): Filling => ({
  headers: {'Content-Type': 'application/json'},
  body: JSON.stringify(fields),
});

export const nothing = (): Filling => ({});
