/** Where the admin UI takes a one-time link. The token stands behind the #, which no server and no log gets to see. */
export const linkPath = (token: string): string => `/join#${token}`
