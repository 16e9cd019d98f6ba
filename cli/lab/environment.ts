import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Environment variables for a Jupyter that keeps everything in `home`: this user's settings, extensions and kernels stay
 * out of it, and it stays out of them. Makes the folder.
 */
export function jupyterEnvironment(home: string): NodeJS.ProcessEnv {
  const settings = join(home, 'settings')
  const news = join(settings, '@jupyterlab', 'apputils-extension')
  mkdirSync(news, { recursive: true })
  const quiet = join(news, 'notification.jupyterlab-settings')
  if (!existsSync(quiet))
    writeFileSync(quiet, '{ "fetchNews": "false", "checkForUpdates": false }\n')
  const kept = Object.entries(process.env).filter(([name]) => !/^(JUPYTER|PYTHON)/.test(name))
  return {
    ...Object.fromEntries(kept),
    JUPYTER_CONFIG_DIR: join(home, 'config'),
    JUPYTER_DATA_DIR: join(home, 'data'),
    JUPYTER_RUNTIME_DIR: join(home, 'runtime'),
    JUPYTERLAB_SETTINGS_DIR: settings,
    JUPYTERLAB_WORKSPACES_DIR: join(home, 'workspaces'),
    IPYTHONDIR: join(home, 'ipython'),
  }
}
