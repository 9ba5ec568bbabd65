/**
 * How often a test that kills, cuts or crashes does so: briefly with all other tests, long under `pnpm test:crash`.
 */
export function rounds({ short, long }: Readonly<{ short: number; long: number }>): number {
  return process.env.STOCKFOLD_ROUNDS === 'long' ? long : short;
}
