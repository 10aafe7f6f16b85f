/** Who looks at the page, and what they may do. */
export { useMay, useRole } from '../session/use-me.ts'
