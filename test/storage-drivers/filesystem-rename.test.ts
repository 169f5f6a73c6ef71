import {storageDriverContract} from '../contract/storage-driver.ts';
import {openTemporary} from './temporary-root.ts';

storageDriverContract((t) => openTemporary(t, {exclusiveCreate: 'rename'}));
