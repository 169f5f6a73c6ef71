/** Names that are worth asking anybody about. */

/** In characters: Keystone's limit, and more than directories have use for. */
const longest = 255;

/** Not of what can't be sent, and would steer a terminal in the log. */
export const isPossibleName = (username: string): boolean =>
  username !== '' &&
  username.length <= longest &&
  username.isWellFormed() &&
  !/\p{Cc}/u.test(username);
