/** What a process is of the whole; the rest is another's, on the same data directory. */
export type Part = 'token' | 'registry';
