/** A real nginx with a configuration of the test's own, and what asks it. */
import {once} from 'node:events';
import {writeFile} from 'node:fs/promises';
import {type IncomingMessage, request as requestPlainly} from 'node:http';
import {request as requestSecurely} from 'node:https';
import {join} from 'node:path';
import {buffer} from 'node:stream/consumers';
import type {Lifetime} from './lifetime.ts';
import {type Service, startService} from './service.ts';
import {temporaryDirectory} from './temporary-directory.ts';

/** What files of conf.d are put into, with places below `directory` for all that nginx writes. */
export function wholeConfiguration(directory: string, site: string, user = 'root'): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${directory}/${name};`)
    .join('\n    ');
  return `daemon off;
# The directory of the test is its owner's alone.
user ${user};
pid ${directory}/nginx.pid;
error_log stderr notice;
worker_processes 1;
events {}
http {
    access_log off;
    ${temporary}
${site}
}
`;
}

/** Starts nginx on a site, as files of conf.d have it; ends with the test. */
export async function startNginx(life: Lifetime, site: string, user?: string): Promise<Service> {
  const directory = await temporaryDirectory(life);
  const configFile = join(directory, 'nginx.conf');
  await writeFile(configFile, wholeConfiguration(directory, site, user));
  const words = ['-c', configFile, '-e', 'stderr'];
  return startService(life, 'nginx', words, {ready: /start worker process /});
}

export interface ProxyAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  /** As they came: names and values in turn. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

interface ProxyRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

export type AskProxy = (
  method: string,
  path: string,
  request?: ProxyRequest,
) => Promise<ProxyAnswer>;

/** A client that verifies certificates with this CA, and resolves Locations against the address that it asked. */
export const proxyClient =
  (origin: string, ca?: string): AskProxy =>
  async (method, path, {headers = {}, body} = {}) => {
    const url = new URL(path, origin);
    const options = {method, headers, agent: false as const, ...(ca === undefined ? {} : {ca})};
    const asked =
      url.protocol === 'https:' ? requestSecurely(url, options) : requestPlainly(url, options);
    asked.end(body);
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    // Behind an early answer nobody takes the rest of the body.
    asked.on('error', () => undefined);
    const {statusCode: status = 0, rawHeaders} = response;
    return {status, headers: response.headers, rawHeaders, body: await buffer(response)};
  };
