export const toDate = (text: string | null): Date | null => (text === null ? null : new Date(text))
export const toNumber = (text: string | null): number | null => (text === null ? null : Number(text))
