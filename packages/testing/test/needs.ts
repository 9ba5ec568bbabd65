/**
 * Options for a test or a suite that needs something of the machine. Where that is lacking it is skipped, and the run says so
 * at its end.
 *
 * @param lack - What is lacking, in words; false or undefined when nothing is.
 * @example `describe('through PgBouncer', needs(version === null && 'PgBouncer is not installed'), () => { … })`
 */
export function needs(lack: string | false | undefined): Readonly<{ skip?: true; meta?: { lack: string } }> {
  return lack === false || lack === undefined ? {} : { skip: true, meta: { lack } };
}
