/** Looks at the holders again and again, and knows for how long each has said nothing: by the clock of this node alone. */
import type {Holder, SharedVolume} from './ports.ts';

export interface Sight extends Holder {
  /** In milliseconds, since this node first saw the word that it says now. */
  readonly silentFor: number;
}

interface Heard {
  readonly beat: string | undefined;
  readonly at: number;
}

export class HolderWatch {
  readonly #volume: Pick<SharedVolume, 'holders'>;
  #heard = new Map<number, Heard>();

  constructor(volume: Pick<SharedVolume, 'holders'>) {
    this.#volume = volume;
  }

  /** The newest first. Rejects as the volume. */
  async look(): Promise<readonly Sight[]> {
    // A look may take long, and nobody knows when within it the word was read: it is held to have come late, and to have stood still for a short time.
    const begin = performance.now();
    const holders = await this.#volume.holders();
    const end = performance.now();
    const heard = new Map(
      holders.map(({epoch, beat}) => {
        const before = this.#heard.get(epoch);
        return [epoch, before && before.beat === beat ? before : {beat, at: end}];
      }),
    );
    this.#heard = heard;
    return holders.map((holder) => ({
      ...holder,
      silentFor: Math.max(0, begin - (heard.get(holder.epoch)?.at ?? begin)),
    }));
  }
}

/** Why its epoch may be taken. `undefined`: it lives, as far as one can know. */
export function reasonToFence(
  {state, silentFor}: Pick<Sight, 'state' | 'silentFor'>,
  leaseTime: number,
): string | undefined {
  if (state === 'dead') return 'its process is gone';
  if (state === 'self') return undefined;
  return silentFor > leaseTime ? `it has said nothing for ${leaseTime} ms` : undefined;
}
