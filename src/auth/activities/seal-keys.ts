/** The keys of the seals over activities: in a file of the data directory, and never in the database. Former ones stay, so that what they sealed can be verified. */
import {createHmac, randomBytes, randomUUID} from 'node:crypto';
import {join} from 'node:path';
import {z} from 'zod';
import {prepareReplacement, publish, secretMode} from '../../host/durable-file.ts';
import {withHostLock} from '../../host/host-lock.ts';
import {readIfThere} from '../../tls/read-text.ts';

const fileName = 'activity-seal-keys.json';

const schema = z.strictObject({
  /** The last one seals. */
  keys: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(64),
        secret: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
        createdAt: z.iso.datetime(),
      }),
    )
    .min(1),
});

type Kept = z.output<typeof schema>;

export interface SealKey {
  readonly id: string;
  /** HMAC-SHA256; base64url. */
  readonly sign: (text: string) => string;
}

const newKey = (now: Date): Kept['keys'][number] => ({
  id: randomUUID(),
  secret: randomBytes(32).toString('base64url'),
  createdAt: now.toISOString(),
});

const toKey = ({id, secret}: Kept['keys'][number]): SealKey => ({
  id,
  sign: (text) =>
    createHmac('sha256', Buffer.from(secret, 'base64url')).update(text).digest('base64url'),
});

export class SealKeys {
  readonly #directory: string;
  readonly #path: string;

  /** The directory keys/ of the data directory. */
  constructor(directory: string) {
    this.#directory = directory;
    this.#path = join(directory, fileName);
  }

  /** The one that seals, made where there is none yet; other processes may have made another. */
  async current(now: Date): Promise<SealKey> {
    let kept = await this.#read();
    if (!kept) {
      await publish(this.#path, textOf({keys: [newKey(now)]}), secretMode);
      kept = await this.#read();
    }
    const last = kept?.keys.at(-1);
    if (!last) throw new Error(`${this.#path} was removed while it was made`);
    return toKey(last);
  }

  /** All that there were, by their ids. */
  async all(): Promise<ReadonlyMap<string, SealKey>> {
    const kept = await this.#read();
    return new Map(kept?.keys.map((each) => [each.id, toKey(each)]));
  }

  /** Without their secrets, the one that seals first. */
  async list(): Promise<
    readonly {readonly id: string; readonly createdAt: string; readonly isActive: boolean}[]
  > {
    const {keys = []} = (await this.#read()) ?? {};
    const told = keys.map(({id, createdAt}, at) => ({
      id,
      createdAt,
      isActive: at === keys.length - 1,
    }));
    return told.toReversed();
  }

  /** From now on another one seals; durable when it resolves. */
  async rotate(now: Date): Promise<SealKey> {
    await this.current(now);
    return withHostLock(this.#directory, async () => {
      const fresh = newKey(now);
      const {keys = []} = (await this.#read()) ?? {};
      const text = textOf({keys: [...keys, fresh]});
      await (await prepareReplacement(this.#path, text, secretMode)).commit();
      return toKey(fresh);
    });
  }

  async #read(): Promise<Kept | undefined> {
    const text = await readIfThere(this.#path);
    if (text === undefined) return undefined;
    const parsed = schema.safeParse(jsonOf(text));
    if (parsed.success) return parsed.data;
    throw new Error(`${this.#path} is damaged: put an undamaged copy of it there`);
  }
}

const textOf = (kept: Kept): string => `${JSON.stringify(kept, undefined, 2)}\n`;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // It has a part of the text in it, and that is secret.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
