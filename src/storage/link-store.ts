/** Links: small files whose text is a digest. */
import {type Digest, digestAlgorithm, isDigest} from '../oci/digest.ts';
import {readSmall, type ReportDamage} from './damage.ts';
import type {StorageDriver, StorageKey} from './driver.ts';

export class LinkStore {
  readonly #driver: StorageDriver;
  readonly #report: ReportDamage;

  constructor(driver: StorageDriver, report: ReportDamage) {
    this.#driver = driver;
    this.#report = report;
  }

  /** `undefined`: not there, or damaged. */
  async read(key: StorageKey): Promise<Digest | undefined> {
    const content = await readSmall(this.#driver, key, this.#report);
    if (!content) return undefined;
    const text = content.toString('latin1');
    if (isDigest(text)) return text;
    this.#report(key, content.length === 0 ? 'the link is empty' : 'the link holds no digest');
    return undefined;
  }

  /** The sha256 under which the bytes of a digest lie, by the link that is named after it: a sha256 leads to itself alone. */
  async resolve(key: StorageKey, digest: Digest): Promise<Digest | undefined> {
    const canonical = await this.read(key);
    const isOwn = canonical === digest || digestAlgorithm(digest) !== 'sha256';
    if (canonical === undefined || isOwn) return canonical;
    this.#report(key, 'the link holds another digest than the one it is named after');
    return undefined;
  }

  /** Writes a link whose text is always the same; a damaged one is replaced. */
  async write(key: StorageKey, digest: Digest): Promise<void> {
    if (await this.#driver.create(key, Buffer.from(digest))) return;
    if ((await this.read(key)) !== digest) await this.replace(key, digest);
  }

  /** Writes a link whose text changes. */
  async replace(key: StorageKey, digest: Digest): Promise<void> {
    await this.#driver.replace(key, Buffer.from(digest));
  }

  /** False: was not there. */
  async delete(key: StorageKey): Promise<boolean> {
    return this.#driver.delete(key);
  }
}
