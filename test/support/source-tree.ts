/** The source files of this project, read for what the architecture tests ask about. */
import {glob, readFile} from 'node:fs/promises';
import {dirname, join, normalize} from 'node:path/posix';
import ts from 'typescript';
import {projectRoot} from './project-root.ts';

export type SourceFile = {
  /** From the root of the project: src/oci/digest.ts */
  readonly path: string;
  readonly lines: number;
  /** What it imports or exports from: paths from the root of the project, or names of packages. */
  readonly imports: readonly string[];
  /** Its string and template literals; of templates, the pieces between the values. */
  readonly strings: readonly string[];
  /** The names of the members that it asks objects for: of `a.b.c`, b and c. */
  readonly members: readonly string[];
};

/** Reads all TypeScript files, with JSX or without, below these folders, sorted by path. */
export async function readSources(...folders: readonly string[]): Promise<SourceFile[]> {
  const paths: string[] = [];
  const patterns = folders.map((folder) => `${folder}/**/*.{ts,tsx}`);
  for await (const path of glob(patterns, {cwd: projectRoot})) paths.push(path);
  return Promise.all(
    paths
      .sort()
      .map(async (path) => parseSource(path, await readFile(join(projectRoot, path), 'utf8'))),
  );
}

export function parseSource(path: string, text: string): SourceFile {
  const imports: string[] = [];
  const strings: string[] = [];
  const members: string[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = importedBy(node);
    if (specifier !== undefined) imports.push(resolve(path, specifier));
    else if (isText(node)) strings.push(node.text);
    else if (ts.isPropertyAccessExpression(node)) members.push(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return {path, lines: text.trimEnd().split('\n').length, imports, strings, members};
}

/** The module that a statement, a call of import() or an import type names. */
function importedBy(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    return literal(node.moduleSpecifier);
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return literal(node.argument.literal);
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return literal(node.arguments[0]);
  }
  return undefined;
}

function literal(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}

function isText(node: ts.Node): node is ts.LiteralLikeNode {
  return (
    ts.isStringLiteralLike(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddle(node) ||
    ts.isTemplateTail(node)
  );
}

function resolve(path: string, specifier: string): string {
  return specifier.startsWith('.') ? normalize(join(dirname(path), specifier)) : specifier;
}
