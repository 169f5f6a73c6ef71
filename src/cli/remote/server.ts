/** Which server a command is for, where it is to ask one elsewhere, and with what it logs in there. */
import type {Command} from 'commander';
import {readCaFile} from '../../tls/ca-file.ts';
import {tokenVariable} from '../../config/environment.ts';
import {readText} from '../../config/file.ts';
import {isLoopbackHost} from '../../config/loopback.ts';
import {Failure} from '../failure.ts';

export interface Server {
  /** Without a slash at its end. */
  readonly url: string;
  /** NAME:TOKEN */
  readonly token: string;
  /** In PEM; absent: the authorities of the system. */
  readonly ca: string | undefined;
}

interface ServerOptions {
  readonly server?: string;
  readonly tokenFile?: string;
  readonly caFile?: string;
}

/** `undefined`: none was named, and the one of the data directory is meant. Throws a Failure, or a ConfigError about the CA. */
export function serverOf(command: Command): Server | undefined {
  const {server, tokenFile, caFile} = command.optsWithGlobals<ServerOptions>();
  if (server === undefined) {
    if (tokenFile === undefined && caFile === undefined) return undefined;
    throw wrong('--token-file and --ca-file are of use with --server alone');
  }
  return {
    url: urlOf(server),
    token: tokenOf(tokenFile),
    ca: readCaFile('--ca-file', caFile),
  };
}

const wrong = (message: string): Failure => new Failure(message, {code: 2});

function urlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['https:', 'http:'].includes(url.protocol)) {
    throw wrong('--server must be an address such as https://registry.example.org:5000');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw wrong('--server must be an address alone; the token goes into --token-file');
  }
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    throw wrong('--server must begin with https://: the token would be readable on its way');
  }
  return url.href.replace(/\/+$/, '');
}

const form = `NAME:TOKEN, with an application token of NAME`;

function tokenOf(file: string | undefined): string {
  const token = file === undefined ? process.env[tokenVariable] : readToken(file);
  if (token === undefined) {
    throw wrong(`--server needs --token-file, or ${tokenVariable}: ${form}`);
  }
  const place = file ?? tokenVariable;
  // Not the text itself: it may be a token.
  if (!/^[^\s:]+:\S+$/.test(token)) throw wrong(`${place} must be ${form}`);
  return token;
}

function readToken(file: string): string {
  const read = readText(file) ?? {failure: 'does not exist'};
  if ('failure' in read) throw wrong(`${file} ${read.failure}`);
  return read.text.trim();
}
