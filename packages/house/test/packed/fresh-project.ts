import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../../packed.ts';

/** A project of somebody's, which has installed tarballs and nothing else. */
export type FreshProject = Readonly<{
  path: string;
  /** Writes a file of the project, and gives its path. */
  write: (file: string, text: string) => string;
  /** Runs a program of this repository, or of the project, in it. */
  run: (program: string, args: readonly string[]) => Ran;
  /** What npm finds installed, as it prints it in JSON. */
  npmLs: (...args: string[]) => { dependencies: Tree };
}>;

export type Ran = Readonly<{ status: number | null; stdout: string; stderr: string }>;
export type Tree = Readonly<Record<string, Readonly<{ version: string; dependencies?: Tree }>>>;

/** Makes a project and installs tarballs with npm, from its cache where it has them. */
export function freshProject(path: string, tarballs: readonly string[]): FreshProject {
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), text);
    return join(path, file);
  };
  write('package.json', JSON.stringify({ name: 'fresh', version: '1.0.0', private: true, type: 'module' }));
  npm(path, ['install', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs]);
  return {
    path,
    write,
    run: (program, args) => spawnSync(program, args, { cwd: path, encoding: 'utf8', env: environment() }),
    npmLs: (...args) => JSON.parse(npm(path, ['ls', '--json', ...args])),
  };
}

/** Packages for the tests of a project that are not what is tested, from this repository: types of Node, a double. */
export function lend(project: FreshProject, names: readonly string[], from: string = ROOT): void {
  for (const name of names) {
    mkdirSync(dirname(join(project.path, 'node_modules', name)), { recursive: true });
    symlinkSync(join(from, 'node_modules', name), join(project.path, 'node_modules', name));
  }
}

const npm = (cwd: string, args: readonly string[]): string =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', env: environment(), stdio: ['ignore', 'pipe', 'inherit'] });

/** Without the settings that pnpm gives to its scripts. */
const environment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|pnpm_|INIT_CWD)/i.test(name)));
