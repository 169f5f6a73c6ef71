/** Markdown that somebody wrote: no HTML of it, no pictures from elsewhere, and links that say so to nobody. */
import {Anchor, Skeleton, Stack, Text, Typography} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import ReactMarkdown from 'react-markdown';
import {t} from '../texts/texts.ts';
import type {MarkdownTree} from './markdown-worker.ts';
import {parseMarkdown} from './parse-markdown.ts';

export function Markdown({text}: {readonly text: string}) {
  const {data} = useQuery({
    queryKey: ['markdown', text],
    queryFn: async () => parseMarkdown(text),
    staleTime: Number.POSITIVE_INFINITY,
    // To compare trees takes longer than to show one.
    structuralSharing: false,
  });
  if (data === undefined) {
    return <Skeleton h={24} role="status" aria-label={t('shell.loading')} />;
  }
  return data === null ? <AsWritten text={text} /> : <Shown tree={data} />;
}

function Shown({tree}: {readonly tree: MarkdownTree}) {
  return (
    <Typography className="wraps">
      <ReactMarkdown
        // It was read elsewhere.
        rehypePlugins={[() => () => tree]}
        disallowedElements={['img']}
        components={{
          // Headings of the page come first: whoever jumps from one to the next isn't led astray.
          h1: ({children}) => <h3>{children}</h3>,
          h2: ({children}) => <h4>{children}</h4>,
          h3: ({children}) => <h5>{children}</h5>,
          a: ({href, children}) => (
            <Anchor href={href} target="_blank" rel="noopener noreferrer nofollow">
              {children}
            </Anchor>
          ),
        }}
      />
    </Typography>
  );
}

function AsWritten({text}: {readonly text: string}) {
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {t('markdown.asWritten')}
      </Text>
      <Text size="sm" className="wraps as-written">
        {text}
      </Text>
    </Stack>
  );
}
