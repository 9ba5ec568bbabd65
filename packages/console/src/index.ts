export { type ConsoleHandler, createConsole } from './create-console.ts';
