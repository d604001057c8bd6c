/** When the program began that is imported after this. */
export const start = performance.now();
