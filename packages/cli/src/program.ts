import { Command, InvalidArgumentError, Option } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { CliError } from './cli-error.ts';
import { demo } from './demo.ts';
import { exportBooks } from './export.ts';
import { importBooks } from './import.ts';
import { schema } from './schema.ts';
import { sealBooks } from './seal.ts';
import { serve } from './serve.ts';
import { rebuild, verify } from './verify.ts';

const EXIT_CODES = `
Exit codes:
  0  it has done what it was asked to; a server was ended by SIGTERM or SIGINT
  1  it could not, and says in one line why, and what to give it instead

Begin with:
  stockfold demo                       two requests, what they did, and the proof of the books
  stockfold serve --db stock.db        then open the address that it prints, in a browser
  stockfold help serve                 all that a server can be told`;

const program = new Command('stockfold')
  .description('An inventory ledger: stock changes only by movements, and a balance is their fold.')
  .version(manifest.version)
  .showHelpAfterError('(--help lists the options)')
  .addHelpText('after', ({ command }) => (command.parent === null ? EXIT_CODES : ''));

program
  .command('serve')
  .description('Serve the inventory API over HTTP, in the shape of the Zettle Inventory API.')
  .option('--port <number>', 'TCP port; 0 takes a free one', parsePort, 8080)
  .option('--host <address>', 'address to bind', '127.0.0.1')
  .option(
    '--db <place>',
    'SQLite file, made when absent; :memory: for none; or a database, postgres://user:password@host/name',
    'stockfold.db',
  )
  .option(
    '--tokens <file>',
    'JSON file of access tokens: [{ "token", "organizationUuid", "scopes" }]; without it one token is made and printed',
  )
  .addOption(
    new Option('--idempotency <by>', 'what makes a request idempotent besides its Idempotency-Key')
      .choices(['header', 'externalUuid'])
      .default('header'),
  )
  .option('--webhooks <file>', 'JSON file of webhook subscriptions, made when absent; one server delivers from it')
  .option(
    '--webhook-destination <origins...>',
    'where webhooks may be sent: https://hooks.shop.example, https://*.shop.example',
  )
  .option(
    '--public-url <address>',
    'where clients reach it, behind a proxy: https://stock.example; Link and Location begin with it',
  )
  .option('--log', 'print an event per request and webhook, as a line of JSON without user text')
  .action(serve);

program
  .command('demo')
  .description('Send the two requests of the mirrored page through the handler, and show what they did.')
  .action(demo);

program
  .command('schema')
  .description('Print the tables of a store as SQL, for those who make tables by hand.')
  .addOption(new Option('--dialect <name>', 'of which database').choices(['sqlite', 'postgres']).makeOptionMandatory())
  .option('--after <migration>', 'only what came after this migration; everything when absent')
  .addOption(
    new Option('--commit-with <way>', 'transaction: without functions, for engines without PL/pgSQL').choices([
      'function',
      'transaction',
    ]),
  )
  .action(schema);

const dbOption = () =>
  new Option('--db <place>', 'SQLite file, or postgres://user:password@host/name').default('stockfold.db');
const organizationOption = () =>
  new Option('--organization <uuid>', 'whose journal; the one of an application that has only one when absent');

program
  .command('verify')
  .description('Hold the invariants against all that is stored; exit code 2 when one is broken.')
  .addOption(dbOption())
  .addOption(organizationOption())
  .action(verify);

program
  .command('rebuild')
  .description('Write rows anew as the journal makes them; exit code 2 when something is left.')
  .addOption(dbOption())
  .addOption(organizationOption())
  .action(rebuild);

program
  .command('seal')
  .description(
    'Write down a digest of the journal, which verify holds against it, and print it: keep it elsewhere too.',
  )
  .addOption(dbOption())
  .addOption(organizationOption())
  .action(sealBooks);

program
  .command('export')
  .description('Print the journal as lines of JSON.')
  .addOption(dbOption())
  .addOption(organizationOption())
  .action(exportBooks);

program
  .command('import')
  .description('Record an exported journal once more, through the rules; exit code 2 when a line is refused.')
  .argument('[file]', 'what export has printed; the input when absent')
  .addOption(dbOption())
  .action(importBooks);

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('a port is a number from 0 to 65535.');
  return port;
}

try {
  await program.parseAsync();
} catch (error) {
  // What a person can put right is said in a line; anything else is a bug and keeps its stack.
  if (!(error instanceof CliError)) throw error;
  console.error(`stockfold: ${error.message}`);
  process.exitCode = 1;
}
