/** Colours and screens, in pixels, in which pages are looked at; TEST_EVERY_LOOK=1 is for each with each. */
export interface Look {
  readonly name: string;
  readonly colorScheme: 'light' | 'dark';
  readonly size: {readonly width: number; readonly height: number};
}

const wide = {width: 1280, height: 900};
const narrow = {width: 390, height: 800};

const usual: readonly Look[] = [
  {name: 'light and wide', colorScheme: 'light', size: wide},
  {name: 'dark and narrow', colorScheme: 'dark', size: narrow},
];
const others: readonly Look[] = [
  {name: 'light and narrow', colorScheme: 'light', size: narrow},
  {name: 'dark and wide', colorScheme: 'dark', size: wide},
];

export const looks: readonly Look[] =
  process.env['TEST_EVERY_LOOK'] === undefined ? usual : [...usual, ...others];
