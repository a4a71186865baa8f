/** Random erasing of the usual size: rectangles with sides of 3 to 9 pixels, with this probability. */
export const erasing = (probability: number) => ({ probability, low: 3, high: 9 })
