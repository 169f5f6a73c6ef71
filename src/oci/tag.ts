/** Tags. */

/** At most 128 of `[a-zA-Z0-9._-]`, the first neither `.` nor `-`. */
export type Tag = string & {readonly __brand: 'Tag'};

export function isTag(text: string): text is Tag {
  return /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/.test(text);
}
