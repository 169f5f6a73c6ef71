/** As much of a digest as tells it from others at a glance: `sha256:0123456789ab`. */
const shown = 12;

export const shortDigest = (digest: string): string => {
  const [algorithm = '', hex = ''] = digest.split(':');
  return `${algorithm}:${hex.slice(0, shown)}`;
};
