/** The API for people to read: made of the same data as its description for programs, without a script, without a request elsewhere. */
import type Router from '@koa/router';
import {z} from 'zod';
import type {Handler, State} from '../context.ts';
import {type Html, html} from './html.ts';
import {showPage} from './page.ts';
import {here} from '../sign-in/place.ts';
import {apiErrors} from './api-error.ts';
import type {Endpoint, Resource} from './endpoint.ts';
import {type FieldRow, fieldRows} from './field-rows.ts';
import {whoText} from './openapi.ts';
import {apiBase} from './routes.ts';

export function addDocsPage(router: Router<State>, resources: readonly Resource[]): void {
  router.get('api-docs', '/api/docs', docsPage(resources));
}

function docsPage(resources: readonly Resource[]): Handler {
  let content: Html | undefined;
  return (ctx) => {
    content ??= html`${resources.map(sectionOf)}${errorsSection()}`;
    const head = html`<h1>The API</h1>
      <section>
        <p>
          All paths stand below <b>${here(ctx, apiBase)}</b>. Bodies and answers are JSON. Log in by
          Basic with a name and an application token, by the header
          <b>Portus-Auth: NAME:TOKEN</b> or, in a browser, by signing in.
        </p>
        <p>
          For programs there is
          <a href="${here(ctx, `${apiBase}/openapi.json`)}">the same as OpenAPI 3.1</a>.
        </p>
        <ul>
          ${resources.map(
            ({name, description}) =>
              html`<li><a href="#${anchor(name)}">${name}</a><span>${description}</span></li>`,
          )}
        </ul>
      </section>`;
    showPage(ctx, {title: 'The API', content: html`${head}${content}`});
  };
}

const anchor = (name: string): string => name.replaceAll(' ', '-');

const sectionOf = ({name, description, endpoints}: Resource): Html =>
  html`<section id="${anchor(name)}">
      <h2>${name}</h2>
      <p class="quiet">${description}</p>
    </section>
    ${endpoints.map(endpointSection)}`;

function endpointSection(endpoint: Endpoint): Html {
  const {name, method, path, summary, description, rule, who, answers, wrapper} = endpoint;
  const {params, query, body} = endpoint;
  return html`<section id="${name}">
    <h3>${summary}</h3>
    <code>${method.toUpperCase()} ${apiBase}${path}</code>
    <p>${[description, whoText[who], rule].filter((each) => each !== undefined).join(' ')}</p>
    ${fieldsOf('In the path', params)}${fieldsOf('In the query', query)}
    ${fieldsOf('In the body', body)}
    ${
      wrapper === undefined
        ? undefined
        : html`<p class="quiet">
            The body may also stand in an object with the one key ${wrapper}.
          </p>`
    }
    <h4>Answers</h4>
    <ul>
      ${Object.entries(answers).map(
        ([status, {description: text, schema}]) =>
          html`<li><span>${status}</span><span>${text} ${shapeOf(schema)}</span></li>`,
      )}
    </ul>
    ${answerFields(answers)}
  </section>`;
}

const shapeOf = (schema: z.ZodType | undefined): string => {
  if (schema instanceof z.ZodArray) return 'A list.';
  return '';
};

function answerFields(answers: Endpoint['answers']): Html {
  const [first] = Object.values(answers);
  const schema = first?.schema;
  const item = schema instanceof z.ZodArray ? (schema.element as z.ZodType) : schema;
  return fieldsOf('Fields of the answer', item, 'output');
}

function fieldsOf(
  title: string,
  schema: z.ZodType | undefined,
  io: 'input' | 'output' = 'input',
): Html {
  const rows = schema ? fieldRows(schema, io) : [];
  if (rows.length === 0) return html``;
  return html`<details>
    <summary>${title}: ${rows.map(({name}) => name).join(', ')}</summary>
    <ul>
      ${rows.map(rowOf)}
    </ul>
  </details>`;
}

const rowOf = ({name, type, isRequired, description}: FieldRow): Html =>
  html`<li>
    <span><b>${name}</b></span
    ><span>${type}${isRequired ? ', needed' : ''}</span><span class="quiet">${description}</span>
  </li>`;

const errorsSection = (): Html =>
  html`<section id="errors">
    <h2>Errors</h2>
    <p>
      <code
        >{"errors": [{"code": "taken", "message": "...", "field": "username"}], "message":
        ...}</code
      >
    </p>
    <ul>
      ${Object.entries(apiErrors).map(
        ([code, status]) => html`<li><span>${code}</span><span>${status}</span></li>`,
      )}
    </ul>
  </section>`;
