/** A connection to one host of a directory: opened, encrypted, and bound for searching. Never opened a second time: that would be in the clear. */
import {once} from 'node:events';
import {connect, type Socket} from 'node:net';
import {connect as connectTls, type ConnectionOptions as TlsOptions} from 'node:tls';
import {Client, MessageParserError, ResultCodeError} from 'ldapts';
import type {LdapSettings} from '../../config/ldap-schema.ts';
import {DirectoryFault, type StepName} from './directory-fault.ts';
import {diagnose} from './ldap-diagnosis.ts';
import {peerCertificate} from './peer-certificate.ts';
import {askForTls} from './start-tls.ts';

/** In bytes: more than all answers to one login. */
const mostReceived = 16 * 1024 * 1024;

/** A step as `holdfast ldap test` tells it: done, or failed where there is advice. */
export type Trace = (step: StepName, detail: string, advice?: string) => void;

export interface LdapConnectionOptions {
  readonly url: string;
  readonly settings: LdapSettings;
  /** Authorities in PEM; absent: those of the system. */
  readonly ca: string | undefined;
  readonly signal: AbortSignal;
  readonly trace: Trace;
}

export class LdapConnection implements AsyncDisposable {
  readonly #options: LdapConnectionOptions;
  #socket: Socket | undefined;
  #client: Client | undefined;

  private constructor(options: LdapConnectionOptions) {
    this.#options = options;
  }

  /** Rejects with a DirectoryFault, and with the signal's reason. */
  static async open(options: LdapConnectionOptions): Promise<LdapConnection> {
    await using stack = new AsyncDisposableStack();
    const connection = stack.use(new LdapConnection(options));
    await connection.#dial();
    await connection.#startTls();
    await connection.bindForSearch();
    stack.move();
    return connection;
  }

  get url(): string {
    return this.#options.url;
  }

  /** A step of its own. Rejects with a DirectoryFault; answers that `expected` wants are handed on as they are. */
  async run<T>(
    step: StepName,
    work: (client: Client) => Promise<T>,
    expected: (error: ResultCodeError) => boolean = () => false,
  ): Promise<T> {
    const {settings, url, signal} = this.#options;
    try {
      signal.throwIfAborted();
      return await this.#inTime(work(this.#openClient()));
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof ResultCodeError && expected(cause)) throw cause;
      const diagnosis = diagnose(coded(cause), {step, url, settings});
      throw new DirectoryFault({step, url, ...diagnosis}, {cause});
    }
  }

  /** To the same host, with nobody's login: who has logged in on this one becomes nobody no more, as some directories refuse to be told so. */
  async another(): Promise<LdapConnection> {
    return LdapConnection.open({...this.#options, trace: () => undefined});
  }

  async bindForSearch(): Promise<void> {
    const {bindDn, bindPassword = ''} = this.#options.settings;
    // Anonymous is what a new connection is.
    if (bindDn !== undefined)
      await this.run('bind', async (client) => client.bind(bindDn, bindPassword));
    this.#options.trace('bind', bindDn === undefined ? 'anonymous, nothing to do' : `as ${bindDn}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client?.unbind().catch(() => undefined);
    this.#socket?.destroy();
  }

  async #dial(): Promise<void> {
    const {url, trace} = this.#options;
    const {hostname, port, protocol} = new URL(url);
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    const isSecure = protocol === 'ldaps:';
    const number = port === '' ? (isSecure ? 636 : 389) : Number(port);
    await this.#step('connect', async () => {
      this.#socket = connect({host, port: number});
      // Errors are told by what is under way; later ones must not end the process.
      this.#socket.on('error', () => undefined);
      await this.#inTime(once(this.#socket, 'connect'));
    });
    trace('connect', `${host} port ${number} (${this.#socket?.remoteAddress ?? ''})`);
    if (!isSecure) return;
    await this.#encrypt();
  }

  async #startTls(): Promise<void> {
    const {settings, url, trace} = this.#options;
    if (url.startsWith('ldaps:')) return;
    if (!settings.startTls) {
      trace('TLS', 'none: passwords go in the clear');
      return;
    }
    await this.run('TLS', async (client) => {
      if (this.#socket) await askForTls(client, this.#socket);
    });
    this.#client = undefined;
    await this.#encrypt();
  }

  async #encrypt(): Promise<void> {
    const {settings, trace} = this.#options;
    const secure = connectTls({...this.#tlsOptions(), socket: this.#socket});
    this.#socket = secure;
    await this.#step('TLS', async () => {
      await this.#inTime(once(secure, 'secureConnect'));
    });
    trace('TLS', peerCertificate(secure, settings));
  }

  #tlsOptions(): TlsOptions {
    const {settings, ca, url} = this.#options;
    const host = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
    return {
      host,
      // A name only: an address is none for SNI.
      ...(/^[\d.]+$|:/.test(host) ? {} : {servername: host}),
      rejectUnauthorized: settings.verify,
      minVersion: 'TLSv1.2',
      ...(ca === undefined ? {} : {ca}),
    };
  }

  #openClient(): Client {
    if (this.#client) return this.#client;
    const {url, settings} = this.#options;
    let given = this.#socket;
    /** It connects anew where the connection was lost: without TLS, and with a password to send. */
    const giveOnce = (): Socket => {
      const socket = given;
      given = undefined;
      if (!socket || socket.destroyed) throw closed();
      return limited(socket);
    };
    this.#client = new Client({
      url,
      timeout: settings.timeout,
      strictDN: false,
      createConnection: giveOnce,
      createSecureConnection: giveOnce as unknown as typeof connectTls,
    });
    return this.#client;
  }

  async #step(step: StepName, work: () => Promise<void>): Promise<void> {
    const {settings, url, signal} = this.#options;
    try {
      signal.throwIfAborted();
      await work();
    } catch (cause) {
      signal.throwIfAborted();
      throw new DirectoryFault({step, url, ...diagnose(cause, {step, url, settings})}, {cause});
    }
  }

  /** Ends the connection where it takes too long, is closed, or nobody waits any more. */
  async #inTime<T>(work: Promise<T>): Promise<T> {
    const {settings, signal} = this.#options;
    const socket = this.#socket;
    const ended = new AbortController();
    const limit = AbortSignal.any([signal, AbortSignal.timeout(settings.timeout), ended.signal]);
    const close = (): void => {
      ended.abort(closed());
    };
    socket?.once('close', close);
    const over = new Promise<never>((_resolve, reject) => {
      limit.addEventListener(
        'abort',
        () => {
          reject(timedOut(limit.reason));
        },
        {once: true},
      );
    });
    try {
      return await Promise.race([work, over]);
    } catch (error) {
      work.catch(() => undefined);
      if (!(error instanceof ResultCodeError)) this.#socket?.destroy();
      throw error;
    } finally {
      socket?.off('close', close);
    }
  }
}

const fault = (message: string, code: string): Error => Object.assign(new Error(message), {code});
const closed = (): Error => fault('the connection was closed', 'CLOSED');

function timedOut(reason: unknown): Error {
  const isTime = reason instanceof DOMException && reason.name === 'TimeoutError';
  if (isTime) return fault('it took too long', 'TIMEOUT');
  return reason instanceof Error ? reason : closed();
}

/** What the library says in words only. */
function coded(error: unknown): unknown {
  if (error instanceof MessageParserError) return fault(error.message, 'GARBAGE');
  if (!(error instanceof Error) || 'code' in error) return error;
  if (/operation timed out|Connection timeout/i.test(error.message))
    return fault(error.message, 'TIMEOUT');
  if (/closed|Socket error|socket/i.test(error.message)) return fault(error.message, 'CLOSED');
  return error;
}

/** A host that sends without end is cut off. */
const limited = <T extends Socket>(socket: T): T =>
  socket.on('data', () => {
    if (socket.bytesRead > mostReceived) socket.destroy(fault('too long an answer', 'GARBAGE'));
  });
