/** `undefined`: it is no text. Of one that was cut, half a character at the end does not count. */
export function textIn(content: Uint8Array, isCut: boolean): string | undefined {
  if (content.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(content, {
      stream: isCut,
    });
  } catch {
    return undefined;
  }
}
