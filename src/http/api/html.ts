/** Pages as text in which what comes from outside is text, and never a tag. */

export interface Html {
  readonly html: string;
}

type Part = Html | string | number | undefined | readonly Html[];

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template whose values are escaped, but for what is Html already; `undefined` is nothing. */
export function html(texts: TemplateStringsArray, ...values: readonly Part[]): Html {
  const parts = texts.map((text, index) => `${text}${textOf(values[index])}`);
  return {html: parts.join('')};
}

function textOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part));
  return 'html' in part ? part.html : part.map((each) => each.html).join('');
}

const escape = (text: string): string =>
  text.toWellFormed().replaceAll(/[&<>"']/g, (each) => escapes[each] ?? each);
