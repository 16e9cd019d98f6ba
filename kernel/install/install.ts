import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileError, UserError } from '../../src/host/user-error.js'
import { makeFolder } from '../make-folder.js'
import { packageRoot } from '../package.js'
import { kernelsFolder, type Location } from './folders.js'
import { kernelName, kernelSpec } from './spec.js'

export interface Installed {
  name: string
  folder: string
  /** The program that the spec starts; false when it is not there any more. */
  main: string
  works: boolean
}

const wayOut = 'choose another place with --user or --prefix P'
const logos = ['logo-32x32.png', 'logo-64x64.png', 'logo-svg.svg']

/** Writes the kernelspec and returns its folder. Written beside and then renamed, so that no half of it is ever seen. */
export function installKernel({
  location,
  name = kernelName,
}: {
  location: Location
  name?: string
}): Installed {
  checkName(name)
  const parent = kernelsFolder(location)
  const folder = join(parent, name)
  let fresh: string | undefined
  try {
    makeFolder(parent)
    if (existsSync(folder) && !ours(folder))
      throw new UserError(
        `kernel install: ${folder} is another kernel's; choose a different --name, or remove it first`,
      )
    fresh = mkdtempSync(join(parent, '.downhill-'))
    writeFileSync(join(fresh, 'kernel.json'), `${JSON.stringify(kernelSpec(), null, 2)}\n`)
    for (const logo of logos) cpSync(join(packageRoot(), 'dist', 'kernel', logo), join(fresh, logo))
    rmSync(folder, { recursive: true, force: true })
    renameSync(fresh, folder)
  } catch (error) {
    if (fresh) rmSync(fresh, { recursive: true, force: true })
    throw fileError(parent, { what: 'written', error, wayOut })
  }
  return describe(parent, name)
}

/** Removes a kernelspec of ours and returns its folder. */
export function uninstallKernel({
  location,
  name = kernelName,
}: {
  location: Location
  name?: string
}): string {
  checkName(name)
  const parent = kernelsFolder(location)
  const folder = join(parent, name)
  if (!existsSync(join(folder, 'kernel.json')))
    throw new UserError(
      `kernel uninstall: there is no kernel "${name}" in ${parent}; see downhill kernel list`,
    )
  if (!ours(folder))
    throw new UserError(`kernel uninstall: ${folder} is not a kernel of Downhill; left alone`)
  try {
    rmSync(folder, { recursive: true })
  } catch (error) {
    throw fileError(parent, { what: 'written', error, wayOut })
  }
  return folder
}

/** Every kernelspec of ours in the given locations. */
export function installedKernels(locations: readonly Location[]): Installed[] {
  const found: Installed[] = []
  for (const parent of new Set(locations.map(kernelsFolder))) {
    if (!existsSync(parent)) continue
    for (const name of readdirSync(parent))
      if (ours(join(parent, name))) found.push(describe(parent, name))
  }
  return found
}

interface Spec {
  argv?: string[]
  metadata?: { downhill?: unknown }
}

function readSpec(folder: string): Spec | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'kernel.json'), 'utf8')) as Spec
  } catch {
    return undefined
  }
}

const ours = (folder: string): boolean => readSpec(folder)?.metadata?.downhill !== undefined

function describe(parent: string, name: string): Installed {
  const folder = join(parent, name)
  const [node = '', main = ''] = readSpec(folder)?.argv ?? []
  return { name, folder, main, works: existsSync(node) && existsSync(main) }
}

/** Jupyter's rule for names of kernels. */
function checkName(name: string): void {
  if (!/^[a-z0-9_.-]+$/i.test(name) || name.startsWith('.'))
    throw new UserError(
      `kernel: --name must be letters, digits, ".", "_" or "-", not beginning with ".", got "${name}"`,
    )
}
