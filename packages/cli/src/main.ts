#!/usr/bin/env node
// Looked at before anything is loaded: an older Node has no `node:sqlite` and would say so with a stack.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`stockfold: Node 22.18 or newer is needed; this is ${process.versions.node}.`);
  process.exit(1);
}
await import('./program.ts');

export {};
