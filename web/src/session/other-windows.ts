/** Windows of the same browser tell each other that somebody has signed in. */
const channelName = 'holdfast-session';

export function tellSignedIn(): void {
  const channel = new BroadcastChannel(channelName);
  channel.postMessage('signed-in');
  channel.close();
}

/** Returns how not to be told any more. */
export function onSignedIn(listener: () => void): () => void {
  const channel = new BroadcastChannel(channelName);
  channel.addEventListener('message', listener);
  return () => {
    channel.close();
  };
}
