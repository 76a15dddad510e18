/** Passes over a document type declaration from behind `<!DOCTYPE`, without believing a word of it: its end; undefined when it goes on
 *  beyond what is held; below zero, the negative place of what cannot stand there. */
export function skipDoctype(held: string, from: number): number | undefined {
  const head = /[ \t\r\n]+[^ \t\r\n>['"]+[ \t\r\n]*(?:(?:PUBLIC[ \t\r\n]+(?:"[^"]*"|'[^']*')|SYSTEM)[ \t\r\n]+(?:"[^"]*"|'[^']*')[ \t\r\n]*)?/y;
  head.lastIndex = from;
  if (head.exec(held) === null || head.lastIndex === held.length) return held.slice(from).includes(">") ? -from : undefined;
  let at = head.lastIndex;
  if (held[at] === "[") {
    const end = skipSubset(held, at + 1);
    if (end === undefined) return undefined;
    const close = /[ \t\r\n]*/y;
    close.lastIndex = end;
    close.exec(held);
    at = close.lastIndex;
  }
  if (at === held.length) return undefined;
  return held[at] === ">" ? at + 1 : -at;
}

// Behind the bracket that ends the internal subset; one in quotes does not. One in a comment or an instruction does for .NET's reader,
// which then finds the rest broken, and so it does here.
function skipSubset(held: string, from: number): number | undefined {
  for (let at = from; at < held.length;) {
    const letter = held[at]!;
    const ending = held.startsWith("<!--", at) ? "-->" : held.startsWith("<?", at) ? "?>" : letter === '"' || letter === "'" ? letter : undefined;
    if (ending !== undefined) {
      const end = held.indexOf(ending, at + (ending === "-->" ? 4 : ending === "?>" ? 2 : 1));
      const bracket = ending.length > 1 ? held.indexOf("]", at) : -1;
      if (bracket >= 0 && (end < 0 || bracket < end)) return bracket + 1;
      if (end < 0) return undefined;
      at = end + ending.length;
    } else if (letter === "]") {
      return at + 1;
    } else {
      at++;
    }
  }
  return undefined;
}
