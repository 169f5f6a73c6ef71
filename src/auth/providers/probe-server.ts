/** The way to a server that is asked over HTTP, stage by stage: its name, the connection, TLS. Nothing is asked of it. */
import {lookup} from 'node:dns/promises';
import {once} from 'node:events';
import {connect, isIP, type Socket} from 'node:net';
import {connect as connectTls} from 'node:tls';
import type {FetchOptions} from './bounded-fetch.ts';
import {codeOf, diagnoseNetwork, firstLine} from './network-diagnosis.ts';
import {peerCertificate} from './peer-certificate.ts';
import {ProviderFault} from './provider-fault.ts';

export type ProbeStep = 'name' | 'connect' | 'TLS';

/** A step that was done. */
export type Trace<Step extends string> = (step: Step, detail: string) => void;

/** What failed, and in which step. */
export class StepFault extends Error {
  readonly step: string;
  readonly fault: ProviderFault;

  constructor(step: string, fault: ProviderFault) {
    super(`${step}: ${fault.message}`, {cause: fault});
    this.name = 'StepFault';
    this.step = step;
    this.fault = fault;
  }
}

/** Rejects with a StepFault. */
export async function probeServer(
  url: string,
  options: FetchOptions,
  trace: Trace<ProbeStep>,
): Promise<void> {
  const {protocol, port, hostname, origin} = new URL(url);
  const isSecure = protocol === 'https:';
  const at = {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (isSecure ? 443 : 80) : Number(port),
  };
  await using stack = new AsyncDisposableStack();
  const opened = (socket: Socket): Socket => {
    // Errors are told by what is under way; later ones must not end the process.
    socket.on('error', () => undefined);
    stack.defer(() => {
      socket.destroy();
    });
    return socket;
  };
  const step = async <T>(name: ProbeStep, work: (limit: AbortSignal) => Promise<T>): Promise<T> => {
    const limit = AbortSignal.timeout(options.timeout);
    try {
      return await work(limit);
    } catch (cause) {
      const code = limit.aborted ? 'TIMEOUT' : codeOf(cause);
      const found = diagnoseNetwork(code, cause, {...options, url}) ?? {finding: firstLine(cause)};
      throw new StepFault(name, new ProviderFault({url: origin, ...found}, {cause}));
    }
  };

  const addresses = await step('name', async (limit) =>
    inTime(limit, lookup(at.host, {all: true})),
  );
  if (isIP(at.host) === 0) {
    trace('name', `${at.host} is ${addresses.map(({address}) => address).join(', ')}`);
  }
  const socket = await step('connect', async (signal) => {
    const dialled = opened(connect(at));
    await once(dialled, 'connect', {signal});
    return dialled;
  });
  trace('connect', `${at.host} port ${at.port} (${socket.remoteAddress ?? ''})`);
  if (!isSecure) {
    trace('TLS', 'none: passwords go in the clear');
    return;
  }
  const {ca, verify} = options;
  const secure = await step('TLS', async (signal) => {
    const dialled = connectTls({
      socket,
      host: at.host,
      // A name only: an address is none for SNI.
      ...(isIP(at.host) === 0 ? {servername: at.host} : {}),
      rejectUnauthorized: verify,
      ...(ca === undefined ? {} : {ca}),
    });
    opened(dialled);
    await once(dialled, 'secureConnect', {signal});
    return dialled;
  });
  trace('TLS', peerCertificate(secure, {verify}));
}

/** The system's resolver takes no signal, and may think for longer. */
async function inTime<T>(limit: AbortSignal, work: Promise<T>): Promise<T> {
  const {promise, reject} = Promise.withResolvers<never>();
  limit.addEventListener('abort', () => {
    reject(limit.reason as Error);
  });
  return Promise.race([work, promise]);
}
