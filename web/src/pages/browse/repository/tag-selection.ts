/** Tags that somebody has selected, to do something with them. */
export interface Selection {
  readonly isSelected: (tag: string) => boolean;
  readonly select: (tag: string, isSelected: boolean) => void;
}
