import type { PluginContext } from 'entrepot/sdk'
import type { Settings } from './settings.ts'

export type Context = PluginContext<Settings>
