import { useMediaQuery } from '@mantine/hooks'

/** Whether the window is too narrow for a table: rows are drawn as cards then. */
export const useIsNarrow = (): boolean =>
  useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false }) ?? false
