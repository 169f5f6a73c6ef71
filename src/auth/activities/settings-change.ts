/** Settings that are others than at the start before are written down: which, and never what they say, as some are secrets. */
import {join} from 'node:path';
import {z} from 'zod';
import type {Config} from '../../config/schema.ts';
import {prepareReplacement, secretMode} from '../../host/durable-file.ts';
import {insertActivities} from '../../metadata/activities.ts';
import type {Database} from '../../metadata/database.ts';
import {readIfThere} from '../../tls/read-text.ts';
import {system} from './origin.ts';
import type {SealKeys} from './seal-keys.ts';

interface SettingsOptions {
  readonly db: Database['db'];
  /** The directory keys/. */
  readonly directory: string;
  readonly keys: SealKeys;
  readonly config: Config;
  readonly now: Date;
}

const schema = z.record(z.string(), z.string());

/** What a file of ours says; of one that is damaged, nothing. */
function marksIn(text: string | undefined): Readonly<Record<string, string>> | undefined {
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** At the start. What each part says is kept as an HMAC, of which nobody can guess it. */
export async function recordSettings({
  db,
  directory,
  keys,
  config,
  now,
}: SettingsOptions): Promise<void> {
  const path = join(directory, 'settings-seen.json');
  const all = await keys.all();
  // Always by the first key: with another one all would look new.
  const key = all.values().next().value ?? (await keys.current(now));
  const marks = Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, key.sign(JSON.stringify({value}))]),
  );
  const former = marksIn(await readIfThere(path));
  const names = [...new Set([...Object.keys(marks), ...Object.keys(former ?? {})])];
  const changed = former ? names.filter((name) => former[name] !== marks[name]) : [];
  if (former && changed.length === 0) return;
  if (changed.length > 0) {
    const subject = {kind: 'config', name: 'settings'};
    const what = {at: now.getTime(), key: 'config.change', actor: system, subject};
    await insertActivities(db, [{...what, parameters: {settings: changed.toSorted()}}]);
  }
  await (await prepareReplacement(path, `${JSON.stringify(marks)}\n`, secretMode)).commit();
}
