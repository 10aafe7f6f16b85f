/** Who does something and when: passed to every service that changes data, written with the change. */
export type Act = { actor: string; now: Date }
