/** What Node says of a certificate, for whoever runs a registry. */

/** Without its advice about options of Node, which nobody gives here. */
export const withoutNodesAdvice = (text: string): string =>
  text.replace(/[;,.]? *if the root CA is installed locally, try running Node\.js with .*$/s, '');
