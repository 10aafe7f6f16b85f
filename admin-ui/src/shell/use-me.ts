/** Who looks at the page, and what they may do. */
export { useMay, useMe, useRole } from '../session/use-me.ts'
