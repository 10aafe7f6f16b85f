import { shopNotes } from './index.ts'

export default { connectors: [], plugins: [shopNotes] }
