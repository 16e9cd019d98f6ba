import { type Command, Option } from 'commander'
import type { Location } from '../kernel/install/folders.js'
import { installedKernels, installKernel, uninstallKernel } from '../kernel/install/install.js'
import { kernelName } from '../kernel/install/spec.js'
import { UserError } from './fail.js'

interface Flags {
  user?: boolean
  sysPrefix?: boolean
  prefix?: string
  name?: string
  json?: boolean
}

/** `downhill kernel install | uninstall | list`: makes the kernel known to Jupyter. */
export function kernelCommand(program: Command): void {
  const kernel = program
    .command('kernel')
    .description('make the TypeScript kernel known to Jupyter')
  place(kernel.command('install').description('write the kernelspec')).action((flags: Flags) => {
    const done = installKernel(target(flags))
    print(flags, done, `installed kernel "${done.name}" in ${done.folder}`)
  })
  place(kernel.command('uninstall').description('remove the kernelspec')).action((flags: Flags) => {
    const folder = uninstallKernel(target(flags))
    print(flags, { folder }, `removed ${folder}`)
  })
  kernel
    .command('list')
    .description('show where the kernel is installed')
    .option('--prefix <p>', 'look in this prefix too')
    .option('--json', 'print JSON')
    .action(list)
}

function place(command: Command): Command {
  return command
    .addOption(new Option('--user', 'for this user (default)').conflicts(['sysPrefix', 'prefix']))
    .addOption(
      new Option('--sys-prefix', 'for the active Python environment').conflicts(['user', 'prefix']),
    )
    .addOption(
      new Option('--prefix <p>', 'into P/share/jupyter/kernels').conflicts(['user', 'sysPrefix']),
    )
    .option('--name <n>', 'name of the kernel', kernelName)
    .option('--json', 'print JSON')
}

function target({ sysPrefix, prefix, name }: Flags): { location: Location; name?: string } {
  const location: Location = prefix !== undefined ? { prefix } : sysPrefix ? 'sys-prefix' : 'user'
  return { location, name }
}

function list(flags: Flags): void {
  const locations: Location[] = ['user']
  if (flags.prefix !== undefined) locations.push({ prefix: flags.prefix })
  let found = installedKernels(locations)
  try {
    found = installedKernels([...locations, 'sys-prefix'])
  } catch (error) {
    // No Python, so no environment of it.
    if (!(error instanceof UserError)) throw error
  }
  const lines = found.map(
    ({ name, folder, works, main }) =>
      `${name}  ${folder}${works ? '' : `  (broken: ${main} is gone; install again)`}`,
  )
  print(flags, found, lines.join('\n') || 'not installed; run: downhill kernel install --user')
}

function print(flags: Flags, value: unknown, text: string): void {
  process.stdout.write(`${flags.json ? JSON.stringify(value, null, 2) : text}\n`)
}
