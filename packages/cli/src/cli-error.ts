/** Something the person at the terminal can put right; its message says what. Exit code 1. */
export class CliError extends Error {}
