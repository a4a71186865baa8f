/**
 * The library that decodes pictures, loaded when it is first needed. What it would keep of those that were decoded is their
 * open decoders, each with all its memory: it keeps none.
 */
export async function decoder() {
  const sharp = (await import('sharp')).default
  sharp.cache(false)
  return sharp
}
