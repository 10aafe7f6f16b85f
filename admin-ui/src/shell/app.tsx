import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { Suspense } from 'react'
import { ApiError } from '../api.ts'
import { noticeExpiry } from '../session/expiry.ts'
import { SessionGate } from '../session/session-gate.tsx'
import { router } from './router.tsx'
import { readableColours, styleNonce, theme } from './theme.ts'

/** A refusal stays a refusal however often it is asked again; only a hub that is away is asked twice more. */
const isWorthRetrying = (failures: number, error: Error): boolean =>
  failures < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 502)

const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeExpiry }),
  mutationCache: new MutationCache({ onError: noticeExpiry }),
  defaultOptions: {
    queries: { retry: isWorthRetrying, staleTime: 5_000, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
})

// Where the library behind modals, which makes a style of its own, looks for the nonce.
Object.assign(globalThis, { __webpack_nonce__: styleNonce() })

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={readableColours}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" limit={4} />
        <Suspense fallback={null}>
          <SessionGate>
            <RouterProvider router={router} />
          </SessionGate>
        </Suspense>
      </QueryClientProvider>
    </MantineProvider>
  )
}
