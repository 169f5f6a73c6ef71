/** What nginx answers itself: in JSON, as docker tries nothing again of which it can't read the answer. */

const bodyOf = (code: string, message: string): string =>
  JSON.stringify({errors: [{code, message}]});

interface Answer {
  readonly name: string;
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly isPassing?: true;
}

function answerLocation({name, status, code, message, isPassing}: Answer): readonly string[] {
  return [
    `location ${name} {`,
    '    default_type application/json;',
    '    add_header Docker-Distribution-Api-Version registry/2.0 always;',
    '    add_header X-Content-Type-Options nosniff always;',
    ...(isPassing ? ['    add_header Retry-After 5 always;'] : []),
    `    return ${status} '${bodyOf(code, message)}';`,
    '}',
    '',
  ];
}

/** Where no Holdfast answers, or none in time. */
export const errorSites: readonly string[] = [
  'error_page 500 502 503 = @holdfast_away;',
  'error_page 504 = @holdfast_late;',
  ...answerLocation({
    name: '@holdfast_away',
    status: 503,
    code: 'UNAVAILABLE',
    message: 'the registry does not answer at present; try again',
    isPassing: true,
  }),
  ...answerLocation({
    name: '@holdfast_late',
    status: 504,
    code: 'UNAVAILABLE',
    message: 'the registry has not answered in time; try again',
    isPassing: true,
  }).slice(0, -1),
];

/** Where nginx can't send a file that Holdfast has found. */
export const fileSites: readonly string[] = [
  ...answerLocation({
    name: '@holdfast_gone',
    status: 404,
    code: 'BLOB_UNKNOWN',
    message: 'blob unknown to registry',
  }),
  ...answerLocation({
    name: '@holdfast_shut',
    status: 500,
    code: 'UNKNOWN',
    message: 'nginx may not read the storage; its error log says which file',
  }),
];
