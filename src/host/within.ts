/** What a promise settles to, or, if that takes longer than `milliseconds`, what `late` returns (or throws) instead. */
export async function within<T, Late>(
  milliseconds: number,
  promise: T | PromiseLike<T>,
  late: () => Late,
): Promise<T | Late> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  try {
    return await Promise.race([promise, over.then(late)])
  } finally {
    clearTimeout(timer)
  }
}
