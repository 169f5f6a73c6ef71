/** A system that tells how many files of a kind are being opened at once. */
import {realSystem, type System} from '../../storage-drivers/filesystem/system.ts';

interface Openings {
  readonly system: System;
  /** At most, since the last `forget`. */
  most(): number;
  forget(): void;
}

export function countOpenings(isCounted: (path: string) => boolean): Openings {
  let atOnce = 0;
  let most = 0;
  const open: System['open'] = async (path, flags) => {
    if (!isCounted(path)) return realSystem.open(path, flags);
    atOnce += 1;
    most = Math.max(most, atOnce);
    try {
      return await realSystem.open(path, flags);
    } finally {
      atOnce -= 1;
    }
  };
  return {
    system: {...realSystem, open},
    most: () => most,
    forget: () => {
      most = 0;
    },
  };
}
