/** Of something for several machines: the one that is looked at. It stands in the address. */
import {useAddressText} from '../../../parts/use-address-word.ts';
import type {Details} from '../types.ts';

type Child = Details['platforms'][number];

export interface ChosenPlatform {
  readonly children: readonly Child[];
  /** Absent: there is none. */
  readonly child: Child | undefined;
  readonly choose: (platform: string) => void;
}

export const platformOf = ({platform, digest}: Child): string => platform ?? digest;

/** As builders name what they hang beside images. */
export const isForNobody = ({platform}: Child): boolean =>
  platform === null || platform === 'unknown/unknown';

export function useChosenPlatform({platforms}: Pick<Details, 'platforms'>): ChosenPlatform {
  const [text, setText] = useAddressText('platform');
  const images = platforms.filter((child) => !isForNobody(child));
  return {
    // What is for no machine is a choice where there is nothing else.
    children: images.length > 0 ? images : platforms,
    child: platforms.find((child) => platformOf(child) === text) ?? images[0] ?? platforms[0],
    choose: setText,
  };
}
