/** Hashes of bcrypt, as other programs have made them. */

/** One check at a cost of 14 takes more than a second; each step more doubles it. */
const usable = /^\$2[aby]\$(?:0[4-9]|1[0-4])\$[./A-Za-z0-9]{53}$/;

/** Whether it can be checked in a time that can be waited for. */
export const isUsableBcrypt = (stored: string): boolean => usable.test(stored);
