import { describePlugin } from '../../../core/sdk/testing/index.ts'
import { promotions } from '../../../plugins/promotions/index.ts'
import { openPluginStage } from '../../support/plugin-stage.ts'

describePlugin(promotions, () => openPluginStage(promotions))
