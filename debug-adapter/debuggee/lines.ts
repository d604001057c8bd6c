/** Calls back with each whole line of a stream, which may cut them anywhere. */
export function lines(heard: (line: string) => void): (text: string) => void {
  // Pieces, not one text: a long line comes in hundreds, and would be copied with each.
  let begun: string[] = [];
  return (text) => {
    const parts = text.split('\n');
    const last = parts.pop()!;
    for (const part of parts) {
      const line = begun.join('') + part;
      begun = [];
      heard(line);
    }
    begun.push(last);
  };
}
