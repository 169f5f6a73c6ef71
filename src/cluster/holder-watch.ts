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
    const holders = await this.#volume.holders();
    const now = performance.now();
    const heard = new Map(
      holders.map(({epoch, beat}) => {
        const before = this.#heard.get(epoch);
        return [epoch, before && before.beat === beat ? before : {beat, at: now}];
      }),
    );
    this.#heard = heard;
    return holders.map((holder) => ({
      ...holder,
      silentFor: now - (heard.get(holder.epoch)?.at ?? now),
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
