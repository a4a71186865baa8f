/*
 * A record's id is its path below the server's directory: each name encoded, joined by colons.
 */

/** The path of a record: `study/networks/cnn-small`. */
export const pathOf = (id: string): string => id.split(':').map(decodeURIComponent).join('/')

/** The last name of a record's path. */
export const nameOf = (id: string): string => decodeURIComponent(id.split(':').at(-1) ?? id)

/** The id of a record that lies within another. */
export const within = (id: string, path: string): string =>
  [id, ...path.split('/').map(encodeURIComponent)].join(':')
