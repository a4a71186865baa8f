/** Where the pages lie. */
export const folder: string
/** The pages, by the name of their file. */
export function apiPages(): ReadonlyMap<string, string>
