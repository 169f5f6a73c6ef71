/** A Holdfast inside the test's own process, on plain HTTP: for whatever needs no real client and no restart. */
import {Writable} from 'node:stream';
import type {ExecutionContext} from 'ava';
import supertest from 'supertest';
import type {z} from 'zod';
import {createHoldfast} from '../../src/app.ts';
import type {HoldfastOptions} from '../../src/building.ts';
import {dataPaths} from '../../src/config/data-directory.ts';
import {configSchema} from '../../src/config/schema.ts';
import {createLog} from '../../src/observability/log.ts';
import type {System} from '../../storage-drivers/filesystem/system.ts';
import {requireDescribedAnswers} from './api-answers.ts';
import {layMigratedDatabase} from './migrated-database.ts';
import {requireNoSecrets} from './secrets.ts';
import {memoryDirectory} from './temporary-directory.ts';

/** Settings as they stand in holdfast.yaml. */
export type Settings = Omit<z.input<typeof configSchema>, 'dataDir'>;

export interface InProcess {
  /** `http://127.0.0.1:40123` */
  readonly url: string;
  /** Of `/metrics` and its kin, where the settings ask for them. */
  readonly metricsUrl: string | undefined;
  /** Of the token realm, where it has an address of its own. */
  readonly tokenUrl: string | undefined;
  /** Of the pages, where they have one. */
  readonly uiUrl: string | undefined;
  readonly port: number;
  readonly dataDir: string;
  /** Each line of the log so far, parsed. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** supertest on this server. */
  readonly api: ReturnType<typeof supertest>;
  stop(): Promise<void>;
}

export interface Surroundings {
  /** A fresh directory unless given. */
  readonly dataDir?: string;
  readonly system?: System;
  readonly now?: () => Date;
  readonly jobInterval?: number;
  /** In ms: between two attempts to tell a receiver. */
  readonly longestPause?: number;
  /** One of several on its directory. */
  readonly membership?: HoldfastOptions['cluster'];
}

/**
 * Without accounts, unless it is told: most tests are about something else. Stops with the test, which fails where it has logged a secret.
 */
export async function startInProcess(
  t: ExecutionContext,
  {
    dataDir,
    system,
    now,
    jobInterval,
    longestPause,
    membership,
    ...settings
  }: Settings & Surroundings = {},
): Promise<InProcess> {
  const directory = dataDir ?? (await memoryDirectory(t));
  const config = configSchema.parse({
    tls: {mode: 'off'},
    ...settings,
    auth: {mode: 'none', ...settings.auth},
    dataDir: directory,
    http: {listen: ['127.0.0.1:0'], ...settings.http},
  });
  // What a first start makes of it hangs on the time and on what the settings say of namespaces.
  const isUsual = !now && !settings.namespaces && !settings.metadata;
  if (dataDir === undefined && isUsual) await layMigratedDatabase(dataPaths(config).database);
  const log: Record<string, unknown>[] = [];
  let written = '';
  const destination = new Writable({
    write(line: Buffer, _encoding, done) {
      written += line.toString();
      log.push(JSON.parse(line.toString()) as Record<string, unknown>);
      done();
    },
  });
  const holdfast = createHoldfast(config, {
    log: createLog({level: 'debug', format: 'json'}, {destination}),
    ...(system ? {system} : {}),
    ...(now ? {now} : {}),
    ...(jobInterval === undefined ? {} : {jobInterval}),
    ...(longestPause === undefined ? {} : {longestPause}),
    cluster: membership,
  });
  const {addresses} = await holdfast.start();
  let stopped: Promise<void> | undefined;
  const stop = async () => (stopped ??= holdfast.stop());
  t.teardown(async () => {
    await stop();
    requireNoSecrets(written);
    requireDescribedAnswers();
  });
  const url = addresses.find(({purpose}) => purpose === 'registry')?.url ?? '';
  return {
    url,
    metricsUrl: addresses.find(({purpose}) => purpose === 'metrics')?.url,
    tokenUrl: addresses.find(({purpose}) => purpose === 'token')?.url,
    uiUrl: addresses.find(({purpose}) => purpose === 'ui')?.url,
    port: Number(new URL(url).port),
    dataDir: directory,
    log,
    api: supertest(url),
    stop,
  };
}
