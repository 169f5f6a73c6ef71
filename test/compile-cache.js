/** Threads of Node do not look at NODE_COMPILE_CACHE: without this each of them would strip the types of all its modules anew. */
import {enableCompileCache} from 'node:module';

enableCompileCache();
