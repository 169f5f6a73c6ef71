/** To the clipboard. Pages that came over plain HTTP, from elsewhere than localhost, have the old way to it alone. */

/** Whether it is there. */
export async function copyText(text: string): Promise<boolean> {
  // Their types promise it.
  const {clipboard} = navigator as {readonly clipboard?: Clipboard};
  if (clipboard === undefined) return copySelected(text);
  return clipboard.writeText(text).then(
    () => true,
    () => copySelected(text),
  );
}

function copySelected(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.className = 'off-screen';
  const before = document.activeElement;
  document.body.append(field);
  field.select();
  try {
    // oxlint-disable-next-line typescript/no-deprecated -- there is no other way without TLS
    return document.execCommand('copy');
  } finally {
    field.remove();
    if (before instanceof HTMLElement) before.focus();
  }
}
