/** The keys of a table, as what they are. */
export const keysOf = <T extends object>(table: T) => Object.keys(table) as (keyof T & string)[]
