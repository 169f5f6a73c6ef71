import {createTheme} from '@mantine/core';
import {t} from './texts/texts.ts';

/** The head of a dialog is none of the page. */
const dialog = {
  closeButtonProps: {'aria-label': t('confirm.close')},
  attributes: {header: {role: 'presentation'}},
};

export const theme = createTheme({
  primaryColor: 'blue',
  // White on the next lighter one has too little contrast.
  primaryShade: 8,
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace:
    'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  components: {
    // Dimmed text on a light page has too little contrast in smaller sizes.
    Anchor: {defaultProps: {underline: 'hover'}},
    Modal: {defaultProps: dialog},
    Drawer: {defaultProps: dialog},
    // Names stand in them, too.
    Badge: {defaultProps: {tt: 'none'}},
    Table: {defaultProps: {verticalSpacing: 'sm', highlightOnHover: true}},
  },
});
