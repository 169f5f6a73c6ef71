/** What is sent to each route, beside the proof of who sends it. */
import {config, contentOf, imageOf, mediaTypes} from '../../support/content.ts';
import {ofApi} from './api-requests.ts';
import type {Prepared} from './content.ts';
import {type Fill, type Filling, nothing, type Sender} from './filling.ts';

const form = (fields: Readonly<Record<string, string>>): Filling => ({
  headers: {'Content-Type': 'application/x-www-form-urlencoded'},
  body: new URLSearchParams(fields).toString(),
});

const general: Fill<Sender> = {
  'GET health': nothing,
  'GET active': nothing,
  'GET standby': nothing,
  'GET readiness': nothing,
  // As a browser, which gets the pages.
  'GET home': () => ({headers: {Accept: 'text/html'}}),
  'GET token': nothing,
  // Where there is no header the proof is a password; a refresh token is what it was got for.
  'POST token': ({way, login, refreshToken = 'none'}) => {
    if (way === 'Bearer') return form({grant_type: 'refresh_token', refresh_token: refreshToken});
    return form(login ? {grant_type: 'password', ...login} : {});
  },
  'GET jwks': nothing,
  'GET oidc-begin': () => ({parameters: {provider: 'none'}}),
  'GET oidc-callback': () => ({parameters: {provider: 'none'}}),
  'GET base': nothing,
  'GET catalog': nothing,
};

const chunk = contentOf('the bytes of a blob');

const upload = (location: string, more: Pick<Filling, 'query' | 'body'> = {}): Filling => {
  const {pathname, search} = new URL(location, 'http://localhost');
  return {
    parameters: {id: pathname.split('/').at(-1) ?? ''},
    headers: {'Content-Type': 'application/octet-stream'},
    ...more,
    query: `${search}${more.query ?? ''}`,
  };
};

const ofRepository: Fill<Prepared> = {
  'GET tags': nothing,
  'GET referrers': ({image}) => ({parameters: {digest: image.digest}}),
  'POST upload-start': nothing,
  'GET upload-status': ({uploads}) => upload(uploads.status),
  'PATCH upload-append': ({uploads}) => upload(uploads.append, {body: chunk.bytes.toString()}),
  'PUT upload-finish': ({uploads}) =>
    upload(uploads.finish, {query: `&digest=${chunk.digest}`, body: chunk.bytes.toString()}),
  'DELETE upload-cancel': ({uploads}) => upload(uploads.cancel),
  'GET blob': () => ({parameters: {digest: config.digest}}),
  'DELETE blob-delete': ({doomed}) => ({parameters: {digest: doomed.digest}}),
  'GET manifest': () => ({parameters: {reference: 'kept'}}),
  'PUT manifest-put': () => ({
    parameters: {reference: 'new'},
    headers: {'Content-Type': mediaTypes.image},
    body: imageOf([]).bytes.toString(),
  }),
  'DELETE manifest-delete': () => ({parameters: {reference: 'doomed'}}),
};

/** Throws for a row that nobody has written a request for. */
export function fillingOf(row: string, sender: Sender, repository: Prepared | undefined): Filling {
  const filling = repository
    ? ofRepository[row]?.(repository)
    : (general[row] ?? ofApi[row])?.(sender);
  if (!filling) throw new Error(`there is no request for ${row}`);
  return filling;
}
