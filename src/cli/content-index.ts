/** `holdfast index status`: how far the index of content is. */
import {Command} from 'commander';
import {showIndex} from '../auth/administration/content-index.ts';
import {administer} from './administration.ts';
import {moment, print, properties} from './output.ts';
import {type Printing, verb} from './verb.ts';

const examples = `
Examples:
  holdfast index status
  holdfast index status --json
  holdfast reindex                      compare it with the storage now
`;

async function status(options: Printing, command: Command): Promise<void> {
  const found = await administer(command, showIndex, {});
  const {running} = found;
  print(found, options, () =>
    properties([
      [
        'state',
        found.state === 'complete' ? 'complete' : 'being made: lists come out of the storage',
      ],
      ['repositories', String(found.repositories)],
      ['changes under way', String(found.openChanges)],
      ['last comparison began', moment(found.startedAt)],
      ['and ended', moment(found.finishedAt)],
      [
        'comparing',
        running &&
          `${running.repositories}${running.expected === undefined ? '' : ` of about ${running.expected}`} repositories so far`,
      ],
      ['problem', found.problem],
    ]),
  );
}

export function indexCommand(): Command {
  const index = new Command('index').description('tell how far the index of content is');
  verb(index, 'status', 'tell how far it is').action(status);
  return index.addHelpText('after', examples);
}
