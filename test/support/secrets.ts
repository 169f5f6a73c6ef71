/** Passwords and tokens stand in nothing that Holdfast writes: those that a test knows, in whatever form, and whatever looks like one. */
import {inspect} from 'node:util';

/** Each with the forms in which it could be written. */
const known = new Map<string, readonly string[]>();
/** In characters: shorter ones are words of any log. */
const shortest = 8;

/** From now on nothing that is written may have it in it. */
export function secret(text: string): string {
  if (text.length >= shortest && !known.has(text)) known.set(text, formsOf(text));
  return text;
}

const kinds: Readonly<Record<string, RegExp>> = {
  'a JSON Web Token': /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+/,
  'a token of the registry': /hf[ars]_[0-9A-Za-z]{17}_[0-9A-Za-z]{4,}/,
  'Basic credentials': /\bBasic +[A-Za-z0-9+/]{8,}={0,2}/i,
  'a Bearer token': /\bBearer +[\w.~+/-]{16,}/i,
  'an argon2 hash': /\$argon2(?:id|i|d)\$/,
  'a bcrypt hash': /\$2[abxy]?\$\d\d\$[./0-9A-Za-z]{22,}/,
  'a private key': /-----BEGIN [A-Z ]*PRIVATE KEY-----|"d":\s*"[\w-]{20,}"/,
  'the code that makes the first admin': /\b[A-HJ-NP-Z2-9]{5}(?:-[A-HJ-NP-Z2-9]{5}){3}\b/,
};

/** What the start says to the person at the terminal, on purpose. */
const meant = /\/start#[A-Z2-9-]{23}$/gm;

/** What stands in an output and must not: in words, without the secret itself. */
export function findSecrets(output: string): readonly string[] {
  const text = output.replaceAll(meant, '');
  const found = Object.entries(kinds).flatMap(([kind, form]) => {
    const match = form.exec(text);
    return match ? [`${kind} behind ${before(text, match.index)}`] : [];
  });
  for (const forms of known.values()) {
    const [place] = forms.map((form) => text.indexOf(form)).filter((index) => index >= 0);
    if (place !== undefined) found.push(`a secret of the test behind ${before(text, place)}`);
  }
  return found;
}

/** Throws where a secret stands in the output. */
export function requireNoSecrets(output: string): void {
  const found = findSecrets(output);
  if (found.length > 0) throw new Error(`Holdfast has written secrets: ${found.join('; ')}`);
}

const before = (text: string, index: number): string =>
  JSON.stringify(text.slice(Math.max(0, index - 100), index));

/** As it is, in JSON, in JSON within JSON, as Node shows it, in URLs and forms, in base64, and read as latin1. */
function formsOf(text: string): readonly string[] {
  const json = inJson(text);
  const percent = encodeURIComponent(text);
  const form = new URLSearchParams({text}).toString().slice('text='.length);
  const shown = inspect(text).slice(1, -1);
  const latin1 = Buffer.from(text).toString('latin1');
  const texts = [text, json, inJson(json), shown, percent, form, latin1, inJson(latin1)];
  return [...new Set([...texts, lowerHex(percent), lowerHex(form), ...inBase64(text)])];
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
const lowerHex = (text: string): string =>
  text.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());

/** Wherever it begins in what was encoded, as behind the name and the colon of Basic: without the characters that others have a part in. */
function inBase64(text: string): readonly string[] {
  return [0, 1, 2].flatMap((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]);
    const whole = Math.floor((bytes.length * 8) / 6);
    const characters = bytes.toString('base64').slice(Math.ceil((shift * 8) / 6), whole);
    if (characters.length < shortest) return [];
    return [characters, characters.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
