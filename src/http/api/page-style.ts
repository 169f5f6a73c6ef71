/** How the pages look: by day and by night, on a telephone too. */
import {hash} from 'node:crypto';

export const style = `
:root { color-scheme: light dark; --text: #1b1f24; --quiet: #57606a; --page: #f4f6f8; --card: #ffffff; --line: #c9d1d9; --strong: #0b5cad; --on-strong: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --quiet: #9da7b3; --page: #0d1117; --card: #161b22; --line: #3d444d; --strong: #6cb6ff; --on-strong: #0d1117; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 42rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
.brand { font-weight: 700; letter-spacing: .02em; color: var(--quiet); margin: 0 0 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 0 0 .75rem; }
h3 { font-size: 1rem; margin: 0 0 .5rem; }
h4 { font-size: .9rem; margin: 0 0 .25rem; color: var(--quiet); }
details { margin: 0 0 .75rem; }
summary { cursor: pointer; overflow-wrap: anywhere; }
details ul { padding: .5rem 0 0 1rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1.25rem; margin: 0 0 1rem; }
p { margin: 0 0 .75rem; overflow-wrap: anywhere; }
section > :last-child, form > :last-child { margin-bottom: 0; }
.quiet { color: var(--quiet); }
:focus-visible { outline: 3px solid var(--strong); outline-offset: 2px; }
a { color: var(--strong); }
code { display: block; padding: .6rem .7rem; margin: 0 0 .75rem; background: var(--page); border: 1px solid var(--line); border-radius: .4rem; font: .95rem/1.4 ui-monospace, monospace; overflow-wrap: anywhere; user-select: all; }
ul { list-style: none; padding: 0; margin: 0; }
li { display: flex; flex-wrap: wrap; gap: .5rem 1rem; justify-content: space-between; align-items: center; padding: .6rem 0; border-top: 1px solid var(--line); }
li:first-child { border-top: 0; padding-top: 0; }
ul:last-child > li:last-child { padding-bottom: 0; }
li span { overflow-wrap: anywhere; }
`;

/** As the policy of the page allows it. */
export const styleSource = `'sha256-${hash('sha256', style, 'base64')}'`;
