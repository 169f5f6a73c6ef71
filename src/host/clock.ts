/** What tells the time: passed to whoever asks for it, so that a test can set it. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
