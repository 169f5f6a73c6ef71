/** A browser without pages: it keeps cookies as browsers do, follows redirects, and sends the forms that it is told to. */
import http from 'node:http';
import https from 'node:https';
import {text} from 'node:stream/consumers';

export interface WebAnswer {
  readonly status: number;
  /** Where it came from, after all redirects. */
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  readonly path: string;
  readonly isSecure: boolean;
}

export interface WebRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Redirects are followed unless this is false. */
  readonly follow?: boolean;
}

const mostRedirects = 10;

/** As browsers do for pages. */
const accepted = 'text/html,application/xhtml+xml,*/*;q=0.8';

export class WebClient {
  /** In the order in which they came. */
  #cookies: readonly Cookie[] = [];

  get cookies(): readonly Cookie[] {
    return this.#cookies;
  }

  /** Of a host without its port, as browsers see it. */
  cookie(name: string): string | undefined {
    return this.#cookies.find((each) => each.name === name)?.value;
  }

  plant(cookie: Cookie): void {
    this.#cookies = [...this.#cookies.filter(({name}) => name !== cookie.name), cookie];
  }

  async get(url: string, request: WebRequest = {}): Promise<WebAnswer> {
    return this.#follow(url, request);
  }

  /** As a page of this registry asks the API. */
  async ask(
    method: string,
    url: string,
    body?: unknown,
    {headers, ...request}: WebRequest = {},
  ): Promise<WebAnswer> {
    return this.#follow(url, {
      ...request,
      method,
      headers: {
        Accept: 'application/json',
        Origin: new URL(url).origin,
        'Sec-Fetch-Site': 'same-origin',
        ...(body === undefined ? {} : {'Content-Type': 'application/json'}),
        ...headers,
      },
      ...(body === undefined ? {} : {body: JSON.stringify(body)}),
    });
  }

  /** As a page of the same site sends a form. */
  async post(
    url: string,
    fields: Readonly<Record<string, string>>,
    {headers, ...request}: WebRequest = {},
  ): Promise<WebAnswer> {
    const origin = new URL(url).origin;
    return this.#follow(url, {
      ...request,
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        Origin: origin,
        'Sec-Fetch-Site': 'same-origin',
        ...headers,
      },
      body: new URLSearchParams(fields).toString(),
    });
  }

  async #follow(url: string, request: WebRequest): Promise<WebAnswer> {
    let answer = await this.#send(url, request);
    for (let redirects = 0; request.follow !== false && redirects < mostRedirects; redirects += 1) {
      const {location} = answer.headers;
      if (answer.status < 300 || answer.status > 399 || location === undefined) break;
      answer = await this.#send(new URL(location, answer.url).href, {});
    }
    return answer;
  }

  async #send(url: string, {method = 'GET', headers = {}, body}: WebRequest): Promise<WebAnswer> {
    const target = new URL(url);
    const cookies = this.#cookies
      .filter(({host, path, isSecure}) => {
        const isWhere = host === target.hostname && `${target.pathname}/`.startsWith(path);
        return isWhere && (!isSecure || target.protocol === 'https:');
      })
      .map(({name, value}) => `${name}=${value}`)
      .join('; ');
    const {promise, resolve, reject} = Promise.withResolvers<http.IncomingMessage>();
    const send = target.protocol === 'https:' ? https.request : http.request;
    const options = {
      method,
      headers: {Accept: accepted, ...headers, ...(cookies === '' ? {} : {Cookie: cookies})},
      agent: false,
      // What is looked at is who signs in; Holdfast verifies by itself.
      rejectUnauthorized: false,
    };
    send(target, options, resolve).once('error', reject).end(body);
    const answer = await promise;
    for (const line of answer.headers['set-cookie'] ?? []) this.#take(line, target);
    const {statusCode: status = 0, headers: told} = answer;
    return {status, url, headers: told, body: await text(answer)};
  }

  #take(line: string, {hostname: host, protocol}: URL): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    const of = (wanted: string): string | undefined =>
      attributes.find((each) => each.toLowerCase().startsWith(wanted))?.slice(wanted.length);
    const path = of('path=') ?? '/';
    const isSecure = of('secure') !== undefined;
    if (name.startsWith('__Host-') && (!isSecure || path !== '/')) return;
    if (isSecure && protocol !== 'https:') return;
    const isSame = (each: Cookie): boolean =>
      each.name === name && each.host === host && each.path === path;
    const others = this.#cookies.filter((each) => !isSame(each));
    const expires = of('expires=');
    const isOver =
      of('max-age=') === '0' || (expires !== undefined && new Date(expires) <= new Date());
    this.#cookies =
      isOver || value === '' ? others : [...others, {name, value, host, path, isSecure}];
  }
}
