/**
 * What is to be remembered of a login at another provider, kept by the browser that began it: encrypted with a key of this process, so that
 * strangers can neither fill a memory of ours nor push others out of it. Each counts once.
 */
import {createCipheriv, createDecipheriv, randomBytes} from 'node:crypto';
import {LRUCache} from 'lru-cache';
import {z} from 'zod';
import {isSameSecret} from './secret-token.ts';

/** In milliseconds: for so long somebody may take to log in there. */
export const loginTakes = 600_000;
const algorithm = 'aes-256-gcm';
const [nonceBytes, tagBytes] = [12, 16];

const sealed = z.object({
  provider: z.string(),
  callbackUrl: z.string(),
  state: z.string(),
  pending: z.object({verifier: z.string(), nonce: z.string()}),
  /** Where he wants to be thereafter: a path of ours. */
  to: z.string().optional(),
  isRemembered: z.boolean().default(false),
  until: z.number(),
});

export type SealedLogin = Readonly<Omit<z.input<typeof sealed>, 'until'>>;

export class SealedLogins {
  readonly #key = randomBytes(32);
  readonly #now: () => number;
  /** Their states, for as long as they might be brought again. */
  readonly #used: LRUCache<string, true>;

  constructor(now: () => number) {
    this.#now = now;
    // With `max` the room for all of them would be taken at the start.
    this.#used = new LRUCache({maxSize: 50_000, sizeCalculation: () => 1});
  }

  newState(): string {
    return randomBytes(32).toString('base64url');
  }

  seal(login: SealedLogin): string {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.#key, nonce);
    const text = JSON.stringify({...login, until: this.#now() + loginTakes});
    const body = [cipher.update(text, 'utf8'), cipher.final()];
    return Buffer.concat([nonce, cipher.getAuthTag(), ...body]).toString('base64url');
  }

  /** `undefined`: it is none of ours, of another provider or another login than the state's, too old, or was taken already. */
  take(text: string, {provider, state}: {readonly provider: string; readonly state: string}) {
    const login = this.#open(text);
    if (login?.provider !== provider || !isSameSecret(login.state, state)) return undefined;
    if (login.until <= this.#now() || this.#used.has(state)) return undefined;
    this.#used.set(state, true);
    return login;
  }

  #open(text: string): z.infer<typeof sealed> | undefined {
    const bytes = Buffer.from(text, 'base64url');
    if (bytes.length <= nonceBytes + tagBytes) return undefined;
    const decipher = createDecipheriv(algorithm, this.#key, bytes.subarray(0, nonceBytes));
    decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    const body = decipher.update(bytes.subarray(nonceBytes + tagBytes));
    try {
      const whole = Buffer.concat([body, decipher.final()]);
      return sealed.parse(JSON.parse(whole.toString()));
    } catch {
      // Sealed by another process, or by nobody.
      return undefined;
    }
  }
}
