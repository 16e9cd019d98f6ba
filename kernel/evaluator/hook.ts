/** The hidden global through which a cell's code calls us. */
export const hook = '__downhill'
