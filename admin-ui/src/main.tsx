import '@fontsource-variable/noto-sans-sc/index.css'
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './shell/shell.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { startTexts } from './i18n/index.ts'
import { App } from './shell/app.tsx'
import { styleNonce } from './shell/theme.ts'

// What holds the page still behind a dialog (react-remove-scroll) asks for the nonce of its styles by this name.
Object.assign(globalThis, { __webpack_nonce__: styleNonce() })
await startTexts()
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
