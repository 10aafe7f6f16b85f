/** Every table of the hub, in one place for drizzle. A feature folder is the only writer of its own tables. */
export * from './catalog.ts'
export * from './connections.ts'
export * from './decisions.ts'
export * from './listings.ts'
export * from './orders.ts'
export * from './stock.ts'
export * from './sync.ts'
