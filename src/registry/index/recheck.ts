/** What a comparison found different is looked at once more, in turn with the other nodes: they may have changed it meanwhile. */
import type {RepositoryFacts} from '../../metadata/content/facts.ts';
import {inIndexTurn} from '../../metadata/content/index-turn.ts';
import {writeIndex} from '../../metadata/content/write-index.ts';
import type {Database} from '../../metadata/database.ts';
import {compare, type ReportUnreadable} from './compare.ts';
import type {StoreSurvey} from './survey.ts';

interface RecheckOptions {
  readonly db: Database['db'];
  readonly survey: StoreSurvey;
  readonly report: ReportUnreadable;
}

export async function recheck(
  {db, survey, report}: RecheckOptions,
  facts: readonly RepositoryFacts[],
): Promise<void> {
  for (const {repository, exists, isWhole, tags, revisions} of facts) {
    await inIndexTurn(db, async (turn) => {
      const found: RepositoryFacts[] = [];
      const options = {db: turn, survey, report};
      if (isWhole || !exists) {
        for await (const sight of survey.whole(repository))
          found.push(...(await compare(options, [sight])));
      } else {
        const keys = {tags: tags.map(({key}) => key), digests: revisions.map(({key}) => key)};
        found.push(...(await compare(options, [await survey.part(repository, keys)])));
      }
      await writeIndex(turn, {repositories: found});
    });
  }
}
