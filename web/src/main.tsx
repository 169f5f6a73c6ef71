/** Puts the pages into the document. */
import {StrictMode} from 'react';
import {createRoot} from 'react-dom/client';
import {Application} from './application.tsx';

const place = document.getElementById('root');
if (place === null) throw new Error('the document has no place for the pages');
createRoot(place).render(
  <StrictMode>
    <Application />
  </StrictMode>,
);
