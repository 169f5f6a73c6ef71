/** A page of ours that an address names, as `?to=`; whatever leads elsewhere is the first page. */
const isLocal = /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/;

export function localPath(text: string | null): string {
  if (text === null || !isLocal.test(text)) return '/';
  const here = 'http://here.invalid';
  const {origin, pathname, search, hash} = new URL(text, here);
  const isElsewhere = origin !== here || pathname.startsWith('//');
  return isElsewhere || pathname === '/sign-in' ? '/' : `${pathname}${search}${hash}`;
}
